//! Who is asking: the token that a request carries, and the permission that an operation needs.

use std::future::{Ready, ready};
use std::marker::PhantomData;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{Error, FromRequest, HttpMessage as _, HttpRequest, web};

use super::limits::refuse;
use super::problem::{Code, Problem};
use crate::app::App;
use crate::domain::permission::{Actor, Permission, Permit};

/// Operations that are there for those whose token is no longer good: whatever token they carry does not matter.
const FOR_ANY_TOKEN: [&str; 4] = [
    "/v1/auth/login",
    "/v1/auth/refresh",
    "/v1/auth/logout",
    "/v1/oauth/token",
];

/// Looks up who presents a token. One that is not good is refused everywhere, also where none is needed: whoever sends it
/// is to learn that it means nothing any more.
pub(super) async fn authenticate(
    app: web::Data<App>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if request.headers().contains_key(header::AUTHORIZATION) {
        match who(&app, &request).await {
            Ok(actor) => {
                request.extensions_mut().insert(actor);
            }
            Err(_) if FOR_ANY_TOKEN.contains(&request.path()) => {}
            Err(problem) => return Ok(refuse(request, &problem)),
        }
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

async fn who(app: &App, request: &ServiceRequest) -> Result<Actor, Problem> {
    let invalid = || Problem::new(Code::InvalidToken);
    let mut sent = request.headers().get_all(header::AUTHORIZATION);
    let (Some(authorization), None) = (sent.next(), sent.next()) else {
        return Err(invalid());
    };
    let authorization = authorization.to_str().map_err(|_| invalid())?;
    let (scheme, token) = authorization.split_once(' ').ok_or_else(invalid)?;
    if !scheme.eq_ignore_ascii_case("Bearer") {
        return Err(invalid());
    }
    Ok(app.authenticate(token.trim_start().to_owned()).await?)
}

/// A permission as a type, so that it can stand in the signature of a handler.
pub(super) trait Needed {
    const PERMISSION: Permission;
}

macro_rules! permissions {
    ($($permission:ident),* $(,)?) => {
        /// The permissions as types.
        pub(super) mod to {
            $(pub(in crate::http) struct $permission;)*
        }

        $(impl Needed for to::$permission {
            const PERMISSION: Permission = Permission::$permission;
        })*
    };
}

permissions!(
    SeeOwnSession,
    ChangeOwnPassword,
    EditCharter,
    SeeAbsences,
    KeepAbsences,
    SeeServiceRequests,
    ActOnServiceRequests,
    SeeGrievances,
    ActOnGrievances,
    SeeGrievanceReports,
    KeepBlacklist,
    KeepWebhooks,
    KeepCalendar,
    KeepAccounts,
    KeepClients,
    KeepKeys,
);

/// Whoever is signed in may do this, at one office at least. A handler that takes `May<to::EditCharter>` is not called for
/// anybody else; how far the permit reaches is asked where it is known whose entry it is.
pub(super) struct May<P> {
    pub(super) permit: Permit,
    needed: PhantomData<P>,
}

impl<P: Needed> FromRequest for May<P> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let permit = match signed_in(request) {
            Some(actor) => Permit::of(actor, P::PERMISSION).map_err(|_| Problem::new(Code::PermissionDenied)),
            None => Err(Problem::new(Code::AuthenticationRequired)),
        };
        ready(permit.map(|permit| Self {
            permit,
            needed: PhantomData,
        }))
    }
}

/// Who is signed in, if anybody.
pub(super) fn signed_in(request: &HttpRequest) -> Option<Actor> {
    request.extensions().get::<Actor>().cloned()
}
