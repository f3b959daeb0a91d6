//! Service requests: filed by anybody, handled by the officers of the office.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::answer::Answer;
use super::authenticate::{May, signed_in, to};
use super::body::{Body, OptionalCondition, RequestKey};
use super::extract::{IdPath, NoQuery, Path, Query};
use super::page::{CaseEventPage, CaseOrder, Cursor, Limit, List, PageQuery, ServiceRequestPage, ShowingPage};
use super::problem::Problem;
use super::schemas::{Receipt, ServiceRequest, Statistics};
use super::whole::{self, Keeps};
use super::written::Written;
use crate::app::App;
use crate::app::service_request::ServiceRequestSearch;
use crate::domain::calendar::DAY_PATTERN;
use crate::domain::contact::OfficeCode;
use crate::domain::service_request::{ServiceRequestInput, State, TransitionInput};

/// Which requests are listed. Filters combine.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ServiceRequestQuery {
    /// Only requests to this office; the own one where it is not given.
    office: Option<OfficeCode>,
    /// Only requests in this state.
    state: Option<State>,
    /// Only requests for this service.
    #[schemars(extend("examples" = ["01a20ada-2c02-7403-8776-ea055f760188"]))]
    service: Option<Uuid>,
    /// Only requests that are this officer's: the responsible one's, or the alternate one's once they were handed over.
    #[schemars(extend("examples" = ["01a20ada-2c00-728e-bfe3-ce9bc0aefe0b"]))]
    assignee: Option<Uuid>,
    /// Only open requests that are due on this day or later.
    #[schemars(extend("pattern" = DAY_PATTERN, "examples" = ["2026-11-24"]))]
    due_from: Option<NaiveDate>,
    /// Only open requests that are due on this day or earlier.
    #[schemars(extend("pattern" = DAY_PATTERN, "examples" = ["2026-11-30"]))]
    due_to: Option<NaiveDate>,
    /// `true`: only open requests that should have been decided by now; `false`: only open ones that should not.
    #[schemars(extend("examples" = [true]))]
    overdue: Option<bool>,
    /// Only requests in which all of these are found as words or the beginnings of words: in the applicant's name, the request,
    /// the tracking code. In any spelling, and in Bangla or ASCII digits.
    #[schemars(length(min = 1, max = 200), regex(pattern = r"\S"), extend("examples" = ["রহিমা"]))]
    q: Option<String>,
    /// In which order; `urgent` where a due day is asked for, else `newest`.
    order: Option<CaseOrder>,
    /// How many entries at most.
    limit: Option<Limit>,
    /// Where the list goes on: `next_cursor` of the page before, with the same filters.
    cursor: Option<Cursor>,
}

/// File a service request
///
/// Applies for a service. Anybody may, for a service that is not internal; staff type in what comes by letter, at the front
/// desk or by telephone. The answer is a receipt: keep the tracking code, which is all that is needed to follow the request
/// and to act on it. Send it again under the same `Idempotency-Key` where the network fails.
#[utoipa::path(post, path = "/v1/service-requests", operation_id = "create_service_request",
    responses((status = 201, description = "The receipt.", body = Receipt)))]
pub(super) async fn create_service_request(
    app: web::Data<App>,
    request: HttpRequest,
    Query(NoQuery {}): Query<NoQuery>,
    key: RequestKey,
    body: Body<ServiceRequestInput>,
) -> Result<Written, Problem> {
    let key = key.of(&body);
    let created = app.file_service_request(signed_in(&request), body.value, key).await?;
    Written::tracked(&created)
}

/// List service requests
///
/// The requests of the office; for an alternate officer those for the services that this one stands behind.
/// With `Accept: text/csv` or `application/x-ndjson` the list comes whole, streamed, unless a `limit` is given.
#[utoipa::path(get, path = "/v1/service-requests", operation_id = "list_service_requests",
    responses((status = 200, description = "A page of requests.", body = ServiceRequestPage)),
    extensions(("x-media-types" = json!(["text/csv", "application/x-ndjson"]))))]
pub(super) async fn list_service_requests(
    app: web::Data<App>,
    request: HttpRequest,
    May { permit, .. }: May<to::SeeServiceRequests>,
    Query(query): Query<ServiceRequestQuery>,
) -> Result<HttpResponse, Problem> {
    let asked = ServiceRequestSearch {
        office: query.office,
        state: query.state,
        service: query.service,
        assignee: query.assignee,
        due_from: query.due_from,
        due_to: query.due_to,
        overdue: query.overdue,
        query: query.q,
        order: query.order.map(CaseOrder::order),
    };
    let list = List::new(&request, &asked, query.limit, query.cursor.as_ref())?;
    whole::serve::<_, ServiceRequestPage, _, _>(&request, list, ("ServiceRequest", Keeps::Nobody), move |page| {
        let (app, permit, asked) = (app.clone(), permit.clone(), asked.clone());
        async move { app.list_service_requests(permit, asked, page).await }
    })
    .await
}

/// Get a service request
///
/// One request with everything that its handlers need. The ETag stands for its version: send it in `If-Match` with an act.
#[utoipa::path(get, path = "/v1/service-requests/{id}", operation_id = "get_service_request",
    responses((status = 200, description = "The request.", body = ServiceRequest)))]
pub(super) async fn get_service_request(
    app: web::Data<App>,
    May { permit, .. }: May<to::SeeServiceRequests>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Written, Problem> {
    versioned(&app.get_service_request(permit, path.id).await?)
}

/// List the events of a service request
///
/// The whole history, with notes and with who did what.
#[utoipa::path(get, path = "/v1/service-requests/{id}/events", operation_id = "list_service_request_events",
    responses((status = 200, description = "A page of events.", body = CaseEventPage)))]
pub(super) async fn list_service_request_events(
    app: web::Data<App>,
    request: HttpRequest,
    May { permit, .. }: May<to::SeeServiceRequests>,
    Path(path): Path<IdPath>,
    Query(query): Query<PageQuery>,
) -> Result<Answer, Problem> {
    let list = List::new(&request, &path.id, query.limit, query.cursor.as_ref())?;
    let page = app.list_service_request_events(permit, path.id, list.page).await?;
    list.look::<_, CaseEventPage>(&request, page)
}

/// List who was shown the personal data of a service request
///
/// Each time that address, mobile and e-mail address were shown as they are: to whom, in which role, and when.
#[utoipa::path(get, path = "/v1/service-requests/{id}/showings", operation_id = "list_service_request_showings",
    responses((status = 200, description = "A page of showings.", body = ShowingPage)))]
pub(super) async fn list_service_request_showings(
    app: web::Data<App>,
    request: HttpRequest,
    May { permit, .. }: May<to::SeeServiceRequests>,
    Path(path): Path<IdPath>,
    Query(query): Query<PageQuery>,
) -> Result<Answer, Problem> {
    let list = List::new(&request, &path.id, query.limit, query.cursor.as_ref())?;
    let page = app.list_service_request_showings(permit, path.id, list.page).await?;
    list.look::<_, ShowingPage>(&request, page)
}

/// Act on a service request
///
/// Does one of `available_actions`, in the version that was read: `If-Match`, or `version` in the body. Of two officers who act
/// at once one wins, and the other gets 412. An alternate officer acts only while standing in.
#[utoipa::path(post, path = "/v1/service-requests/{id}/transitions", operation_id = "change_service_request",
    responses((status = 200, description = "The request as it is from now on.", body = ServiceRequest)))]
pub(super) async fn change_service_request(
    app: web::Data<App>,
    May { permit, .. }: May<to::ActOnServiceRequests>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
    condition: OptionalCondition,
    body: Body<TransitionInput>,
) -> Result<Written, Problem> {
    let condition = condition.or_version(body.value.version)?;
    let done = app
        .act_on_service_request(permit, path.id, condition, body.value)
        .await?;
    versioned(&done)
}

/// A request with its version as its ETag: what a handler sees of it also depends on who looks and when.
fn versioned(request: &ServiceRequest) -> Result<Written, Problem> {
    Written::put(request, Some(request.version.to_string()), false)
}

/// Which statistics are asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StatisticsQuery {
    /// The office.
    office: OfficeCode,
    /// The first day in Dhaka; 29 days before the last one where it is not given.
    #[schemars(extend("pattern" = DAY_PATTERN, "examples" = ["2026-11-01"]))]
    from: Option<NaiveDate>,
    /// The last day in Dhaka, at most 366 days in all; today where it is not given.
    #[schemars(extend("pattern" = DAY_PATTERN, "examples" = ["2026-11-30"]))]
    to: Option<NaiveDate>,
}

/// Get statistics
///
/// How the promises of an office were kept over a span of days, for each service and in all. Figures that are about fewer than
/// five requests are withheld.
#[utoipa::path(get, path = "/v1/statistics", operation_id = "get_statistics",
    responses((status = 200, description = "The statistics.", body = Statistics)))]
pub(super) async fn get_statistics(
    app: web::Data<App>,
    Query(query): Query<StatisticsQuery>,
) -> Result<Answer, Problem> {
    Answer::json(&app.get_statistics(query.office, query.from, query.to).await?)
}
