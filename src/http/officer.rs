//! Officers.

use actix_web::{HttpRequest, HttpResponse, web};

use super::answer::{About, Answer};
use super::authenticate::{May, to};
use super::body::{Body, Condition, RequestKey};
use super::extract::{IdPath, NoQuery, Path, Query};
use super::page::{EntryQuery, List, OfficerPage};
use super::problem::Problem;
use super::schemas::Officer;
use super::whole::{self, Keeps};
use super::written::{Written, nothing};
use crate::app::App;
use crate::domain::officer::OfficerInput;

/// List officers
///
/// The officers who answer for services or stand behind them, in the order of their first publication.
/// With `Accept: text/csv` or `application/x-ndjson` the list comes whole, streamed, unless a `limit` is given.
#[utoipa::path(get, path = "/v1/officers", operation_id = "list_officers",
    responses((status = 200, description = "A page of officers.", body = OfficerPage)),
    extensions(("x-media-types" = json!(["text/csv", "application/x-ndjson"]))))]
pub(super) async fn list_officers(
    app: web::Data<App>,
    request: HttpRequest,
    Query(query): Query<EntryQuery>,
) -> Result<HttpResponse, Problem> {
    let filters = (query.office, query.q);
    let list = List::new(&request, &filters, query.limit, query.cursor.as_ref())?;
    let keeps = Keeps::Anybody(About::of(filters.0.as_ref()));
    whole::serve::<_, OfficerPage, _, _>(&request, list, ("Officer", keeps), move |page| {
        let (app, (office, words)) = (app.clone(), filters.clone());
        async move { app.list_officers(office.as_ref(), words.as_deref(), page).await }
    })
    .await
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
    let officer = app.get_officer(path.id).await?;
    Ok(Answer::served(officer.served).about_office(&officer.office))
}

/// Create an officer
///
/// Adds an officer to the charter of its office.
#[utoipa::path(post, path = "/v1/officers", operation_id = "create_officer",
    responses((status = 201, description = "The officer.", body = Officer)))]
pub(super) async fn create_officer(
    app: web::Data<App>,
    May { permit, .. }: May<to::EditCharter>,
    Query(NoQuery {}): Query<NoQuery>,
    key: RequestKey,
    body: Body<OfficerInput>,
) -> Result<Written, Problem> {
    let key = key.of(&body);
    let created = app.create_entry::<Officer>(permit, body.value, key).await?;
    Written::created(&created, "/v1/officers")
}

/// Replace an officer
///
/// Puts what is sent in the place of the officer, in the state that `If-Match` names. What was read can be sent back with
/// changes: its id and office have to stay, and its version is counted by the service.
#[utoipa::path(put, path = "/v1/officers/{id}", operation_id = "replace_officer",
    responses((status = 200, description = "The officer as it is from now on.", body = Officer)))]
pub(super) async fn replace_officer(
    app: web::Data<App>,
    May { permit, .. }: May<to::EditCharter>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
    Condition(condition): Condition,
    body: Body<OfficerInput>,
) -> Result<Written, Problem> {
    let changed = app
        .change_entry::<Officer>(permit, path.id, condition, body.value)
        .await?;
    Written::changed(&changed)
}

/// Delete an officer
///
/// Takes the officer out of the charter, in the state that `If-Match` names. Its versions stay.
#[utoipa::path(delete, path = "/v1/officers/{id}", operation_id = "delete_officer",
    responses((status = 204, description = "The officer is out of the charter.")))]
pub(super) async fn delete_officer(
    app: web::Data<App>,
    May { permit, .. }: May<to::EditCharter>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
    Condition(condition): Condition,
) -> Result<HttpResponse, Problem> {
    app.retire_entry::<Officer>(permit, path.id, condition).await?;
    Ok(nothing())
}
