//! Tracking: what whoever has the tracking code sees and does.

use actix_web::web;
use schemars::JsonSchema;
use serde::Deserialize;

use super::answer::Answer;
use super::body::{Body, RequestKey};
use super::extract::{NoQuery, Path, Query};
use super::limits::ClientAddress;
use super::problem::Problem;
use super::schemas::Tracking;
use super::written::Written;
use crate::app::App;
use crate::app::tracking::ApplicantsAct;
use crate::domain::service_request::{FeedbackInput, InformationInput, WithdrawalInput};

/// The path of a case for whoever has its tracking code.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TrackingPath {
    /// The tracking code, in any case, with or without hyphens, in Bangla or ASCII digits.
    #[schemars(length(min = 1, max = 8192), regex(pattern = "^[^/]+$"), extend("examples" = ["7ZK3-9QWM-04TD-XB2R"]))]
    tracking_code: String,
}

/// Track a case
///
/// State, history and due day by the tracking code; nothing about a person. A code that nobody has and one that is none are
/// answered alike.
#[utoipa::path(get, path = "/v1/tracking/{tracking_code}", operation_id = "get_tracking",
    responses((status = 200, description = "The case.", body = Tracking)))]
pub(super) async fn get_tracking(
    app: web::Data<App>,
    Path(path): Path<TrackingPath>,
    Query(NoQuery {}): Query<NoQuery>,
    ClientAddress(from): ClientAddress,
) -> Result<Answer, Problem> {
    Ok(Answer::json(&app.track(&path.tracking_code, from).await?)?.not_kept())
}

/// Provide information
///
/// Gives the information that the office asked for. The clock goes on with the working days that were left.
#[utoipa::path(post, path = "/v1/tracking/{tracking_code}/information", operation_id = "provide_information",
    responses((status = 200, description = "The case as it is from now on.", body = Tracking)))]
pub(super) async fn provide_information(
    app: web::Data<App>,
    Path(path): Path<TrackingPath>,
    Query(NoQuery {}): Query<NoQuery>,
    ClientAddress(from): ClientAddress,
    key: RequestKey,
    body: Body<InformationInput>,
) -> Result<Written, Problem> {
    let key = key.of(&body);
    let act = ApplicantsAct::Information(body.value);
    Written::done(&app.act_by_tracking_code(&path.tracking_code, act, key, from).await?)
}

/// Withdraw a request
///
/// Takes the request back, as long as it has not been decided.
#[utoipa::path(post, path = "/v1/tracking/{tracking_code}/withdrawal", operation_id = "withdraw_request",
    responses((status = 200, description = "The case as it is from now on.", body = Tracking)))]
pub(super) async fn withdraw_request(
    app: web::Data<App>,
    Path(path): Path<TrackingPath>,
    Query(NoQuery {}): Query<NoQuery>,
    ClientAddress(from): ClientAddress,
    key: RequestKey,
    body: Body<WithdrawalInput>,
) -> Result<Written, Problem> {
    let key = key.of(&body);
    let act = ApplicantsAct::Withdrawal(body.value);
    Written::done(&app.act_by_tracking_code(&path.tracking_code, act, key, from).await?)
}

/// Give feedback
///
/// Rates the service from 1 to 5, once, within 30 days of its completion. The rating counts in the statistics.
#[utoipa::path(post, path = "/v1/tracking/{tracking_code}/feedback", operation_id = "give_feedback",
    responses((status = 200, description = "The case as it is from now on.", body = Tracking)))]
pub(super) async fn give_feedback(
    app: web::Data<App>,
    Path(path): Path<TrackingPath>,
    Query(NoQuery {}): Query<NoQuery>,
    ClientAddress(from): ClientAddress,
    key: RequestKey,
    body: Body<FeedbackInput>,
) -> Result<Written, Problem> {
    let key = key.of(&body);
    let act = ApplicantsAct::Feedback(body.value);
    Written::done(&app.act_by_tracking_code(&path.tracking_code, act, key, from).await?)
}
