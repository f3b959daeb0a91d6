//! The API's document, and the page that shows it to people.

use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpResponse, web};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::answer::{About, Answer};
use super::extract::{NoQuery, Query};
use super::openapi;

static OPENAPI: LazyLock<Bytes> = LazyLock::new(|| openapi::document().into());
static OPENAPI_3_0: LazyLock<Bytes> = LazyLock::new(|| openapi::document_3_0().into());

/// Get the OpenAPI document
///
/// This document, in OpenAPI 3.1.
#[utoipa::path(get, path = "/openapi.json", operation_id = "get_openapi",
    responses((status = 200, description = "The document.", body = Object)))]
pub(super) async fn get_openapi(Query(NoQuery {}): Query<NoQuery>) -> Answer {
    Answer::of(OPENAPI.clone(), "application/json").about(About::Anything)
}

/// Get the OpenAPI 3.0 document
///
/// The same document in OpenAPI 3.0.3, for generators that take no 3.1.
#[utoipa::path(get, path = "/openapi-3.0.json", operation_id = "get_openapi_3_0",
    responses((status = 200, description = "The document.", body = Object)))]
pub(super) async fn get_openapi_3_0(Query(NoQuery {}): Query<NoQuery>) -> Answer {
    Answer::of(OPENAPI_3_0.clone(), "application/json").about(About::Anything)
}

/// Serves Swagger UI from the program itself: it works offline, and asks no validator on the web.
pub(super) fn register(config: &mut web::ServiceConfig) {
    let ui = Config::from("/openapi.json")
        .validator_url("none")
        .try_it_out_enabled(true);
    config
        .route(
            "/docs",
            web::get().to(|| async {
                HttpResponse::PermanentRedirect()
                    .insert_header((header::LOCATION, "/docs/"))
                    .finish()
            }),
        )
        .service(SwaggerUi::new("/docs/{_:.*}").config(ui));
}
