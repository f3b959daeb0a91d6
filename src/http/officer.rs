//! Officers.

use actix_web::{HttpRequest, web};

use super::answer::Answer;
use super::extract::{IdPath, NoQuery, Path, Query};
use super::page::{EntryQuery, List, OfficerPage};
use super::problem::Problem;
use super::schemas::Officer;
use crate::app::App;

/// List officers
///
/// The officers who answer for services or stand behind them, in the order of their first publication.
#[utoipa::path(get, path = "/v1/officers", operation_id = "list_officers",
    responses((status = 200, description = "A page of officers.", body = OfficerPage)))]
pub(super) async fn list_officers(
    app: web::Data<App>,
    request: HttpRequest,
    Query(query): Query<EntryQuery>,
) -> Result<Answer, Problem> {
    let filters = (&query.office, &query.q);
    let list = List::new(&request, &filters, query.limit, query.cursor.as_ref())?;
    let page = app
        .list_officers(query.office.as_ref(), query.q.as_deref(), list.page)
        .await?;
    list.answer::<_, OfficerPage>(&request, page)
}

/// Get an officer
///
/// One officer by its id, which never changes.
#[utoipa::path(get, path = "/v1/officers/{id}", operation_id = "get_officer",
    responses((status = 200, description = "The officer.", body = Officer)))]
pub(super) async fn get_officer(
    app: web::Data<App>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Answer, Problem> {
    Answer::json(&app.get_officer(path.id).await?)
}
