//! Responses: what every operation can answer besides what it was asked for, and the headers that come along.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::http::operation::{Kind, Operation};
use crate::http::problem::{Code, type_of};

/// The problems that any request can meet.
const COMMON: [Code; 9] = [
    Code::InvalidParameter,
    Code::InvalidToken,
    Code::RequestTimeout,
    Code::PayloadTooLarge,
    Code::UriTooLong,
    Code::UnsupportedContentEncoding,
    Code::TooManyRequests,
    Code::Internal,
    Code::Unavailable,
];

/// The headers of every answer.
const EVERYWHERE: [&str; 4] = [
    "Access-Control-Allow-Origin",
    "RateLimit",
    "RateLimit-Policy",
    "X-Request-Id",
];

/// The problems that an operation can meet besides the common ones: its own, and those that follow from what it is.
fn problems_of(operation: &Operation) -> Vec<Code> {
    let mut problems = operation.problems.to_vec();
    if operation.permission.is_some() {
        problems.extend([Code::AuthenticationRequired, Code::PermissionDenied]);
    }
    // a form is refused in OAuth's own way
    if operation.body.is_some() && !is_oauth(operation) {
        problems.extend([Code::InvalidJson, Code::InvalidBody, Code::UnsupportedMediaType]);
    }
    match operation.kind {
        Kind::Create | Kind::ActOnce => problems.extend([Code::RequestInProgress, Code::IdempotencyKeyReused]),
        Kind::Replace | Kind::Put | Kind::Remove | Kind::Transit => {
            problems.extend([Code::VersionMismatch, Code::PreconditionRequired])
        }
        Kind::Read | Kind::Look | Kind::Inspect | Kind::Act => {}
    }
    problems
}

fn is_oauth(operation: &Operation) -> bool {
    operation.path.starts_with("/v1/oauth/")
}

/// The headers of an operation's answer, besides those of every answer.
fn headers_of(operation: &Operation) -> Vec<&'static str> {
    let mut headers = vec!["Cache-Control"];
    match operation.kind {
        Kind::Read => headers.extend(["ETag", "Vary"]),
        Kind::Create => headers.extend(["ETag", "Idempotency-Replayed", "Location"]),
        Kind::ActOnce => headers.push("Idempotency-Replayed"),
        Kind::Replace | Kind::Put | Kind::Inspect | Kind::Transit => headers.push("ETag"),
        Kind::Look | Kind::Remove | Kind::Act => {}
    }
    // a feed has no last page, and its next one is nothing to link to yet
    if operation.problems.contains(&Code::InvalidCursor) && operation.tag != "changes" {
        headers.push("Link");
    }
    headers
}

/// Adds to the responses of an operation what follows from its route.
pub(super) fn complete(responses: &mut Value, operation: &Operation) {
    let headers = headers_of(operation);
    for status in ["200", "201", "204"] {
        if let Some(response) = responses.get_mut(status) {
            response["headers"] = header_references(&headers);
        }
    }
    if operation.kind == Kind::Read {
        responses["304"] = json!({
            "description": "The client has this answer already.",
            "headers": header_references(&["Cache-Control", "ETag", "Vary"]),
        });
    }
    for (status, codes) in by_status(operation) {
        let problems = match codes.as_slice() {
            [code] => json!({"$ref": format!("#/components/responses/{}", component(*code))}),
            codes => problem_response(codes),
        };
        match responses.get_mut(status.to_string()) {
            // an answer of its own with this status, in its own form: the problems stand beside it
            Some(own) => beside(own, &problem_response(&codes)),
            None => responses[status.to_string()] = problems,
        }
    }
    if let Some(responses) = responses.as_object_mut() {
        responses.sort_keys();
    }
}

/// The problems that an operation can meet, by their status.
fn by_status(operation: &Operation) -> BTreeMap<u16, Vec<Code>> {
    let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for code in COMMON.iter().copied().chain(problems_of(operation)) {
        let codes = by_status.entry(code.status().as_u16()).or_default();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    by_status
}

/// Puts a problem beside an answer in another form.
fn beside(own: &mut Value, problem: &Value) {
    let words = [own["description"].as_str(), problem["description"].as_str()];
    own["description"] = json!(words.map(Option::unwrap_or_default).join("\n\n"));
    own["headers"] = problem["headers"].clone();
    own["content"]["application/problem+json"] = problem["content"]["application/problem+json"].clone();
}

/// The responses that operations share: one for each problem that comes alone on its status.
pub(super) fn shared(operations: &[Operation]) -> Value {
    let mut alone = BTreeMap::new();
    for codes in operations
        .iter()
        .flat_map(|operation| by_status(operation).into_values())
    {
        if let [code] = codes.as_slice() {
            alone.insert(component(*code), problem_response(&[*code]));
        }
    }
    Value::Object(alone.into_iter().collect())
}

/// The name of a problem's shared response.
fn component(code: Code) -> String {
    format!("{code:?}")
}

fn problem_response(codes: &[Code]) -> Value {
    let mut extra = vec!["Cache-Control"];
    let any = |these: &[Code]| codes.iter().any(|code| these.contains(code));
    if any(&[
        Code::TooManyRequests,
        Code::TooManyAttempts,
        Code::Unavailable,
        Code::RequestInProgress,
    ]) {
        extra.push("Retry-After");
    }
    if any(&[Code::InvalidToken]) {
        extra.push("WWW-Authenticate");
    }
    if any(&[Code::VersionMismatch]) {
        extra.push("ETag");
    }
    let description: Vec<String> = codes
        .iter()
        .map(|code| format!("`{}`: {}", code.as_str(), code.when()))
        .collect();
    let examples: Map<String, Value> = codes
        .iter()
        .map(|code| {
            (
                code.as_str().to_owned(),
                json!({"summary": code.title(), "value": example(*code)}),
            )
        })
        .collect();
    json!({
        "description": description.join("\n\n"),
        "headers": header_references(&extra),
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": examples,
            },
        },
    })
}

fn example(code: Code) -> Value {
    let mut problem = json!({
        "type": type_of(code),
        "title": code.title(),
        "status": code.status().as_u16(),
        "detail": code.when(),
        "code": code.as_str(),
        "request_id": "01a20adb-5b2e-7c4d-9d1e-6f0a2b3c4d5e",
    });
    if code == Code::InvalidBody {
        problem["detail"] = json!("The body has 1 fault.");
        problem["errors"] = json!([{"pointer": "/name/bn", "code": "blank", "detail": "must not be blank"}]);
    }
    if code == Code::InvalidParameter {
        problem["detail"] = json!("The request has 1 fault.");
        problem["errors"] = json!([
            {"pointer": "/query/limit", "code": "out_of_range", "detail": "must be at most 100"}
        ]);
    }
    problem
}

fn header_references(extra: &[&str]) -> Value {
    let mut names: Vec<&str> = EVERYWHERE.iter().chain(extra).copied().collect();
    names.sort_unstable();
    names
        .into_iter()
        .map(|name| (name.to_owned(), json!({"$ref": format!("#/components/headers/{name}")})))
        .collect::<Map<_, _>>()
        .into()
}

/// The headers by their names.
pub(super) fn headers() -> Value {
    let header = |description: &str, max_length: u32, pattern: &str, example: &str| {
        json!({
            "description": description,
            "schema": {"type": "string", "maxLength": max_length, "pattern": pattern},
            "example": example,
        })
    };
    json!({
        "Access-Control-Allow-Origin": header(
            "Public data may be read from any page.", 1, r"^\*$", "*"),
        "Cache-Control": header(
            "Whether and how long the answer may be kept.", 64, "^[a-z0-9=, -]+$", "public, no-cache"),
        "ETag": header(
            "Stands for exactly these bytes; send it back in If-None-Match.", 64, "^\"[^\"]+\"$",
            "\"47DEQpj8HBSa-_TImW-5JA\""),
        "Idempotency-Replayed": header(
            "`true` where the request came before under the same Idempotency-Key, and this is what it was answered then. Absent \
             otherwise.", 4, "^true$", "true"),
        "Location": header(
            "Where the new entry is found.", 256, "^/v1/", "/v1/services/01a20ada-2c02-7403-8776-ea055f760188"),
        "Link": header(
            "The next page, absent on the last one (RFC 8288).", 8192, "^<.*>; rel=\"next\"$",
            "</v1/services?limit=50&cursor=AQAAAAAAAAAyV0mYqJ3sT2c>; rel=\"next\""),
        "RateLimit": header(
            "How many more requests may come at once (`r`), and in how many seconds there will be more (`t`). Absent where \
             the deployment sets no limit.", 64, "^\"[a-z]+\";r=[0-9]+;t=[0-9]+$", "\"requests\";r=1999;t=1"),
        "RateLimit-Policy": header(
            "How many requests may come at once (`q`), and in how many seconds that many are sustained (`w`). Absent \
             where the deployment sets no limit.", 64, "^\"[a-z]+\";q=[0-9]+;w=[0-9]+$", "\"requests\";q=2000;w=2"),
        "Retry-After": {
            "description": "Seconds to wait before the request is sent again.",
            "schema": {"type": "integer", "format": "int32", "minimum": 1, "maximum": 86400},
            "example": 1,
        },
        "Vary": header("What of the request the answer depends on.", 64, "^[A-Za-z, -]+$", "Accept-Encoding"),
        "WWW-Authenticate": header(
            "How to sign in, and why a token was refused (RFC 6750).", 256, "^(Bearer|Basic)",
            "Bearer error=\"invalid_token\""),
        "X-Request-Id": header(
            "Names this request in the service's log: the client's own id where it sent one that fits, else a new one.",
            64, "^[A-Za-z0-9._-]+$", "01a20adb-5b2e-7c4d-9d1e-6f0a2b3c4d5e"),
    })
}
