//! Requests: filed, and seen by anybody as far as they are about nobody.

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::{self, Bytes};
use actix_web::{HttpRequest, HttpResponse, Responder as _};
use chrono::{DateTime, NaiveDate, SecondsFormat, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::document::Form;
use super::parameters::{Parameters, fault};
use super::service::{DOCUMENTS_CONFIRMED, LANGUAGE, of_code};
use crate::app::open311::{PublicRequest, PublicSearch};
use crate::app::{self, App};
use crate::domain::bangla::to_bangla_digits;
use crate::domain::calendar::end_of_day;
use crate::domain::fault::Fault;
use crate::domain::json_schema;
use crate::domain::service_request::ServiceRequestInput;
use crate::http::answer::Answer;
use crate::http::authenticate::signed_in;
use crate::http::limits::ClientAddress;
use crate::http::problem::{Code, Problem};

/// How many days a list spans at most, and where nothing is said [GeoReport v2, GET Service Requests].
const SPAN: TimeDelta = TimeDelta::days(90);
/// How many requests a list has at most, and where nothing is said.
const MOST: i64 = 1000;

/// Where each field of an application comes from.
const FIELDS: [(&str, &str); 6] = [
    ("/name", "first_name"),
    ("/address", "address_string"),
    ("/mobile", "phone"),
    ("/email", "email"),
    ("/request", "description"),
    ("/documents_confirmed", "attribute[documents_confirmed]"),
];

/// Requests of an office: of the last 90 days, unless others are named.
pub(super) async fn list(app: web::Data<App>, request: HttpRequest, form: Form) -> Result<Answer, Problem> {
    let asked = Parameters::of_query(&request);
    let office = app.jurisdiction(asked.jurisdiction()?).await?;
    let ids = asked.ids("service_request_id");
    let (from, to) = if ids.is_empty() {
        span(asked.instant("start_date")?, asked.instant("end_date")?, app.now())?
    } else {
        (None, None)
    };
    let size = asked.number("page_size", MOST, 1..=MOST)?;
    let page = asked.number("page", 1, 1..=1_000_000)?;
    let search = PublicSearch {
        office: office.office.code.clone(),
        ids,
        services: asked.ids("service_code"),
        open: status(asked.get("status"))?,
        from,
        to,
        part: ((page - 1) * size, size),
    };
    let requests = app.public_requests(search).await?;
    let entries: Value = requests
        .iter()
        .map(|request| entry(request, &office.office.name.bn))
        .collect();
    Ok(form.answer("service_requests", &entries).not_kept())
}

/// One request.
pub(super) async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    form: Form,
    path: web::Path<(String, String)>,
) -> Result<Answer, Problem> {
    let unknown = || Problem::from(app::Error::NotFound("service_request_id"));
    let id = path.0.parse().map_err(|_| unknown())?;
    let found = app.public_request(id).await?;
    let jurisdiction = Parameters::of_query(&request).jurisdiction()?;
    if jurisdiction.is_some_and(|office| office != found.office) {
        return Err(unknown());
    }
    let office = app.jurisdiction(Some(found.office.clone())).await?;
    let entries = json!([entry(&found, &office.office.name.bn)]);
    Ok(form.answer("service_requests", &entries).not_kept())
}

/// The request of a token, which is the tracking code.
pub(super) async fn token(
    app: web::Data<App>,
    form: Form,
    ClientAddress(from): ClientAddress,
    path: web::Path<(String, String)>,
) -> Result<Answer, Problem> {
    let id = app.service_request_of(&path.0, from).await?;
    let entries = json!([{"service_request_id": id, "token": path.0}]);
    Ok(form.answer("service_requests", &entries).not_kept())
}

/// Files a request.
pub(super) async fn create(
    app: web::Data<App>,
    request: HttpRequest,
    form: Form,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let is_form = content_type
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"));
    if !is_form {
        return Err(Problem::new(Code::UnsupportedMediaType).detail("Send application/x-www-form-urlencoded."));
    }
    let sent = Parameters::of_form(&body);
    let code = sent
        .get("service_code")
        .ok_or_else(|| fault("service_code", "required", "was not provided"))?;
    let service = of_code(&app, code, sent.jurisdiction()?.as_ref()).await?;
    let input = application(&sent, service.service.id)?;
    let created = app.file_service_request(signed_in(&request), input, None).await;
    let receipt = created.map_err(told_by_its_names)?.entry;
    let entries = json!([{
        "service_request_id": receipt["id"],
        "service_notice": notice(&receipt),
        "account_id": "",
    }]);
    let mut response = form
        .answer("service_requests", &entries)
        .not_kept()
        .respond_to(&request);
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

/// The application that a form makes.
fn application(sent: &Parameters, service: Uuid) -> Result<ServiceRequestInput, Problem> {
    let names = [sent.words("first_name")?, sent.words("last_name")?];
    let name = names.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let words = [sent.words("description")?, sent.words("media_url")?];
    let words = words.into_iter().flatten().collect::<Vec<_>>().join("\n");
    let attribute = |code: &str| sent.get(&format!("attribute[{code}]"));
    let confirmed = attribute(DOCUMENTS_CONFIRMED).is_some_and(|value| value == "true");
    let mut input = Map::new();
    input.insert("service_id".into(), json!(service));
    input.insert("documents_confirmed".into(), json!(confirmed));
    for (field, value) in [
        ("name", Some(&*name)),
        ("address", sent.words("address_string")?),
        ("mobile", sent.words("phone")?),
        ("email", sent.words("email")?),
        ("request", Some(&*words)),
        ("language", attribute(LANGUAGE)),
    ] {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            input.insert(field.into(), json!(value));
        }
    }
    json_schema::read(Value::Object(input)).map_err(|faults| told_by_its_names(app::Error::Invalid(faults)))
}

/// Faults by the names that the client knows.
fn told_by_its_names(error: app::Error) -> Problem {
    let app::Error::Invalid(faults) = error else {
        return error.into();
    };
    let renamed = |fault: Fault| {
        let known = FIELDS.iter().find(|(field, _)| *field == fault.pointer);
        Fault {
            pointer: known.map_or_else(|| fault.pointer.clone(), |(_, name)| format!("/{name}")),
            ..fault
        }
    };
    Problem::new(Code::InvalidParameter)
        .detail("A parameter is missing or not valid:")
        .faults(faults.into_iter().map(renamed).collect())
}

/// What the applicant has to keep.
fn notice(receipt: &Value) -> String {
    let code = receipt["tracking_code"].as_str().unwrap_or_default();
    let due = receipt["due_on"].as_str();
    let bn = due.map_or_else(String::new, |day| format!(" প্রতিশ্রুত তারিখ: {}।", to_bangla_digits(day)));
    let en = due.map_or_else(String::new, |day| format!(" Promised by {day}."));
    format!("আপনার ট্র্যাকিং কোড: {code} (কাউকে দেবেন না)।{bn} Your tracking code: {code} (give it to nobody).{en}")
}

/// A request as anybody sees it.
fn entry(request: &PublicRequest, office: &str) -> Value {
    let instant = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let mut entry = json!({
        "service_request_id": request.id,
        "status": if request.state.is_open() { "open" } else { "closed" },
        "status_notes": request.state.as_str(),
        "service_name": request.service_name.bn,
        "service_code": request.service,
        "agency_responsible": office,
        "requested_datetime": instant(request.filed_at),
        "updated_datetime": instant(request.updated_at),
    });
    if let Some(due) = request.due_on.and_then(|day: NaiveDate| end_of_day(day)) {
        entry["expected_datetime"] = json!(instant(due));
    }
    entry
}

/// The states that are asked for: all of them where both are named.
fn status(named: Option<&str>) -> Result<Option<bool>, Problem> {
    let (mut open, mut closed) = (false, false);
    for status in named.into_iter().flat_map(|list| list.split(',')) {
        match status.trim() {
            "open" => open = true,
            "closed" => closed = true,
            _ => return Err(fault("status", "unknown_value", "is `open` or `closed`")),
        }
    }
    Ok((open != closed).then_some(open))
}

type Span = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// The span of a list: 90 days at most, up to now or from where it begins.
fn span(start: Option<DateTime<Utc>>, end: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<Span, Problem> {
    let (from, to) = match (start, end) {
        (Some(start), Some(end)) => (start, end),
        (Some(start), None) => (start, start + SPAN),
        (None, Some(end)) => (end - SPAN, end),
        // what is filed in this very moment is in
        (None, None) => (now - SPAN, now + TimeDelta::seconds(1)),
    };
    if to < from {
        return Err(fault("end_date", "out_of_range", "lies before start_date"));
    }
    if to - from > SPAN + TimeDelta::days(1) {
        return Err(fault(
            "end_date",
            "out_of_range",
            "lies more than 90 days behind start_date",
        ));
    }
    Ok((Some(from), Some(to)))
}
