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
use actix_web::web;

pub(super) use document::error;

use super::operation::reading;

/// Serves it. Its own specification describes it, and so the OpenAPI document does not.
pub(super) fn register(config: &mut web::ServiceConfig) {
    let path = |path: &str| web::resource(format!("/open311/v2/{path}.{{format}}"));
    config
        .service(path("discovery").route(reading().to(discovery::get)))
        .service(path("services").route(reading().to(service::list)))
        .service(path("services/{code}").route(reading().to(service::define)))
        .service(
            path("requests")
                .route(reading().to(request::list))
                .route(web::method(Method::POST).to(request::create)),
        )
        .service(path("requests/{id}").route(reading().to(request::get)))
        .service(path("tokens/{token}").route(reading().to(request::token)));
}
