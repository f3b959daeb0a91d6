//! Upazila offices.

use actix_web::{HttpRequest, HttpResponse, web};

use super::answer::{About, Answer};
use super::authenticate::{May, to};
use super::body::{Body, Condition, RequestKey};
use super::extract::{IdPath, NoQuery, Path, Query};
use super::page::{EntryQuery, List, UpazilaOfficePage};
use super::problem::Problem;
use super::schemas::UpazilaOffice;
use super::whole::{self, Keeps};
use super::written::{Written, nothing};
use crate::app::App;
use crate::domain::upazila_office::UpazilaOfficeInput;

/// List upazila offices
///
/// The offices under district offices, with their portals, in the order of their first publication.
/// With `Accept: text/csv` or `application/x-ndjson` the list comes whole, streamed, unless a `limit` is given.
#[utoipa::path(get, path = "/v1/upazila-offices", operation_id = "list_upazila_offices",
    responses((status = 200, description = "A page of upazila offices.", body = UpazilaOfficePage)),
    extensions(("x-media-types" = json!(["text/csv", "application/x-ndjson"]))))]
pub(super) async fn list_upazila_offices(
    app: web::Data<App>,
    request: HttpRequest,
    Query(query): Query<EntryQuery>,
) -> Result<HttpResponse, Problem> {
    let filters = (query.office, query.q);
    let list = List::new(&request, &filters, query.limit, query.cursor.as_ref())?;
    let keeps = Keeps::Anybody(About::of(filters.0.as_ref()));
    whole::serve::<_, UpazilaOfficePage, _, _>(&request, list, ("UpazilaOffice", keeps), move |page| {
        let (app, (office, words)) = (app.clone(), filters.clone());
        async move { app.list_upazila_offices(office.as_ref(), words.as_deref(), page).await }
    })
    .await
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
    let office = app.get_upazila_office(path.id).await?;
    Ok(Answer::served(office.served).about_office(&office.office))
}

/// Create an upazila office
///
/// Adds an upazila office to the charter of its office.
#[utoipa::path(post, path = "/v1/upazila-offices", operation_id = "create_upazila_office",
    responses((status = 201, description = "The upazila office.", body = UpazilaOffice)))]
pub(super) async fn create_upazila_office(
    app: web::Data<App>,
    May { permit, .. }: May<to::EditCharter>,
    Query(NoQuery {}): Query<NoQuery>,
    key: RequestKey,
    body: Body<UpazilaOfficeInput>,
) -> Result<Written, Problem> {
    let key = key.of(&body);
    let created = app.create_entry::<UpazilaOffice>(permit, body.value, key).await?;
    Written::created(&created, "/v1/upazila-offices")
}

/// Replace an upazila office
///
/// Puts what is sent in the place of the upazila office, in the state that `If-Match` names. What was read can be sent back with
/// changes: its id and office have to stay, and its version is counted by the service.
#[utoipa::path(put, path = "/v1/upazila-offices/{id}", operation_id = "replace_upazila_office",
    responses((status = 200, description = "The upazila office as it is from now on.", body = UpazilaOffice)))]
pub(super) async fn replace_upazila_office(
    app: web::Data<App>,
    May { permit, .. }: May<to::EditCharter>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
    Condition(condition): Condition,
    body: Body<UpazilaOfficeInput>,
) -> Result<Written, Problem> {
    let changed = app
        .change_entry::<UpazilaOffice>(permit, path.id, condition, body.value)
        .await?;
    Written::changed(&changed)
}

/// Delete an upazila office
///
/// Takes the upazila office out of the charter, in the state that `If-Match` names. Its versions stay.
#[utoipa::path(delete, path = "/v1/upazila-offices/{id}", operation_id = "delete_upazila_office",
    responses((status = 204, description = "The upazila office is out of the charter.")))]
pub(super) async fn delete_upazila_office(
    app: web::Data<App>,
    May { permit, .. }: May<to::EditCharter>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
    Condition(condition): Condition,
) -> Result<HttpResponse, Problem> {
    app.retire_entry::<UpazilaOffice>(permit, path.id, condition).await?;
    Ok(nothing())
}
