//! Webhooks: what a system is told as it happens.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::answer::Answer;
use super::authenticate::{May, to};
use super::body::{Body, RequestKey};
use super::extract::{IdPath, NoQuery, Path, Query};
use super::page::{List, PageQuery, WebhookDeliveryPage, WebhookPage};
use super::problem::Problem;
use super::schemas::{Webhook, WebhookDelivery, WebhookSecret};
use super::written::{Written, nothing};
use crate::app::App;
use crate::domain::webhook::WebhookInput;

/// The path of a message to a webhook.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeliveryPath {
    /// The id of the webhook.
    #[schemars(extend("examples" = ["01a20ae1-1e6d-7a3f-8c2b-4d3e2f1a0b9c"]))]
    id: Uuid,
    /// The id of the message.
    #[schemars(length(min = 1, max = 32), regex(pattern = "^msg_[0-9]+$"), extend("examples" = ["msg_1207"]))]
    message: String,
}

/// Create a webhook
///
/// Subscribes to what happens: changes of charters, and what happens to the cases that the system itself has filed. Make a secret
/// for it next: without one nothing can be signed, and nothing is sent. The target has to be public, and is asked about again for
/// each message.
#[utoipa::path(post, path = "/v1/webhooks", operation_id = "create_webhook",
    responses((status = 201, description = "The webhook.", body = Webhook)))]
pub(super) async fn create_webhook(
    app: web::Data<App>,
    May { permit, .. }: May<to::KeepWebhooks>,
    Query(NoQuery {}): Query<NoQuery>,
    key: RequestKey,
    body: Body<WebhookInput>,
) -> Result<Written, Problem> {
    let key = key.of(&body);
    Written::created(&app.create_webhook(permit, body.value, key).await?, "/v1/webhooks")
}

/// List webhooks
///
/// One's own webhooks, in the order in which they were made.
#[utoipa::path(get, path = "/v1/webhooks", operation_id = "list_webhooks",
    responses((status = 200, description = "A page of webhooks.", body = WebhookPage)))]
pub(super) async fn list_webhooks(
    app: web::Data<App>,
    request: HttpRequest,
    May { permit, .. }: May<to::KeepWebhooks>,
    Query(query): Query<PageQuery>,
) -> Result<Answer, Problem> {
    let list = List::new(&request, &permit.actor().id, query.limit, query.cursor.as_ref())?;
    let page = app.list_webhooks(permit, list.page).await?;
    list.look::<_, WebhookPage>(&request, page)
}

/// Get a webhook
///
/// One webhook. Where it is disabled, `disabled_reason` says why.
#[utoipa::path(get, path = "/v1/webhooks/{id}", operation_id = "get_webhook",
    responses((status = 200, description = "The webhook.", body = Webhook)))]
pub(super) async fn get_webhook(
    app: web::Data<App>,
    May { permit, .. }: May<to::KeepWebhooks>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Answer, Problem> {
    Ok(Answer::json(&app.get_webhook(permit, path.id).await?)?.not_kept())
}

/// Delete a webhook
///
/// Takes it away, with the messages to it.
#[utoipa::path(delete, path = "/v1/webhooks/{id}", operation_id = "delete_webhook",
    responses((status = 204, description = "It is gone.")))]
pub(super) async fn delete_webhook(
    app: web::Data<App>,
    May { permit, .. }: May<to::KeepWebhooks>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<HttpResponse, Problem> {
    app.delete_webhook(permit, path.id).await?;
    Ok(nothing())
}

/// Rotate the secret of a webhook
///
/// Makes a new secret, which is shown this once. Messages are signed with the one before, too, for another 24 hours. Where the
/// answer is lost, rotate again.
#[utoipa::path(post, path = "/v1/webhooks/{id}/secret", operation_id = "rotate_webhook_secret",
    responses((status = 200, description = "The new secret.", body = WebhookSecret)))]
pub(super) async fn rotate_webhook_secret(
    app: web::Data<App>,
    May { permit, .. }: May<to::KeepWebhooks>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Written, Problem> {
    Written::plain(StatusCode::OK, &app.rotate_webhook_secret(permit, path.id).await?)
}

/// Disable a webhook
///
/// Nothing is sent to it any more, and nothing is kept for it.
#[utoipa::path(post, path = "/v1/webhooks/{id}/disable", operation_id = "disable_webhook",
    responses((status = 200, description = "The webhook, disabled.", body = Webhook)))]
pub(super) async fn disable_webhook(
    app: web::Data<App>,
    May { permit, .. }: May<to::KeepWebhooks>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Written, Problem> {
    Written::changed(&app.set_webhook_disabled(permit, path.id, true).await?)
}

/// Enable a webhook
///
/// It is told again, beginning with what was pending when it was disabled.
#[utoipa::path(post, path = "/v1/webhooks/{id}/enable", operation_id = "enable_webhook",
    responses((status = 200, description = "The webhook, enabled.", body = Webhook)))]
pub(super) async fn enable_webhook(
    app: web::Data<App>,
    May { permit, .. }: May<to::KeepWebhooks>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Written, Problem> {
    Written::changed(&app.set_webhook_disabled(permit, path.id, false).await?)
}

/// Test a webhook
///
/// Sends a message of the type `test`, signed like any other.
#[utoipa::path(post, path = "/v1/webhooks/{id}/test", operation_id = "test_webhook",
    responses((status = 200, description = "The message.", body = WebhookDelivery)))]
pub(super) async fn test_webhook(
    app: web::Data<App>,
    May { permit, .. }: May<to::KeepWebhooks>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Written, Problem> {
    Written::plain(StatusCode::OK, &app.test_webhook(permit, path.id).await?)
}

/// List the deliveries of a webhook
///
/// The messages to it, the last one first: those that are pending, and for 30 days those that were taken or given up.
#[utoipa::path(get, path = "/v1/webhooks/{id}/deliveries", operation_id = "list_webhook_deliveries",
    responses((status = 200, description = "A page of messages.", body = WebhookDeliveryPage)))]
pub(super) async fn list_webhook_deliveries(
    app: web::Data<App>,
    request: HttpRequest,
    May { permit, .. }: May<to::KeepWebhooks>,
    Path(path): Path<IdPath>,
    Query(query): Query<PageQuery>,
) -> Result<Answer, Problem> {
    let list = List::new(&request, &path.id, query.limit, query.cursor.as_ref())?;
    let page = app.list_webhook_deliveries(permit, path.id, list.page).await?;
    list.look::<_, WebhookDeliveryPage>(&request, page)
}

/// Replay a delivery
///
/// Sends a message again, with the id and the body that it had.
#[utoipa::path(post, path = "/v1/webhooks/{id}/deliveries/{message}/replay", operation_id = "replay_webhook_delivery",
    responses((status = 200, description = "The message.", body = WebhookDelivery)))]
pub(super) async fn replay_webhook_delivery(
    app: web::Data<App>,
    May { permit, .. }: May<to::KeepWebhooks>,
    Path(path): Path<DeliveryPath>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Written, Problem> {
    let message = app.replay_webhook_delivery(permit, path.id, path.message).await?;
    Written::plain(StatusCode::OK, &message)
}
