//! Grievances: filed by anybody, handled level by level.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::answer::Answer;
use super::authenticate::{May, signed_in, to};
use super::body::{Body, OptionalCondition, RequestKey};
use super::extract::{IdPath, NoQuery, Path, Query};
use super::limits::ClientAddress;
use super::page::{CaseEventPage, CaseOrder, Cursor, GrievancePage, Limit, List, PageQuery, ShowingPage};
use super::problem::Problem;
use super::schemas::{Grievance, GrievanceReceipt};
use super::whole::{self, Keeps};
use super::written::Written;
use crate::app::App;
use crate::app::grievance::GrievanceSearch;
use crate::domain::calendar::DAY_PATTERN;
use crate::domain::contact::OfficeCode;
use crate::domain::grievance::{GrievanceInput, GrievanceTransitionInput, State};

/// Which grievances are listed. Filters combine.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct GrievanceQuery {
    /// Only grievances at this office; those of the own remit where it is not given.
    office: Option<OfficeCode>,
    /// Only grievances at this level. An Appeal Officer sees level 2 where it is not given, the Cell level 3; of the level below
    /// their own they see those whose limit has passed.
    #[schemars(range(min = 1, max = 9), extend("examples" = [2]))]
    level: Option<i32>,
    /// Only grievances in this state.
    state: Option<State>,
    /// Only grievances about this service.
    #[schemars(extend("examples" = ["01a20ada-2c02-7403-8776-ea055f760188"]))]
    service: Option<Uuid>,
    /// Only open grievances that are due on this day or later.
    #[schemars(extend("pattern" = DAY_PATTERN, "examples" = ["2026-11-24"]))]
    due_from: Option<NaiveDate>,
    /// Only open grievances that are due on this day or earlier.
    #[schemars(extend("pattern" = DAY_PATTERN, "examples" = ["2026-11-30"]))]
    due_to: Option<NaiveDate>,
    /// `true`: only open grievances whose due day has passed; `false`: only open ones whose due day has not.
    #[schemars(extend("examples" = [true]))]
    overdue: Option<bool>,
    /// `true`: only grievances that are decided, and whose complainant should have been told by now.
    #[schemars(extend("examples" = [true]))]
    telling_overdue: Option<bool>,
    /// `true`: only grievances whose complainant was recommended for the blacklist.
    #[schemars(extend("examples" = [true]))]
    blacklisting_recommended: Option<bool>,
    /// Only grievances in which all of these are found as words or the beginnings of words: in name, subject, description,
    /// tracking code. In any spelling, and in Bangla or ASCII digits.
    #[schemars(length(min = 1, max = 200), regex(pattern = r"\S"), extend("examples" = ["রহিমা"]))]
    q: Option<String>,
    /// In which order; `urgent` where a due day is asked for, else `newest`.
    order: Option<CaseOrder>,
    /// How many entries at most.
    limit: Option<Limit>,
    /// Where the list goes on: `next_cursor` of the page before, with the same filters.
    cursor: Option<Cursor>,
}

/// File a grievance
///
/// Complains about a service, a service request, an officer or an office (the guideline's form ক-১), by name or anonymously. It
/// begins with the Grievance Redress Officer; at level 2 where it is about that one, also because that one answers for the
/// service; at level 3 where it is about the Appeal Officer. The answer is a receipt: keep the tracking code, which is all that
/// is needed to follow it, to answer and to appeal. Send it again under the same `Idempotency-Key` where the network fails.
#[utoipa::path(post, path = "/v1/grievances", operation_id = "create_grievance",
    responses((status = 201, description = "The receipt.", body = GrievanceReceipt)))]
pub(super) async fn create_grievance(
    app: web::Data<App>,
    request: HttpRequest,
    Query(NoQuery {}): Query<NoQuery>,
    ClientAddress(from): ClientAddress,
    key: RequestKey,
    body: Body<GrievanceInput>,
) -> Result<Written, Problem> {
    let key = key.of(&body);
    let created = app.file_grievance(signed_in(&request), body.value, key, from).await?;
    Written::tracked(&created)
}

/// List grievances
///
/// The grievances of one's remit: of the office; for an alternate officer those of the services that this one stands behind; for
/// an Appeal Officer those that came to level 2 from the offices below; for the Cell those that came to level 3. Those whom a
/// grievance is about do not see who complained. With `Accept: text/csv` or `application/x-ndjson` the list comes whole,
/// streamed, unless a `limit` is given.
#[utoipa::path(get, path = "/v1/grievances", operation_id = "list_grievances",
    responses((status = 200, description = "A page of grievances.", body = GrievancePage)),
    extensions(("x-media-types" = json!(["text/csv", "application/x-ndjson"]))))]
pub(super) async fn list_grievances(
    app: web::Data<App>,
    request: HttpRequest,
    May { permit, .. }: May<to::SeeGrievances>,
    Query(query): Query<GrievanceQuery>,
) -> Result<HttpResponse, Problem> {
    let asked = GrievanceSearch {
        office: query.office,
        level: query.level,
        state: query.state,
        service: query.service,
        due_from: query.due_from,
        due_to: query.due_to,
        overdue: query.overdue,
        telling_overdue: query.telling_overdue == Some(true),
        blacklisting_recommended: query.blacklisting_recommended == Some(true),
        query: query.q,
        order: query.order.map(CaseOrder::order),
    };
    let list = List::new(&request, &asked, query.limit, query.cursor.as_ref())?;
    whole::serve::<_, GrievancePage, _, _>(&request, list, ("Grievance", Keeps::Nobody), move |page| {
        let (app, permit, asked) = (app.clone(), permit.clone(), asked.clone());
        async move { app.list_grievances(permit, asked, page).await }
    })
    .await
}

/// Get a grievance
///
/// One grievance with everything that those need who handle it. The ETag stands for its version: send it in `If-Match` with an
/// act.
#[utoipa::path(get, path = "/v1/grievances/{id}", operation_id = "get_grievance",
    responses((status = 200, description = "The grievance.", body = Grievance)))]
pub(super) async fn get_grievance(
    app: web::Data<App>,
    May { permit, .. }: May<to::SeeGrievances>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Written, Problem> {
    versioned(&app.get_grievance(permit, path.id).await?)
}

/// List the events of a grievance
///
/// The whole history, with notes and with who did what. Those whom it is about see of the
/// notes what they are asked and what they said.
#[utoipa::path(get, path = "/v1/grievances/{id}/events", operation_id = "list_grievance_events",
    responses((status = 200, description = "A page of events.", body = CaseEventPage)))]
pub(super) async fn list_grievance_events(
    app: web::Data<App>,
    request: HttpRequest,
    May { permit, .. }: May<to::SeeGrievances>,
    Path(path): Path<IdPath>,
    Query(query): Query<PageQuery>,
) -> Result<Answer, Problem> {
    let list = List::new(&request, &path.id, query.limit, query.cursor.as_ref())?;
    let page = app.list_grievance_events(permit, path.id, list.page).await?;
    list.look::<_, CaseEventPage>(&request, page)
}

/// List who was shown the personal data of a grievance
///
/// Each time that identity number, addresses, mobile and e-mail address of the complainant were shown as they are: to whom, in
/// which role, and when.
#[utoipa::path(get, path = "/v1/grievances/{id}/showings", operation_id = "list_grievance_showings",
    responses((status = 200, description = "A page of showings.", body = ShowingPage)))]
pub(super) async fn list_grievance_showings(
    app: web::Data<App>,
    request: HttpRequest,
    May { permit, .. }: May<to::SeeGrievances>,
    Path(path): Path<IdPath>,
    Query(query): Query<PageQuery>,
) -> Result<Answer, Problem> {
    let list = List::new(&request, &path.id, query.limit, query.cursor.as_ref())?;
    let page = app.list_grievance_showings(permit, path.id, list.page).await?;
    list.look::<_, ShowingPage>(&request, page)
}

/// Act on a grievance
///
/// Does one of `available_actions`, in the version that was read: `If-Match`, or `version` in the body. Of two who act at once one
/// wins, and the other gets 412. The Grievance Redress Officer acts at level 1, an alternate officer there while standing in,
/// the Appeal Officer at level 2, the Cell at level 3; nobody about oneself, but to give an opinion and to appeal.
#[utoipa::path(post, path = "/v1/grievances/{id}/transitions", operation_id = "change_grievance",
    responses((status = 200, description = "The grievance as it is from now on.", body = Grievance)))]
pub(super) async fn change_grievance(
    app: web::Data<App>,
    May { permit, .. }: May<to::ActOnGrievances>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
    condition: OptionalCondition,
    body: Body<GrievanceTransitionInput>,
) -> Result<Written, Problem> {
    let condition = condition.or_version(body.value.version)?;
    versioned(&app.act_on_grievance(permit, path.id, condition, body.value).await?)
}

/// A grievance with its version as its ETag: what somebody sees of it also depends on who looks and when.
fn versioned(grievance: &Grievance) -> Result<Written, Problem> {
    Written::put(grievance, Some(grievance.version.to_string()), false)
}
