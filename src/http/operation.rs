//! An operation: a handler with everything that its route and its documentation need.

use std::collections::BTreeMap;

use actix_web::http::Method;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError as _, Route, guard, web};
use serde_json::Value;
use utoipa::openapi::HttpMethod;
use utoipa::openapi::path::Operation as Documentation;

use super::problem::{Code, Problem};
use crate::domain::permission::Permission;

/// What an operation does, as far as its headers and its problems follow from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It reads what anybody may keep: the answer has an ETag, and is asked about anew each time.
    Read,
    /// It reads what is of this moment, or for this reader only.
    Look,
    /// It reads a case in the version that its ETag names.
    Inspect,
    /// It does something to a case in the version that `If-Match` or the body names.
    Transit,
    /// It does something once for each `Idempotency-Key`.
    ActOnce,
    /// It creates an entry, once for each `Idempotency-Key`.
    Create,
    /// It replaces an entry in the state that `If-Match` names.
    Replace,
    /// It puts an entry in the place of one in the state that `If-Match` names, or where there is none yet
    /// (`If-None-Match: *`).
    Put,
    /// It removes an entry in the state that `If-Match` names.
    Remove,
    /// It does something else.
    Act,
}

/// What an operation takes in its body.
#[derive(Clone, Copy)]
pub(super) struct Input {
    /// The name of its schema.
    pub(super) name: fn() -> String,
    /// Its schema.
    pub(super) schema: fn() -> Value,
}

/// One operation of the API.
pub(super) struct Operation {
    pub(super) path: String,
    pub(super) method: HttpMethod,
    /// The group it is documented in.
    pub(super) tag: &'static str,
    pub(super) documentation: Documentation,
    pub(super) kind: Kind,
    /// What somebody has to be permitted to do; absent where anybody may.
    pub(super) permission: Option<Permission>,
    /// The problems of its own; those that follow from its kind are added.
    pub(super) problems: &'static [Code],
    /// The schema of its query string.
    pub(super) query: fn() -> Value,
    /// The schema of its path's parameters.
    pub(super) path_parameters: fn() -> Value,
    pub(super) body: Option<Input>,
    pub(super) route: fn() -> Route,
}

/// Lists operations: the tag, the module and the handler, what it reads of the request, its kind, the permission that it
/// needs, and its own problems.
macro_rules! operations {
    ($($tag:literal $module:ident::$handler:ident(path: $path:ty, query: $query:ty $(, body: $body:ty)?)
        $kind:ident $(for $permission:ident)? [$($problem:ident),*];)*) => {
        ::pastey::paste! {
            vec![$(
                $crate::http::operation::Operation {
                    path: <super::$module::[<__path_ $handler>] as ::utoipa::Path>::path(),
                    method: <super::$module::[<__path_ $handler>] as ::utoipa::Path>::methods()
                        .into_iter().next().unwrap_or(::utoipa::openapi::HttpMethod::Get),
                    tag: $tag,
                    documentation: <super::$module::[<__path_ $handler>] as ::utoipa::Path>::operation(),
                    kind: $crate::http::operation::Kind::$kind,
                    permission: $crate::http::operation::operations!(@permission $($permission)?),
                    problems: &[$($crate::http::problem::Code::$problem),*],
                    query: $crate::domain::json_schema::schema_of::<$query>,
                    path_parameters: $crate::domain::json_schema::schema_of::<$path>,
                    body: $crate::http::operation::operations!(@body $($body)?),
                    route: || ::actix_web::Route::new().to(super::$module::$handler),
                },
            )*]
        }
    };
    (@permission) => { None };
    (@permission $permission:ident) => { Some($crate::domain::permission::Permission::$permission) };
    (@body) => { None };
    (@body $body:ty) => {
        Some($crate::http::operation::Input {
            name: || <$body as ::schemars::JsonSchema>::schema_name().into_owned(),
            schema: $crate::domain::json_schema::schema_of::<$body>,
        })
    };
}
pub(super) use operations;

/// Lets a route answer what reads: HEAD where there is GET.
fn get_or_head() -> impl guard::Guard {
    guard::Any(guard::Get()).or(guard::Head())
}

/// A route that answers what reads.
pub(super) fn reading() -> Route {
    web::route().guard(get_or_head())
}

/// Registers operations: every path answers its own methods, HEAD where there is GET, and says so to any other one.
pub(super) fn register(operations: &[Operation], config: &mut web::ServiceConfig) {
    let mut by_path: BTreeMap<&str, Vec<&Operation>> = BTreeMap::new();
    for operation in operations {
        by_path.entry(&operation.path).or_default().push(operation);
    }
    for (path, operations) in by_path {
        let mut resource = web::resource(path);
        let mut allowed = Vec::new();
        for operation in operations {
            let method = method(operation);
            allowed.push(method.clone());
            let route = (operation.route)();
            resource = resource.route(if method == Method::GET {
                allowed.push(Method::HEAD);
                route.guard(get_or_head())
            } else {
                route.guard(guard::Method(method))
            });
        }
        config.service(resource.default_service(web::to(move || {
            let refusal = method_not_allowed(&allowed);
            async { refusal }
        })));
    }
}

fn method(operation: &Operation) -> Method {
    match operation.method {
        HttpMethod::Post => Method::POST,
        HttpMethod::Put => Method::PUT,
        HttpMethod::Delete => Method::DELETE,
        _ => Method::GET,
    }
}

/// The answer to a method that an address does not have.
pub(super) fn method_not_allowed(allowed: &[Method]) -> HttpResponse {
    let mut response = Problem::new(Code::MethodNotAllowed).error_response();
    let names: Vec<&str> = allowed.iter().map(Method::as_str).collect();
    if let Ok(allow) = HeaderValue::from_str(&names.join(", ")) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}
