//! Whole charters.

use actix_web::{HttpRequest, web};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::Answer;
use super::authenticate::{May, to};
use super::body::{Body, OptionalCondition};
use super::extract::{AsOfQuery, OfficePath, Path, Query};
use super::format::Format;
use super::linked_data::{self, Names};
use super::problem::{Code, Problem};
use super::schemas::{Charter, Difference};
use super::written::Written;
use crate::app::App;
use crate::app::charter::ImportMode;

/// Whether a replacement is kept.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplaceQuery {
    /// Only tell what would change, and change nothing; no condition is needed then.
    #[schemars(extend("examples" = [true]))]
    dry_run: Option<bool>,
}

/// What a replacement of a charter changed, or would change.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CharterReplacement {
    /// Whether this is only what would change.
    #[schema(example = false)]
    dry_run: bool,
    /// The entries that differ. Empty where nothing does.
    #[schema(max_items = 10000)]
    changes: Vec<Difference>,
}

/// Get a charter
///
/// The whole charter of an office in one document: what `citizens-charter import` takes, and `export` gives back.
/// With `as_of` it is the charter as it stood on a day that has passed. With `Accept: application/ld+json` it comes as
/// linked data: a catalogue of the Core Public Service Vocabulary (CPSV-AP 3.2) with schema.org's words beside.
#[utoipa::path(get, path = "/v1/offices/{office}/charter", operation_id = "get_charter",
    responses((status = 200, description = "The charter.", body = Charter)),
    extensions(("x-media-types" = json!(["application/ld+json"]))))]
pub(super) async fn get_charter(
    app: web::Data<App>,
    request: HttpRequest,
    Path(path): Path<OfficePath>,
    Query(query): Query<AsOfQuery>,
) -> Result<Answer, Problem> {
    let charter = match query.as_of {
        Some(day) => app.get_charter_as_of(path.office, day).await?,
        None => app.get_charter(path.office).await?,
    };
    let answer = if Format::wanted(&request, &[Format::JsonLd]) == Format::JsonLd {
        linked_data::answer(&linked_data::charter(Names::of(&app), &charter))
    } else {
        Answer::json(&charter)
    }?;
    Ok(match query.as_of {
        Some(_) => answer,
        None => answer.about_office(&charter.office.code),
    }
    .negotiated())
}

/// Replace a charter
///
/// Puts a charter in the place of the one that the office has, whole or not at all; entries keep their identity by their ids.
/// `If-Match` names the state that is replaced, by the ETag of the charter; the first charter of an office is published with
/// `If-None-Match: *`, by an administrator. The answer tells what differs.
#[utoipa::path(put, path = "/v1/offices/{office}/charter", operation_id = "replace_charter",
    responses(
        (status = 200, description = "What differs.", body = CharterReplacement),
        (status = 201, description = "The office's first charter is published.", body = CharterReplacement),
    ))]
pub(super) async fn replace_charter(
    app: web::Data<App>,
    May { permit, .. }: May<to::EditCharter>,
    Path(path): Path<OfficePath>,
    Query(query): Query<ReplaceQuery>,
    OptionalCondition(condition): OptionalCondition,
    body: Body<Charter>,
) -> Result<Written, Problem> {
    let dry_run = query.dry_run.unwrap_or(false);
    if condition.is_none() && !dry_run {
        return Err(Problem::new(Code::PreconditionRequired));
    }
    let mode = if dry_run {
        ImportMode::DryRun
    } else {
        ImportMode::Publish
    };
    let done = app
        .replace_charter(permit, path.office, condition, body.value, mode)
        .await?;
    let answer = CharterReplacement {
        dry_run,
        changes: done.changes,
    };
    Written::put(&answer, Some(done.tag), done.created && !dry_run)
}
