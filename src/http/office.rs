//! Offices.

use actix_web::{HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::Deserialize;

use super::answer::{About, Answer};
use super::extract::{NoQuery, OfficePath, Path, Query};
use super::page::{Cursor, Limit, List, OfficePage};
use super::problem::Problem;
use super::schemas::Office;
use super::whole::{self, Keeps};
use crate::app::App;
use crate::domain::contact::OfficeCode;

/// Which offices are listed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OfficeQuery {
    /// Only offices directly under this one.
    parent: Option<OfficeCode>,
    /// Only offices whose code or name holds these words, in Bangla or English, whatever their spelling.
    #[schemars(length(min = 1, max = 200), regex(pattern = r"\S"), extend("examples" = ["খুলনা"]))]
    q: Option<String>,
    /// How many entries at most.
    limit: Option<Limit>,
    /// Where the list goes on: `next_cursor` of the page before, with the same filters.
    cursor: Option<Cursor>,
}

/// List offices
///
/// The offices that publish a charter, in the order of their first publication.
/// With `Accept: text/csv` or `application/x-ndjson` the list comes whole, streamed, unless a `limit` is given.
#[utoipa::path(get, path = "/v1/offices", operation_id = "list_offices",
    responses((status = 200, description = "A page of offices.", body = OfficePage)),
    extensions(("x-media-types" = json!(["text/csv", "application/x-ndjson"]))))]
pub(super) async fn list_offices(
    app: web::Data<App>,
    request: HttpRequest,
    Query(query): Query<OfficeQuery>,
) -> Result<HttpResponse, Problem> {
    let filters = (query.parent, query.q);
    let list = List::new(&request, &filters, query.limit, query.cursor.as_ref())?;
    whole::serve::<_, OfficePage, _, _>(
        &request,
        list,
        ("Office", Keeps::Anybody(About::Anything)),
        move |page| {
            let (app, (office, words)) = (app.clone(), filters.clone());
            async move { app.list_offices(office.as_ref(), words.as_deref(), page).await }
        },
    )
    .await
}

/// Get an office
///
/// One office that publishes a charter, by its code.
#[utoipa::path(get, path = "/v1/offices/{office}", operation_id = "get_office",
    responses((status = 200, description = "The office.", body = Office)))]
pub(super) async fn get_office(
    app: web::Data<App>,
    Path(path): Path<OfficePath>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Answer, Problem> {
    let office = app.get_office(path.office).await?;
    Ok(Answer::json(&office)?.about_office(&office.office.code))
}
