//! The keys that sign access tokens, for administrators.

use actix_web::http::StatusCode;
use actix_web::web;

use super::answer::Answer;
use super::authenticate::{May, to};
use super::extract::{NoQuery, Query};
use super::page::{ListPage as _, SigningKeyPage};
use super::problem::Problem;
use super::schemas::SigningKey;
use super::written::Written;
use crate::app::App;

/// List keys
///
/// The keys that sign or verify access tokens now, the one that signs last.
#[utoipa::path(get, path = "/v1/keys", operation_id = "list_keys",
    responses((status = 200, description = "The keys.", body = SigningKeyPage)))]
pub(super) async fn list_keys(
    app: web::Data<App>,
    _: May<to::KeepKeys>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Answer, Problem> {
    let page = SigningKeyPage::json(app.list_signing_keys().await?, None);
    Ok(Answer::written(page)?.not_kept())
}

/// Rotate the key
///
/// Makes a new key, which signs every token from now on, on all replicas. The one before verifies until the last token that
/// it signed has expired.
#[utoipa::path(post, path = "/v1/keys", operation_id = "rotate_key",
    responses((status = 200, description = "The new key.", body = SigningKey)))]
pub(super) async fn rotate_key(
    app: web::Data<App>,
    _: May<to::KeepKeys>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Written, Problem> {
    Written::plain(StatusCode::OK, &app.rotate_signing_key().await?)
}
