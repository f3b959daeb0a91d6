//! The blacklist of an Appeal Officer.

use actix_web::{HttpRequest, HttpResponse, web};

use super::answer::Answer;
use super::authenticate::{May, to};
use super::body::{Body, RequestKey};
use super::extract::{IdPath, NoQuery, Path, Query};
use super::page::{BlacklistEntryPage, List, PageQuery};
use super::problem::Problem;
use super::schemas::BlacklistEntry;
use super::written::{Written, nothing};
use crate::app::App;
use crate::domain::grievance::blacklist::BlacklistEntryInput;

/// List the blacklist
///
/// Those who are proved to file false, harassing grievances habitually [guideline 8], without names: a mobile or identity number
/// stands in it as a keyed hash.
#[utoipa::path(get, path = "/v1/blacklist-entries", operation_id = "list_blacklist_entries",
    responses((status = 200, description = "A page of entries.", body = BlacklistEntryPage)))]
pub(super) async fn list_blacklist_entries(
    app: web::Data<App>,
    request: HttpRequest,
    May { permit, .. }: May<to::KeepBlacklist>,
    Query(query): Query<PageQuery>,
) -> Result<Answer, Problem> {
    let list = List::new(&request, &permit.actor().office, query.limit, query.cursor.as_ref())?;
    let page = app.list_blacklist_entries(permit, list.page).await?;
    list.look::<_, BlacklistEntryPage>(&request, page)
}

/// Enter somebody on the blacklist
///
/// Puts the complainant of a grievance on the blacklist, on the recommendation of the Grievance Redress Officer. Grievances of this
/// complainant at the offices below cannot be filed online from then on, and may be filed without action.
#[utoipa::path(post, path = "/v1/blacklist-entries", operation_id = "create_blacklist_entry",
    responses((status = 201, description = "The entry.", body = BlacklistEntry)))]
pub(super) async fn create_blacklist_entry(
    app: web::Data<App>,
    May { permit, .. }: May<to::KeepBlacklist>,
    Query(NoQuery {}): Query<NoQuery>,
    key: RequestKey,
    body: Body<BlacklistEntryInput>,
) -> Result<Written, Problem> {
    let key = key.of(&body);
    Written::created(
        &app.enter_on_blacklist(permit, body.value, key).await?,
        "/v1/blacklist-entries",
    )
}

/// Take somebody off the blacklist
///
/// Grievances of this complainant are taken online again.
#[utoipa::path(delete, path = "/v1/blacklist-entries/{id}", operation_id = "delete_blacklist_entry",
    responses((status = 204, description = "It is gone.")))]
pub(super) async fn delete_blacklist_entry(
    app: web::Data<App>,
    May { permit, .. }: May<to::KeepBlacklist>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<HttpResponse, Problem> {
    app.remove_from_blacklist(permit, path.id).await?;
    Ok(nothing())
}
