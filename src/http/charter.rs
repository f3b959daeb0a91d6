//! Whole charters.

use actix_web::web;

use super::answer::Answer;
use super::extract::{AsOfQuery, OfficePath, Path, Query};
use super::problem::Problem;
use super::schemas::Charter;
use crate::app::App;

/// Get a charter
///
/// The whole charter of an office in one document: what `citizens-charter import` takes, and `export` gives back.
/// With `as_of` it is the charter as it stood on a day that has passed.
#[utoipa::path(get, path = "/v1/offices/{office}/charter", operation_id = "get_charter",
    responses((status = 200, description = "The charter.", body = Charter)))]
pub(super) async fn get_charter(
    app: web::Data<App>,
    Path(path): Path<OfficePath>,
    Query(query): Query<AsOfQuery>,
) -> Result<Answer, Problem> {
    Answer::json(&match query.as_of {
        Some(day) => app.get_charter_as_of(path.office, day).await?,
        None => app.get_charter(path.office).await?,
    })
}
