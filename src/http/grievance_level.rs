//! Grievance levels.

use actix_web::{HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::Deserialize;

use super::answer::About;
use super::extract::Query;
use super::page::{Cursor, GrievanceLevelPage, Limit, List};
use super::problem::Problem;
use super::whole::{self, Keeps};
use crate::app::App;
use crate::domain::contact::OfficeCode;

/// Whose grievance levels are listed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GrievanceLevelQuery {
    /// Only the levels of this office.
    office: Option<OfficeCode>,
    /// How many entries at most.
    limit: Option<Limit>,
    /// Where the list goes on: `next_cursor` of the page before, with the same filters.
    cursor: Option<Cursor>,
}

/// List grievance levels
///
/// Whom to turn to when a promise is not kept, when, and within how many working days they decide.
/// With `Accept: text/csv` or `application/x-ndjson` the list comes whole, streamed, unless a `limit` is given.
#[utoipa::path(get, path = "/v1/grievance-levels", operation_id = "list_grievance_levels",
    responses((status = 200, description = "A page of grievance levels.", body = GrievanceLevelPage)),
    extensions(("x-media-types" = json!(["text/csv", "application/x-ndjson"]))))]
pub(super) async fn list_grievance_levels(
    app: web::Data<App>,
    request: HttpRequest,
    Query(query): Query<GrievanceLevelQuery>,
) -> Result<HttpResponse, Problem> {
    let list = List::new(&request, &query.office, query.limit, query.cursor.as_ref())?;
    let keeps = Keeps::Anybody(About::of(query.office.as_ref()));
    whole::serve::<_, GrievanceLevelPage, _, _>(&request, list, ("GrievanceLevel", keeps), move |page| {
        let (app, office) = (app.clone(), query.office.clone());
        async move { app.list_grievance_levels(office, page).await }
    })
    .await
}
