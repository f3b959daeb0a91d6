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
use crate::domain::grievance::AppealInput;
use crate::domain::service_request::{FeedbackInput, InformationInput, WithdrawalInput};

/// The path of a case for whoever has its tracking code.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TrackingPath {
    /// The tracking code, in any case, with or without hyphens, in Bangla or ASCII digits.
    #[schemars(length(min = 1, max = 256), regex(pattern = "^[^/]+$"), extend("examples" = ["7ZK3-9QWM-04TD-XB2R"]))]
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
/// Gives the information that was asked for. The clock of a request goes on with the working days that were left.
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

/// Withdraw a case
///
/// Takes a request or a grievance back, as long as it is open.
#[utoipa::path(post, path = "/v1/tracking/{tracking_code}/withdrawal", operation_id = "withdraw_case",
    responses((status = 200, description = "The case as it is from now on.", body = Tracking)))]
pub(super) async fn withdraw_case(
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
/// Rates the service from 1 to 5, once, within 30 days of its completion; or how a grievance was redressed, within 30 days of the
/// decision. The rating of a service counts in the statistics.
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

/// Appeal
///
/// Takes a grievance to the next level (the guideline's form ক-২): within one month of the decision, or once the limit has passed
/// without one. `appeal_until` of the case says until when. Level 3 is final.
#[utoipa::path(post, path = "/v1/tracking/{tracking_code}/appeals", operation_id = "create_appeal",
    responses((status = 201, description = "The case as it is from now on.", body = Tracking)))]
pub(super) async fn create_appeal(
    app: web::Data<App>,
    Path(path): Path<TrackingPath>,
    Query(NoQuery {}): Query<NoQuery>,
    ClientAddress(from): ClientAddress,
    key: RequestKey,
    body: Body<AppealInput>,
) -> Result<Written, Problem> {
    let key = key.of(&body);
    let act = ApplicantsAct::Appeal(body.value);
    let created = app.act_by_tracking_code(&path.tracking_code, act, key, from).await?;
    Written::tracked(&created)
}
