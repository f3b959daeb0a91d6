//! Upazila offices.

use actix_web::{HttpRequest, web};

use super::answer::Answer;
use super::extract::{IdPath, NoQuery, Path, Query};
use super::page::{EntryQuery, List, UpazilaOfficePage};
use super::problem::Problem;
use super::schemas::UpazilaOffice;
use crate::app::App;

/// List upazila offices
///
/// The offices under district offices, with their portals, in the order of their first publication.
#[utoipa::path(get, path = "/v1/upazila-offices", operation_id = "list_upazila_offices",
    responses((status = 200, description = "A page of upazila offices.", body = UpazilaOfficePage)))]
pub(super) async fn list_upazila_offices(
    app: web::Data<App>,
    request: HttpRequest,
    Query(query): Query<EntryQuery>,
) -> Result<Answer, Problem> {
    let filters = (&query.office, &query.q);
    let list = List::new(&request, &filters, query.limit, query.cursor.as_ref())?;
    let page = app
        .list_upazila_offices(query.office.as_ref(), query.q.as_deref(), list.page)
        .await?;
    list.answer::<_, UpazilaOfficePage>(&request, page)
}

/// Get an upazila office
///
/// One upazila office by its id, which never changes.
#[utoipa::path(get, path = "/v1/upazila-offices/{id}", operation_id = "get_upazila_office",
    responses((status = 200, description = "The upazila office.", body = UpazilaOffice)))]
pub(super) async fn get_upazila_office(
    app: web::Data<App>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Answer, Problem> {
    Answer::json(&app.get_upazila_office(path.id).await?)
}
