//! An operation: a handler with everything that its route and its documentation need.

use actix_web::http::Method;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpResponse, ResponseError as _, Route, guard, web};
use serde_json::Value;
use utoipa::openapi::path::Operation as Documentation;

use super::problem::{Code, Problem};

/// What the client may keep of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caching {
    /// It has an ETag, and is asked about anew each time.
    Revalidate,
    /// It is of this moment only.
    Never,
}

/// One operation of the API.
pub(super) struct Operation {
    pub(super) path: String,
    /// The group it is documented in.
    pub(super) tag: &'static str,
    pub(super) documentation: Documentation,
    pub(super) caching: Caching,
    /// The problems of its own; those that any request can meet are added to every operation.
    pub(super) problems: &'static [Code],
    /// The schema of its query string.
    pub(super) query: fn() -> Value,
    /// The schema of its path's parameters.
    pub(super) path_parameters: fn() -> Value,
    pub(super) route: fn() -> Route,
}

/// Lists operations: the tag, the module and the handler, what it reads of the URL, how it is cached, and its own problems.
macro_rules! operations {
    ($($tag:literal $module:ident::$handler:ident(path: $path:ty, query: $query:ty) $caching:ident [$($problem:ident),*];)*) => {
        ::pastey::paste! {
            vec![$(
                $crate::http::operation::Operation {
                    path: <super::$module::[<__path_ $handler>] as ::utoipa::Path>::path(),
                    tag: $tag,
                    documentation: <super::$module::[<__path_ $handler>] as ::utoipa::Path>::operation(),
                    caching: $crate::http::operation::Caching::$caching,
                    problems: &[$($crate::http::problem::Code::$problem),*],
                    query: $crate::domain::json_schema::schema_of::<$query>,
                    path_parameters: $crate::domain::json_schema::schema_of::<$path>,
                    route: || ::actix_web::Route::new().to(super::$module::$handler),
                },
            )*]
        }
    };
}
pub(super) use operations;

/// Registers operations: every path answers its own methods, HEAD where there is GET, and says so to any other one.
pub(super) fn register(operations: &[Operation], config: &mut web::ServiceConfig) {
    for operation in operations {
        let route = (operation.route)().guard(guard::Any(guard::Get()).or(guard::Head()));
        config.service(
            web::resource(operation.path.as_str())
                .route(route)
                .default_service(web::to(|| async { method_not_allowed(&[Method::GET, Method::HEAD]) })),
        );
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
