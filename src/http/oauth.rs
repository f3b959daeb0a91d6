//! The token endpoint of OAuth 2.0 (RFC 6749): client credentials, in the form that OAuth clients expect.

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Responder as _, web};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::FormFields;
use super::extract::{NoQuery, Query};
use super::limits::ClientAddress;
use super::problem::Problem;
use super::schemas::ClientToken;
use super::written::Written;
use crate::app::{self, App};

/// The one grant there is.
const CLIENT_CREDENTIALS: &str = "client_credentials";

/// What a client asks the token endpoint for. It names itself in a Basic Authorization header, or else here.
#[derive(Debug, Deserialize, JsonSchema)]
#[expect(dead_code, reason = "it documents a form, which is read by the rules of RFC 6749")]
pub(super) struct TokenRequest {
    /// What is granted: `client_credentials`.
    #[schemars(length(max = 64), regex(pattern = "^client_credentials$"), extend("examples" = ["client_credentials"]))]
    grant_type: String,
    /// The client's id, where no Authorization header has it.
    #[schemars(length(max = 64), regex(pattern = "^[A-Za-z0-9-]*$"), extend("examples" = ["01a20adc-22bb-7d4f-9c3e-6a5f4e3d2c1b"]))]
    client_id: Option<String>,
    /// The client's secret, where no Authorization header has it.
    #[schemars(length(max = 256), extend("format" = "password", "examples" = ["q0m7w0Y5m3pZ2n8R1t6v4x9B0c5d8f2g7h1j3k6l9o0"]))]
    client_secret: Option<String>,
    /// Not used: a client's token is good for everything that its role may do.
    #[schemars(length(max = 256), regex(pattern = r"^[\x21\x23-\x5B\x5D-\x7E ]*$"), extend("examples" = ["charters"]))]
    scope: Option<String>,
}

/// Why no token is given (RFC 6749, section 5.2).
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OAuthError {
    /// The kind of error, as OAuth clients know it.
    #[schema(max_length = 64, pattern = "^[a-z_]+$", example = "invalid_client")]
    error: &'static str,
    /// The same for people.
    #[schema(
        max_length = 256,
        pattern = r"\S",
        example = "The client is unknown, or its secret is not right."
    )]
    error_description: &'static str,
}

impl OAuthError {
    const INVALID_REQUEST: Self = Self {
        error: "invalid_request",
        error_description: "The body must be a form in which each parameter stands once, and the client must name itself once.",
    };
    const UNSUPPORTED_GRANT_TYPE: Self = Self {
        error: "unsupported_grant_type",
        error_description: "The only grant_type is client_credentials.",
    };
    const INVALID_CLIENT: Self = Self {
        error: "invalid_client",
        error_description: "The client is unknown, or its secret is not right.",
    };

    fn answer(&self) -> HttpResponse {
        let (status, challenge) = match self.error {
            "invalid_client" => (StatusCode::UNAUTHORIZED, true),
            _ => (StatusCode::BAD_REQUEST, false),
        };
        let mut response = HttpResponse::build(status);
        response.insert_header((header::CACHE_CONTROL, "no-store"));
        if challenge {
            let challenge = HeaderValue::from_static("Basic realm=\"citizens-charter\"");
            response.insert_header((header::WWW_AUTHENTICATE, challenge));
        }
        response.json(self)
    }
}

/// Get a token for a client
///
/// Client credentials (RFC 6749, section 4.4): the client names itself by a Basic Authorization header, or by `client_id` and
/// `client_secret` in the form. The token lasts 15 minutes; ask for the next one here.
#[utoipa::path(post, path = "/v1/oauth/token", operation_id = "issue_token",
    responses(
        (status = 200, description = "The token.", body = ClientToken),
        (status = 400, description = "`invalid_request`: the form is not right.\n\n\
            `unsupported_grant_type`: the only grant is `client_credentials`.", body = OAuthError),
        (status = 401, description = "`invalid_client`: the client is unknown, or its secret is not right.",
            body = OAuthError),
    ))]
pub(super) async fn issue_token(
    app: web::Data<App>,
    request: HttpRequest,
    Query(NoQuery {}): Query<NoQuery>,
    ClientAddress(from): ClientAddress,
    FormFields(form): FormFields,
) -> Result<HttpResponse, Problem> {
    let (id, secret) = match asked(request.headers(), form) {
        Ok(client) => client,
        Err(error) => return Ok(error.answer()),
    };
    match app.issue_client_token(id.parse().ok(), secret, from).await {
        Ok(token) => Ok(Written::plain(StatusCode::OK, &token)?.respond_to(&request)),
        Err(app::Error::InvalidCredentials) => Ok(OAuthError::INVALID_CLIENT.answer()),
        Err(error) => Err(error.into()),
    }
}

/// The client's id and secret, where the request is one for client credentials.
fn asked(headers: &HeaderMap, form: Option<Vec<(String, String)>>) -> Result<(String, String), OAuthError> {
    let (mut grant_type, mut id, mut secret) = (None, None, None);
    for (name, value) in form.ok_or(OAuthError::INVALID_REQUEST)? {
        let known = match &*name {
            "grant_type" => &mut grant_type,
            "client_id" => &mut id,
            "client_secret" => &mut secret,
            // RFC 6749, section 3.2: what is not known is passed over
            _ => continue,
        };
        if known.replace(value).is_some() {
            return Err(OAuthError::INVALID_REQUEST);
        }
    }
    match grant_type.as_deref() {
        None | Some("") => return Err(OAuthError::INVALID_REQUEST),
        Some(CLIENT_CREDENTIALS) => {}
        Some(_) => return Err(OAuthError::UNSUPPORTED_GRANT_TYPE),
    }
    match (basic(headers), id, secret) {
        // a client that names itself twice has to say the same (RFC 6749, section 2.3)
        (Some((known, secret)), id, None) if id.as_ref().is_none_or(|id| *id == known) => Ok((known, secret)),
        (Some(_), ..) => Err(OAuthError::INVALID_REQUEST),
        (None, Some(id), Some(secret)) => Ok((id, secret)),
        (None, ..) => Err(OAuthError::INVALID_CLIENT),
    }
}

/// The id and the secret of a Basic Authorization header, each form-encoded (RFC 6749, section 2.3.1).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let authorization = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = authorization.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("Basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    let plain = |part: &str| {
        let pair = format!("x={part}");
        let (_, value) = form_urlencoded::parse(pair.as_bytes()).next()?;
        Some(value.into_owned())
    };
    Some((plain(id)?, plain(secret)?))
}
