//! What an operation reads from the body and the headers of a write, checked against the schema that documents it.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{self, Header as _, HeaderName, IfMatch, IfNoneMatch};
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use futures_util::future::LocalBoxFuture;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::problem::{Code, Problem};
use super::schemas::Fault;
use crate::app::idempotency::IdempotencyKey;
use crate::domain::entity_tag::{self, Precondition};
use crate::domain::{json_schema, strict_json};

/// The name under which a client sends a creating request, so that it may send it again.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The JSON body of a request. All faults come at once.
pub(super) struct Body<T> {
    pub(super) value: T,
    fingerprint: String,
}

impl<T: DeserializeOwned + JsonSchema + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = has_media_type(request, "application/json");
        let bytes = whole(request, payload);
        Box::pin(async move {
            if !is_json {
                return Err(Problem::new(Code::UnsupportedMediaType));
            }
            read(&bytes.await?)
        })
    }
}

/// The bytes of a body, which was read before, within its bounds.
fn whole(request: &HttpRequest, payload: &mut Payload) -> impl Future<Output = Result<Bytes, Problem>> + use<> {
    let bytes = Bytes::from_request(request, payload);
    async { bytes.await.map_err(|_| Problem::new(Code::PayloadTooLarge)) }
}

fn read<T: DeserializeOwned + JsonSchema + 'static>(bytes: &[u8]) -> Result<Body<T>, Problem> {
    let document = strict_json::read(bytes).map_err(|error| match error {
        strict_json::Error::Syntax(error) => Problem::new(Code::InvalidJson).detail(format!(
            "The body is no JSON: it breaks off or goes wrong in line {}, column {}.",
            error.line(),
            error.column()
        )),
        strict_json::Error::Faults(faults) => Problem::invalid_body(faults),
    })?;
    let fingerprint = entity_tag::whole_tag(document.to_string().as_bytes());
    let value = json_schema::read(document).map_err(Problem::invalid_body)?;
    Ok(Body { value, fingerprint })
}

/// Whether a request says that its body is of a media type.
fn has_media_type(request: &HttpRequest, media_type: &str) -> bool {
    request.content_type().eq_ignore_ascii_case(media_type)
}

/// A body that may be left out.
pub(super) struct OptionalBody<T>(pub(super) Option<T>);

impl<T: DeserializeOwned + JsonSchema + 'static> FromRequest for OptionalBody<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = has_media_type(request, "application/json");
        let bytes = whole(request, payload);
        Box::pin(async move {
            let bytes = bytes.await?;
            match (bytes.is_empty(), is_json) {
                (true, _) => Ok(Self(None)),
                (false, false) => Err(Problem::new(Code::UnsupportedMediaType)),
                (false, true) => read(&bytes).map(|body| Self(Some(body.value))),
            }
        })
    }
}

/// The media type of a form.
pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// The body of a request as the fields of a form; none where it says that it is something else.
pub(super) struct FormFields(pub(super) Option<Vec<(String, String)>>);

impl FromRequest for FormFields {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_form = has_media_type(request, FORM);
        let bytes = whole(request, payload);
        Box::pin(async move {
            let bytes = bytes.await?;
            Ok(Self(
                is_form.then(|| form_urlencoded::parse(&bytes).into_owned().collect()),
            ))
        })
    }
}

/// The name of a creating request, where the client gives it one.
pub(super) struct RequestKey(Option<String>);

impl RequestKey {
    /// The key of the request with this body.
    pub(super) fn of<T>(self, body: &Body<T>) -> Option<IdempotencyKey> {
        self.0.map(|key| IdempotencyKey {
            key,
            fingerprint: body.fingerprint.clone(),
        })
    }
}

impl FromRequest for RequestKey {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut sent = request.headers().get_all(&IDEMPOTENCY_KEY);
        let key = match (sent.next(), sent.next()) {
            (None, _) => Ok(None),
            (Some(key), None) => match key.to_str() {
                Ok(key) if (1..=255).contains(&key.len()) => Ok(Some(key.to_owned())),
                _ => Err(invalid_header(
                    "Idempotency-Key",
                    "must have 1 to 255 printable ASCII characters",
                )),
            },
            (Some(_), Some(_)) => Err(invalid_header("Idempotency-Key", "must be sent once")),
        };
        ready(key.map(Self))
    }
}

pub(super) fn invalid_header(name: &str, detail: &str) -> Problem {
    Problem::invalid(vec![Fault::new(format!("/header/{name}"), "invalid_format", detail)])
}

/// The state that an entry has to be in: `If-Match`, or `If-None-Match: *` where there must be none yet.
pub(super) struct Condition(pub(super) Precondition);

/// The same, where it may be left out.
pub(super) struct OptionalCondition(pub(super) Option<Precondition>);

impl OptionalCondition {
    /// The condition, or else that it is in the version that the body names.
    pub(super) fn or_version(self, version: Option<i64>) -> Result<Precondition, Problem> {
        let by_version = version.map(|version| Precondition::Matches(vec![version.to_string()]));
        self.0
            .or(by_version)
            .ok_or_else(|| Problem::new(Code::PreconditionRequired))
    }
}

impl FromRequest for Condition {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let condition = condition(request);
        ready(condition.and_then(|condition| {
            let condition = condition.ok_or_else(|| Problem::new(Code::PreconditionRequired))?;
            Ok(Self(condition))
        }))
    }
}

impl FromRequest for OptionalCondition {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(condition(request).map(Self))
    }
}

fn condition(request: &HttpRequest) -> Result<Option<Precondition>, Problem> {
    if request.headers().contains_key(header::IF_MATCH) {
        return match IfMatch::parse(request) {
            Ok(IfMatch::Any) => Ok(Some(Precondition::Exists)),
            // a weak tag never matches: it stands for no exact state (RFC 9110, section 13.1.1)
            Ok(IfMatch::Items(tags)) if !tags.is_empty() => Ok(Some(Precondition::Matches(
                tags.iter()
                    .filter(|tag| !tag.weak)
                    .map(|tag| tag.tag().to_owned())
                    .collect(),
            ))),
            // what cannot be read as a tag is passed over by the parser
            Ok(IfMatch::Items(_)) | Err(_) => Err(invalid_header("If-Match", "must be `*` or ETags, in their quotes")),
        };
    }
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => Ok(Some(Precondition::Absent)),
        _ => Ok(None),
    }
}
