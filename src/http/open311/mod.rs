//! Open311 GeoReport v2 under `/open311/v2`: services, their definitions, requests and tokens, in JSON and in XML, for the
//! clients that cities have. See <https://wiki.open311.org/GeoReport_v2/>.
//!
//! A jurisdiction is an office, a service code the id of a service, a token the tracking code. What applicants say of
//! themselves goes in and does not come out; grievances are not there at all.

mod discovery;
mod document;
mod parameters;
mod request;
mod service;

use actix_web::http::Method;
use actix_web::{guard, web};

pub(super) use document::error;

/// Serves it. Its own specification describes it, and so the OpenAPI document does not.
pub(super) fn register(config: &mut web::ServiceConfig) {
    let read = || web::route().guard(guard::Any(guard::Get()).or(guard::Head()));
    let path = |path: &str| web::resource(format!("/open311/v2/{path}.{{format}}"));
    config
        .service(path("discovery").route(read().to(discovery::get)))
        .service(path("services").route(read().to(service::list)))
        .service(path("services/{code}").route(read().to(service::define)))
        .service(
            path("requests")
                .route(read().to(request::list))
                .route(web::method(Method::POST).to(request::create)),
        )
        .service(path("requests/{id}").route(read().to(request::get)))
        .service(path("tokens/{token}").route(read().to(request::token)));
}
