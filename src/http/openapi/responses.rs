//! Responses: what every operation can answer besides what it was asked for, and the headers that come along.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::http::operation::{Caching, Operation};
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

/// Adds to the responses of an operation what follows from its route.
pub(super) fn complete(responses: &mut Value, operation: &Operation) {
    let mut extra: Vec<&str> = Vec::new();
    if operation.caching == Caching::Revalidate {
        extra.extend(["Cache-Control", "ETag", "Vary"]);
        responses["304"] = json!({
            "description": "The client has this answer already.",
            "headers": header_references(&extra),
        });
    } else {
        extra.push("Cache-Control");
    }
    // a feed has no last page, and its next one is nothing to link to yet
    if operation.problems.contains(&Code::InvalidCursor) && operation.tag != "changes" {
        extra.push("Link");
    }
    responses["200"]["headers"] = header_references(&extra);

    let mut by_status: BTreeMap<u16, Vec<Code>> = BTreeMap::new();
    for code in COMMON.iter().chain(operation.problems) {
        by_status.entry(code.status().as_u16()).or_default().push(*code);
    }
    for (status, codes) in by_status {
        responses[status.to_string()] = match codes.as_slice() {
            [code] => json!({"$ref": format!("#/components/responses/{}", component(*code))}),
            codes => problem_response(codes),
        };
    }
    if let Some(responses) = responses.as_object_mut() {
        responses.sort_keys();
    }
}

/// The responses that operations share: one for each problem that comes alone on its status.
pub(super) fn shared() -> Value {
    let alone = COMMON.iter().chain(&[Code::NotFound]);
    let responses: Map<String, Value> = alone
        .map(|code| (component(*code), problem_response(&[*code])))
        .collect();
    Value::Object(responses)
}

/// The name of a problem's shared response.
fn component(code: Code) -> String {
    format!("{code:?}")
}

fn problem_response(codes: &[Code]) -> Value {
    let mut extra = vec!["Cache-Control"];
    if codes
        .iter()
        .any(|code| matches!(code, Code::TooManyRequests | Code::Unavailable))
    {
        extra.push("Retry-After");
    }
    if codes.contains(&Code::InvalidToken) {
        extra.push("WWW-Authenticate");
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
            "Why the token was refused (RFC 6750).", 256, "^Bearer", "Bearer error=\"invalid_token\""),
        "X-Request-Id": header(
            "Names this request in the service's log: the client's own id where it sent one that fits, else a new one.",
            64, "^[A-Za-z0-9._-]+$", "01a20adb-5b2e-7c4d-9d1e-6f0a2b3c4d5e"),
    })
}
