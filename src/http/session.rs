//! Signing in and out.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::answer::Answer;
use super::authenticate::{May, signed_in, to};
use super::body::{Body, OptionalBody};
use super::extract::{NoQuery, Query};
use super::limits::ClientAddress;
use super::problem::{Code, Problem};
use super::schemas::{JsonWebKeySet, Session, Tokens};
use super::written::{Written, nothing};
use crate::app::App;
use crate::domain::session::{Credentials, PasswordChange, RefreshInput};

/// Sign in
///
/// Opens a session with the e-mail address and the password of an account. The access token lasts 15 minutes; get the next
/// one with the refresh token. Attempts that fail are counted, by account and by address.
#[utoipa::path(post, path = "/v1/auth/login", operation_id = "open_session",
    responses((status = 200, description = "The tokens of the session.", body = Tokens)))]
pub(super) async fn open_session(
    app: web::Data<App>,
    Query(NoQuery {}): Query<NoQuery>,
    ClientAddress(from): ClientAddress,
    body: Body<Credentials>,
) -> Result<Written, Problem> {
    Written::plain(StatusCode::OK, &app.log_in(body.value, from).await?)
}

/// Go on with a session
///
/// Gives the next tokens for a refresh token, which can be used once. One that comes again ends the session, because
/// somebody has a copy of it. A session lasts 30 days at most, and 7 days without a refresh.
#[utoipa::path(post, path = "/v1/auth/refresh", operation_id = "refresh_session",
    responses((status = 200, description = "The next tokens of the session.", body = Tokens)))]
pub(super) async fn refresh_session(
    app: web::Data<App>,
    Query(NoQuery {}): Query<NoQuery>,
    body: Body<RefreshInput>,
) -> Result<Written, Problem> {
    Written::plain(StatusCode::OK, &app.refresh(body.value.refresh_token).await?)
}

/// Sign out
///
/// Ends the session of the refresh token in the body, of the access token in the Authorization header, or of both. All
/// tokens of the session end at once. A session that has ended already is no fault.
#[utoipa::path(post, path = "/v1/auth/logout", operation_id = "close_session",
    responses((status = 204, description = "The session has ended.")))]
pub(super) async fn close_session(
    app: web::Data<App>,
    request: HttpRequest,
    Query(NoQuery {}): Query<NoQuery>,
    OptionalBody(body): OptionalBody<RefreshInput>,
) -> Result<HttpResponse, Problem> {
    let actor = signed_in(&request);
    if actor.is_none() && body.is_none() {
        return Err(Problem::new(Code::AuthenticationRequired));
    }
    app.log_out(body.map(|body| body.refresh_token), actor).await?;
    Ok(nothing())
}

/// Get the session
///
/// Who the access token stands for: the account or client, the role, the office, and for whom an alternate officer stands in
/// today.
#[utoipa::path(get, path = "/v1/auth/session", operation_id = "get_session",
    responses((status = 200, description = "The session.", body = Session)))]
pub(super) async fn get_session(
    app: web::Data<App>,
    May { permit, .. }: May<to::SeeOwnSession>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Answer, Problem> {
    Ok(Answer::json(&app.get_session(permit.actor().clone()).await?)?.not_kept())
}

/// Change the own password
///
/// All sessions of the account end at once, this one too: sign in again with the new password.
#[utoipa::path(post, path = "/v1/auth/password", operation_id = "change_password",
    responses((status = 204, description = "The password is changed.")))]
pub(super) async fn change_password(
    app: web::Data<App>,
    May { permit, .. }: May<to::ChangeOwnPassword>,
    Query(NoQuery {}): Query<NoQuery>,
    ClientAddress(from): ClientAddress,
    body: Body<PasswordChange>,
) -> Result<HttpResponse, Problem> {
    app.change_password(permit.actor(), body.value, from).await?;
    Ok(nothing())
}

/// Get the JSON Web Key Set
///
/// The public keys with which anybody can verify an access token (RFC 7517). After a rotation the key before stays here
/// until the last token that it signed has expired.
#[utoipa::path(get, path = "/.well-known/jwks.json", operation_id = "get_jwks",
    responses((status = 200, description = "The keys.", body = JsonWebKeySet)))]
pub(super) async fn get_jwks(app: web::Data<App>, Query(NoQuery {}): Query<NoQuery>) -> Result<Answer, Problem> {
    Answer::json(&app.get_jwks().await?)
}
