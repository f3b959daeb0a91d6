//! The change feed, and the versions of a service.

use actix_web::{HttpRequest, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{About, Answer};
use super::cursor;
use super::extract::{IdPath, Path, Query};
use super::page::{Cursor, Limit, List, PageQuery, ServiceVersionPage};
use super::problem::Problem;
use super::schemas::Change;
use crate::app::App;
use crate::domain::contact::OfficeCode;

/// Where a feed begins that is read without a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum FeedStart {
    /// With the first change ever.
    Earliest,
    /// Behind the last change: only those still to come.
    Latest,
}

/// Which changes are asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeQuery {
    /// Only changes of this office's charter.
    office: Option<OfficeCode>,
    /// Where the feed begins, where no cursor is given; `earliest` where nothing is said.
    start: Option<FeedStart>,
    /// How many changes at most.
    limit: Option<Limit>,
    /// Where the feed goes on: `next_cursor` of the page before, with the same office.
    cursor: Option<Cursor>,
}

/// A page of the change feed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ChangePage {
    /// The changes, in the order in which they came into force. Empty where there are no more for now.
    #[schema(max_items = 100)]
    items: Vec<Change>,
    /// Where the feed goes on. Always there: keep it, and ask with it again later.
    #[schema(max_length = 128, pattern = "^[A-Za-z0-9_-]+$", example = "AQAAAAAAAAAyV0mYqJ3sT2c")]
    next_cursor: String,
}

/// List changes
///
/// Every creation, change and deletion of charter data since the cursor, in order, with the full new state: none is missed
/// and none comes twice. The feed has no end: where `items` is empty, ask again later with the same `next_cursor`.
#[utoipa::path(get, path = "/v1/changes", operation_id = "list_changes",
    responses((status = 200, description = "A page of changes.", body = ChangePage)))]
pub(super) async fn list_changes(
    app: web::Data<App>,
    request: HttpRequest,
    Query(query): Query<ChangeQuery>,
) -> Result<Answer, Problem> {
    let mut list = List::new(&request, &query.office, query.limit, query.cursor.as_ref())?;
    let from_now = query.cursor.is_none() && query.start == Some(FeedStart::Latest);
    if from_now {
        list.page.after = app.last_change_seen_by_all().await?;
    }
    let about = About::of(query.office.as_ref());
    let feed = app.list_changes(query.office, list.page).await?;
    let answer = Answer::json(&ChangePage {
        items: feed.changes,
        next_cursor: cursor::seal(list.name(), feed.next),
    })?;
    Ok(if from_now { answer } else { answer.about(about) })
}

/// List the versions of a service
///
/// Every version of a service as it was served, from its first; also of a service that is there no more.
#[utoipa::path(get, path = "/v1/services/{id}/versions", operation_id = "list_service_versions",
    responses((status = 200, description = "A page of versions.", body = ServiceVersionPage)))]
pub(super) async fn list_service_versions(
    app: web::Data<App>,
    request: HttpRequest,
    Path(path): Path<IdPath>,
    Query(query): Query<PageQuery>,
) -> Result<Answer, Problem> {
    let list = List::new(&request, &path.id, query.limit, query.cursor.as_ref())?;
    let page = app.list_service_versions(path.id, list.page).await?;
    Ok(list
        .answer::<_, ServiceVersionPage>(&request, page)?
        .about(About::Anything))
}
