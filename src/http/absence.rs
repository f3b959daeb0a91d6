//! Absences, vacancies and hand-overs of officers.

use actix_web::{HttpRequest, HttpResponse, web};

use super::answer::Answer;
use super::authenticate::{May, to};
use super::body::{Body, RequestKey};
use super::extract::{AbsencePath, IdPath, NoQuery, Path, Query};
use super::page::{AbsencePage, List, PageQuery};
use super::problem::Problem;
use super::schemas::Absence;
use super::written::{Written, nothing};
use crate::app::App;
use crate::domain::absence::AbsenceInput;

/// Create an absence
///
/// Records that an officer is away, that the post is vacant, or that the duties are handed over: on these days the alternate
/// officer stands in. Officers record it for their own office.
#[utoipa::path(post, path = "/v1/officers/{id}/absences", operation_id = "create_absence",
    responses((status = 201, description = "The absence.", body = Absence)))]
pub(super) async fn create_absence(
    app: web::Data<App>,
    May { permit, .. }: May<to::KeepAbsences>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
    key: RequestKey,
    body: Body<AbsenceInput>,
) -> Result<Written, Problem> {
    let key = key.of(&body);
    let created = app.record_absence(permit, path.id, body.value, key).await?;
    Written::created(&created, &format!("/v1/officers/{}/absences", path.id))
}

/// List absences
///
/// When an officer's alternate stands in, past and to come, in the order in which it was recorded.
#[utoipa::path(get, path = "/v1/officers/{id}/absences", operation_id = "list_absences",
    responses((status = 200, description = "A page of absences.", body = AbsencePage)))]
pub(super) async fn list_absences(
    app: web::Data<App>,
    request: HttpRequest,
    May { permit, .. }: May<to::SeeAbsences>,
    Path(path): Path<IdPath>,
    Query(query): Query<PageQuery>,
) -> Result<Answer, Problem> {
    let list = List::new(&request, &path.id, query.limit, query.cursor.as_ref())?;
    let page = app.list_absences(permit, path.id, list.page).await?;
    list.look::<_, AbsencePage>(&request, page)
}

/// Delete an absence
///
/// Takes an absence back: the alternate officer does not stand in for it any more.
#[utoipa::path(delete, path = "/v1/officers/{id}/absences/{absence}", operation_id = "delete_absence",
    responses((status = 204, description = "The absence is taken back.")))]
pub(super) async fn delete_absence(
    app: web::Data<App>,
    May { permit, .. }: May<to::KeepAbsences>,
    Path(path): Path<AbsencePath>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<HttpResponse, Problem> {
    app.delete_absence(permit, path.id, path.absence).await?;
    Ok(nothing())
}
