//! Services and their promises.

use actix_web::{HttpRequest, HttpResponse, Responder as _, web};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::answer::{About, Answer};
use super::authenticate::{May, to};
use super::body::{Body, Condition, RequestKey};
use super::extract::{AsOfQuery, IdPath, NoQuery, Path, Query};
use super::format::Format;
use super::hsds;
use super::linked_data::{self, Names};
use super::page::{Cursor, Limit, List, ServicePage};
use super::problem::Problem;
use super::schemas::{Promise, Service};
use super::whole::{self, Keeps};
use super::written::{Written, nothing};
use crate::app::App;
use crate::app::service::ServiceSearch;
use crate::domain::calendar::DAY_PATTERN;
use crate::domain::contact::OfficeCode;
use crate::domain::delivery::Channel;
use crate::domain::fee::FeeKind;
use crate::domain::service::{Category, ServiceInput};

/// Which services are listed. Filters combine: a service is listed where all of them hold.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ServiceQuery {
    /// Only services of this office.
    office: Option<OfficeCode>,
    /// Only services of this category.
    category: Option<Category>,
    /// Only services in whose words, or the words about whose officers, all of these words are found. Bangla or English,
    /// in any spelling and in Bangla or ASCII digits; words of one or two characters match the beginnings of words.
    #[schemars(length(min = 1, max = 200), regex(pattern = r"\S"), extend("examples" = ["সাইবার নিরাপত্তা"]))]
    q: Option<String>,
    /// Only services delivered through this channel.
    channel: Option<Channel>,
    /// Only services whose fee is of this kind.
    fee: Option<FeeKind>,
    /// Only services that this officer answers for or stands behind.
    #[schemars(extend("examples" = ["01a20ada-2c00-728e-bfe3-ce9bc0aefe0b"]))]
    officer: Option<Uuid>,
    /// How many entries at most.
    limit: Option<Limit>,
    /// Where the list goes on: `next_cursor` of the page before, with the same filters.
    cursor: Option<Cursor>,
    /// In the form of which specification the list comes. The document tells of it in words: it describes one form of
    /// each answer, so that generated clients have one type for it.
    #[schemars(extend("x-other-form" = true))]
    profile: Option<Profile>,
}

/// A specification of others that this service speaks.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Profile {
    /// The Human Services Data Specification.
    Hsds,
}

/// When the service is applied for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PromiseQuery {
    /// The day in Dhaka on which the service is applied for, within office hours. Right now, where it is not given.
    #[schemars(extend("pattern" = DAY_PATTERN, "examples" = ["2026-11-24"]))]
    applied_on: Option<NaiveDate>,
}

/// List services
///
/// The services of all offices, in the order of their first publication. Filters combine.
/// With `Accept: text/csv` or `application/x-ndjson` the list comes whole, streamed, unless a `limit` is given. With
/// `Accept: application/ld+json` a page comes as linked data (CPSV-AP 3.2 and schema.org), and with `profile=hsds` as
/// records of the Human Services Data Specification (HSDS 3.0), with the next page in `Link` and `next_cursor`.
#[utoipa::path(get, path = "/v1/services", operation_id = "list_services",
    responses((status = 200, description = "A page of services.", body = ServicePage)),
    extensions(("x-media-types" = json!(["text/csv", "application/x-ndjson", "application/ld+json"])),
        ("x-profiles" = json!(["hsds"]))))]
pub(super) async fn list_services(
    app: web::Data<App>,
    request: HttpRequest,
    Query(query): Query<ServiceQuery>,
) -> Result<HttpResponse, Problem> {
    let asked = ServiceSearch {
        office: query.office,
        category: query.category,
        channel: query.channel,
        fee: query.fee,
        officer: query.officer,
        query: query.q,
    };
    let list = List::new(&request, &asked, query.limit, query.cursor.as_ref())?;
    let linked = Format::wanted(&request, &[Format::Csv, Format::Ndjson, Format::JsonLd]) == Format::JsonLd;
    if linked || query.profile.is_some() {
        let (page, offices) = app.list_services_with_offices(asked, list.page).await?;
        let answer = if let Some(Profile::Hsds) = query.profile {
            let cursor = list.next_cursor(page.next);
            Answer::json(&hsds::page(&page, &offices, cursor.as_deref(), query.cursor.is_none()))?
        } else {
            let services = page.items.iter().filter_map(|entry| {
                let profile = offices.get(&entry.office)?;
                Some((&entry.service, &profile.office.office))
            });
            linked_data::answer(&linked_data::services(Names::of(&app), services))?
        };
        let link = list.next_link(&request, page.next);
        // the offices that are shown are any of those with a service on the page
        let answer = answer.about(About::Anything).link(link).negotiated();
        return Ok(answer.respond_to(&request));
    }
    let keeps = Keeps::Anybody(About::of(asked.office.as_ref()));
    whole::serve::<_, ServicePage, _, _>(&request, list, ("Service", keeps), move |page| {
        let (app, asked) = (app.clone(), asked.clone());
        async move { app.list_services(asked, page).await }
    })
    .await
}

/// Get a service
///
/// One service by its id, which never changes. With `as_of` it is the service as it stood on a day that has passed, also
/// where it is there no more. With `Accept: application/ld+json` the service as it stands now comes as linked data
/// (CPSV-AP 3.2 and schema.org).
#[utoipa::path(get, path = "/v1/services/{id}", operation_id = "get_service",
    responses((status = 200, description = "The service.", body = Service)),
    extensions(("x-media-types" = json!(["application/ld+json"]))))]
pub(super) async fn get_service(
    app: web::Data<App>,
    request: HttpRequest,
    Path(path): Path<IdPath>,
    Query(query): Query<AsOfQuery>,
) -> Result<Answer, Problem> {
    if let Some(day) = query.as_of {
        return Ok(Answer::json(&app.get_service_as_of(path.id, day).await?)?.negotiated());
    }
    if Format::wanted(&request, &[Format::JsonLd]) == Format::JsonLd {
        let (service, office) = app.get_service_with_office(path.id).await?;
        let services = std::iter::once((&service.service, &office.office));
        let answer = linked_data::answer(&linked_data::services(Names::of(&app), services))?;
        return Ok(answer.about_office(&service.office).negotiated());
    }
    let service = app.get_service(path.id).await?;
    Ok(Answer::served(service.served)
        .about_office(&service.office)
        .negotiated())
}

/// Get the promise of a service
///
/// The day by which the service is promised to somebody who applies on a day, with every day that was counted. The day of
/// the application does not count; an immediate service is due on it if the office is open and it is before 17:00 in
/// Dhaka.
#[utoipa::path(get, path = "/v1/services/{id}/promise", operation_id = "get_promise",
    responses((status = 200, description = "The promise.", body = Promise)))]
pub(super) async fn get_promise(
    app: web::Data<App>,
    Path(path): Path<IdPath>,
    Query(query): Query<PromiseQuery>,
) -> Result<Answer, Problem> {
    let answer = Answer::json(&app.get_promise(path.id, query.applied_on).await?)?;
    // what is promised to who applies now depends on the time
    Ok(match query.applied_on {
        Some(_) => answer.about(About::Anything),
        None => answer,
    })
}

/// Create a service
///
/// Adds a service to the charter of its office.
#[utoipa::path(post, path = "/v1/services", operation_id = "create_service",
    responses((status = 201, description = "The service.", body = Service)))]
pub(super) async fn create_service(
    app: web::Data<App>,
    May { permit, .. }: May<to::EditCharter>,
    Query(NoQuery {}): Query<NoQuery>,
    key: RequestKey,
    body: Body<ServiceInput>,
) -> Result<Written, Problem> {
    let key = key.of(&body);
    let created = app.create_entry::<Service>(permit, body.value, key).await?;
    Written::created(&created, "/v1/services")
}

/// Replace a service
///
/// Puts what is sent in the place of the service, in the state that `If-Match` names. What was read can be sent back with
/// changes: its id and office have to stay, and its version is counted by the service.
#[utoipa::path(put, path = "/v1/services/{id}", operation_id = "replace_service",
    responses((status = 200, description = "The service as it is from now on.", body = Service)))]
pub(super) async fn replace_service(
    app: web::Data<App>,
    May { permit, .. }: May<to::EditCharter>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
    Condition(condition): Condition,
    body: Body<ServiceInput>,
) -> Result<Written, Problem> {
    let changed = app
        .change_entry::<Service>(permit, path.id, condition, body.value)
        .await?;
    Written::changed(&changed)
}

/// Delete a service
///
/// Takes the service out of the charter, in the state that `If-Match` names. Its versions stay.
#[utoipa::path(delete, path = "/v1/services/{id}", operation_id = "delete_service",
    responses((status = 204, description = "The service is out of the charter.")))]
pub(super) async fn delete_service(
    app: web::Data<App>,
    May { permit, .. }: May<to::EditCharter>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
    Condition(condition): Condition,
) -> Result<HttpResponse, Problem> {
    app.retire_entry::<Service>(permit, path.id, condition).await?;
    Ok(nothing())
}
