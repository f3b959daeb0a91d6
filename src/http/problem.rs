//! Problems (RFC 9457): one table of what can go wrong, which drives the answers and their documentation.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::schemas::Fault;
use crate::domain::permission::Denial;
use crate::{app, store};

/// How many seconds a client is asked to wait before it tries again what the service was too busy for.
const RETRY_AFTER_SECONDS: u64 = 1;

/// The table: each code with its status, its title and when it comes.
macro_rules! codes {
    ($($name:ident = $code:literal $status:ident $title:literal, $when:literal;)*) => {
        /// What went wrong, as a word for programs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(super) enum Code {
            $(#[doc = $when] $name,)*
        }

        impl Code {
            /// Every code.
            pub(super) const ALL: &[Self] = &[$(Self::$name,)*];

            pub(super) const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            pub(super) const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }

            pub(super) const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// When this code comes, in a sentence.
            pub(super) const fn when(self) -> &'static str {
                match self { $(Self::$name => $when,)* }
            }
        }
    };
}

codes! {
    InvalidParameter = "invalid_parameter" BAD_REQUEST "A parameter is not valid",
        "A parameter of the URL is unknown, repeated, or has a value that is not allowed, or a header has; `errors` names each one.";
    InvalidCursor = "invalid_cursor" BAD_REQUEST "The cursor is not valid here",
        "The cursor was not given out by this list with these filters; begin again without a cursor.";
    InvalidJson = "invalid_json" BAD_REQUEST "The body is no JSON",
        "The body cannot be read as JSON.";
    InvalidBody = "invalid_body" UNPROCESSABLE_ENTITY "The body is not valid",
        "The body is JSON, but not what is expected here; `errors` names each fault by its pointer.";
    InvalidToken = "invalid_token" UNAUTHORIZED "The token is not valid",
        "The Authorization header has no token that is good now: get a new one, or send none where none is needed.";
    AuthenticationRequired = "authentication_required" UNAUTHORIZED "A token is needed",
        "Only who is signed in may do this: send `Authorization: Bearer` with an access token.";
    InvalidCredentials = "invalid_credentials" UNAUTHORIZED "The credentials are not right",
        "The e-mail address, password or refresh token is not right, or the account is disabled.";
    RefreshTokenReused = "refresh_token_reused" UNAUTHORIZED "The refresh token was used before",
        "A refresh token can be used once. Somebody used this one before, and so its session has ended: sign in again.";
    PermissionDenied = "permission_denied" FORBIDDEN "The role may not do this",
        "The role that is signed in does not have this permission, or not at this office.";
    NotFound = "not_found" NOT_FOUND "There is no such thing",
        "Nothing has this id or code, or no longer.";
    RouteNotFound = "route_not_found" NOT_FOUND "There is no such address",
        "The path is none of this API's; the document at /openapi.json lists them all.";
    MethodNotAllowed = "method_not_allowed" METHOD_NOT_ALLOWED "The method is not allowed here",
        "The path exists, but not with this method; the Allow header lists those it has.";
    RequestTimeout = "request_timeout" REQUEST_TIMEOUT "The request took too long to arrive",
        "The body did not arrive in time; send it again, faster or smaller.";
    PayloadTooLarge = "payload_too_large" PAYLOAD_TOO_LARGE "The body is too large",
        "The body exceeds what this address accepts.";
    NotStandingIn = "not_standing_in" FORBIDDEN "The alternate officer does not stand in",
        "An alternate officer may act only while the responsible officer is recorded absent, while the post is vacant, or on a case that was handed over.";
    ActionNotAvailable = "action_not_available" CONFLICT "The act is not available",
        "This cannot be done in the state that the case is in; `available_actions` of the case lists what can.";
    AboutOneself = "about_oneself" FORBIDDEN "The grievance is about whoever acts",
        "Nobody handles a grievance about oneself: give an opinion where one was asked for, or appeal.";
    Blacklisted = "blacklisted" FORBIDDEN "The complainant is on the blacklist",
        "Grievances of this complainant cannot be filed online (guideline, section 8); the office takes them by letter.";
    TooEarly = "too_early" CONFLICT "It is too early for a grievance",
        "The time limit of the service has not passed, and no decision has been made (guideline 6.1(ঙ)); `file_from` is the day from which the grievance can be filed.";
    NotAdmissible = "not_admissible" UNPROCESSABLE_ENTITY "The grievance is not admissible",
        "Before a court or under its investigation, about the right to information, or with a review or appeal that a law gives: another authority redresses it (guideline 6.1).";
    Conflict = "conflict" CONFLICT "It contradicts what is there",
        "What is asked for contradicts what is there; `detail` says what.";
    RequestInProgress = "request_in_progress" CONFLICT "The same request is being worked on",
        "A request with this Idempotency-Key is being worked on: send it again a little later.";
    VersionMismatch = "version_mismatch" PRECONDITION_FAILED "It has changed meanwhile",
        "It is in another state than the condition names. The ETag header has the tag of the current one: read it, and decide anew.";
    PreconditionRequired = "precondition_required" PRECONDITION_REQUIRED "A condition is needed",
        "Say in If-Match which state is to be replaced: the ETag with which it was read.";
    IdempotencyKeyReused = "idempotency_key_reused" UNPROCESSABLE_ENTITY "The Idempotency-Key belongs to another request",
        "Another request was sent with this Idempotency-Key in the last 24 hours; every request needs a key of its own.";
    UnsupportedMediaType = "unsupported_media_type" UNSUPPORTED_MEDIA_TYPE "The body is of another media type",
        "Say in Content-Type that the body is `application/json`, or what else the operation takes.";
    TooManyAttempts = "too_many_attempts" TOO_MANY_REQUESTS "Too many attempts to sign in",
        "Too many attempts have failed, at this account or from this address; wait as long as Retry-After says.";
    UriTooLong = "uri_too_long" URI_TOO_LONG "The URL is too long",
        "The path and query together exceed 8 KiB.";
    UnsupportedContentEncoding = "unsupported_content_encoding" UNSUPPORTED_MEDIA_TYPE "The body is compressed",
        "Request bodies are taken as they are; send it without a Content-Encoding.";
    TooManyRequests = "too_many_requests" TOO_MANY_REQUESTS "Too many requests",
        "This address sent more requests than its share; wait as long as Retry-After says.";
    Internal = "internal" INTERNAL_SERVER_ERROR "The service failed",
        "A fault of the service; report the request id. The request may be sent again.";
    Unavailable = "unavailable" SERVICE_UNAVAILABLE "The service is busy",
        "The database cannot serve right now; send the request again after Retry-After.";
}

/// A problem on its way to the client. The request id joins it where the answer is written.
#[derive(Clone, Debug)]
pub(super) struct Problem {
    pub(super) code: Code,
    detail: Option<String>,
    faults: Vec<Fault>,
    retry_after: Option<u64>,
    tag: Option<String>,
    file_from: Option<NaiveDate>,
}

impl Problem {
    pub(super) const fn new(code: Code) -> Self {
        Self {
            code,
            detail: None,
            faults: Vec::new(),
            retry_after: None,
            tag: None,
            file_from: None,
        }
    }

    /// Says more than the code's own sentence. Never what was sent.
    pub(super) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    pub(super) fn faults(mut self, faults: Vec<Fault>) -> Self {
        self.faults = faults;
        self
    }

    pub(super) const fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// After how many seconds it is worth another try.
    pub(super) const fn seconds(&self) -> Option<u64> {
        self.retry_after
    }

    /// The body that the client is sent.
    pub(super) fn document(&self, request_id: &str) -> ProblemDocument {
        ProblemDocument {
            r#type: type_of(self.code),
            title: self.code.title().to_owned(),
            status: i32::from(self.code.status().as_u16()),
            detail: self.detail.clone().unwrap_or_else(|| self.code.when().to_owned()),
            code: self.code.as_str().to_owned(),
            request_id: request_id.to_owned(),
            file_from: self.file_from,
            errors: self.faults.clone(),
        }
    }
}

/// The URI that identifies a kind of problem.
pub(super) fn type_of(code: Code) -> String {
    format!("urn:citizens-charter:problem:{}", code.as_str())
}

/// A problem (RFC 9457): what went wrong, for programs and for people.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct ProblemDocument {
    /// Identifies the kind of problem.
    #[schema(
        format = "uri",
        max_length = 256,
        example = "urn:citizens-charter:problem:invalid_parameter"
    )]
    r#type: String,
    /// The kind of problem in a few words.
    #[schema(max_length = 256, pattern = r"\S", example = "A parameter is not valid")]
    title: String,
    /// The HTTP status of the answer.
    #[schema(minimum = 400, maximum = 599, example = 400)]
    pub(super) status: i32,
    /// What went wrong this time and what to do about it. It never repeats what was sent.
    #[schema(max_length = 1024, pattern = r"\S", example = "The query has 1 fault.")]
    pub(super) detail: String,
    /// The kind of problem as a stable word. Later versions may add words.
    #[schema(max_length = 64, pattern = "^[a-z_]+$", example = "invalid_parameter")]
    code: String,
    /// Names this request in the service's log.
    #[schema(
        max_length = 64,
        pattern = "^[A-Za-z0-9._-]+$",
        example = "01a20adb-5b2e-7c4d-9d1e-6f0a2b3c4d5e"
    )]
    request_id: String,
    /// With `too_early`: the day in Dhaka from which the grievance can be filed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "date", max_length = 10, example = "2026-12-02")]
    file_from: Option<NaiveDate>,
    /// Every single fault, where there are any to name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 10000, required = false)]
    pub(super) errors: Vec<Fault>,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.code.status()
    }

    /// The head of the answer; [`super::observe`] writes the body, because it knows the request id.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.code.status());
        response
            .headers_mut()
            .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.code.status() == StatusCode::UNAUTHORIZED {
            let challenge = match self.code {
                Code::InvalidToken => "Bearer error=\"invalid_token\"",
                _ => "Bearer",
            };
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        if let Some(Ok(tag)) = self
            .tag
            .as_ref()
            .map(|tag| HeaderValue::from_str(&format!("\"{tag}\"")))
        {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response.extensions_mut().insert(self.clone());
        response
    }
}

impl From<app::Error> for Problem {
    fn from(error: app::Error) -> Self {
        match error {
            app::Error::NotFound(noun) => Self::new(Code::NotFound).detail(format!("There is no such {noun}.")),
            app::Error::Invalid(faults) => Self::invalid_body(faults),
            app::Error::InvalidParameter(faults) => Self::invalid(faults),
            app::Error::InvalidToken => Self::new(Code::InvalidToken),
            app::Error::InvalidCredentials => Self::new(Code::InvalidCredentials),
            app::Error::RefreshTokenReused => Self::new(Code::RefreshTokenReused),
            app::Error::TooManyAttempts(seconds) => Self::new(Code::TooManyAttempts).retry_after(seconds),
            app::Error::AuthenticationRequired => Self::new(Code::AuthenticationRequired),
            app::Error::NotAvailable => Self::new(Code::ActionNotAvailable),
            app::Error::Denied(Denial::NotStandingIn) => Self::new(Code::NotStandingIn),
            app::Error::Denied(Denial::AboutOneself) => Self::new(Code::AboutOneself),
            app::Error::TooEarly { from } => Self {
                file_from: Some(from),
                ..Self::new(Code::TooEarly)
            },
            app::Error::NotAdmissible => Self::new(Code::NotAdmissible),
            app::Error::Blacklisted => Self::new(Code::Blacklisted),
            app::Error::Denied(Denial::PermissionDenied) => Self::new(Code::PermissionDenied),
            app::Error::Stale { current } => Self {
                tag: current,
                ..Self::new(Code::VersionMismatch)
            },
            app::Error::Conflict(words) => Self::new(Code::Conflict).detail(words),
            app::Error::IdempotencyKeyReused => Self::new(Code::IdempotencyKeyReused),
            app::Error::InProgress => Self::new(Code::RequestInProgress).retry_after(RETRY_AFTER_SECONDS),
            app::Error::Cryptography(error) | app::Error::Keys(error) => {
                log::error!("cryptography failed: {error}");
                Self::new(Code::Internal)
            }
            app::Error::Store(
                error @ (store::Error::Busy(_) | store::Error::Unavailable(_) | store::Error::Cut(_)),
            ) => {
                log::warn!("{error}");
                Self::new(Code::Unavailable).retry_after(RETRY_AFTER_SECONDS)
            }
            app::Error::Store(error) => {
                log::error!("{error}");
                Self::new(Code::Internal)
            }
        }
    }
}

impl Problem {
    /// The problem of a URL or a header with these faults.
    pub(super) fn invalid(faults: Vec<Fault>) -> Self {
        let detail = match faults.len() {
            1 => "The request has 1 fault.".to_owned(),
            n => format!("The request has {n} faults."),
        };
        Self::new(Code::InvalidParameter).detail(detail).faults(faults)
    }

    /// The problem of a body with these faults.
    pub(super) fn invalid_body(faults: Vec<Fault>) -> Self {
        let detail = match faults.len() {
            1 => "The body has 1 fault.".to_owned(),
            n => format!("The body has {n} faults."),
        };
        Self::new(Code::InvalidBody).detail(detail).faults(faults)
    }

    /// The problem that stands for an error of the framework itself.
    pub(super) fn of_status(status: StatusCode) -> Self {
        let code = Code::ALL.iter().copied().find(|code| code.status() == status);
        Self::new(code.unwrap_or(if status.is_client_error() {
            Code::InvalidParameter
        } else {
            Code::Internal
        }))
    }
}
