//! Whether the service lives, and whether it can serve.

use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::extract::{NoQuery, Query};
use super::problem::{Code, Problem};
use super::server::Lifecycle;
use crate::app::{self, App};

/// How the service is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Health {
    /// `ok`; anything else comes as a problem.
    #[schema(max_length = 16, pattern = "^[a-z]+$", example = "ok")]
    status: &'static str,
    /// The version of the service.
    #[schema(max_length = 32, pattern = r"^\d+\.\d+\.\d+", example = "0.1.0")]
    version: &'static str,
}

const OK: Health = Health {
    status: "ok",
    version: env!("CARGO_PKG_VERSION"),
};

fn healthy() -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(OK)
}

/// Check that the service lives
///
/// Answers as long as the process can answer at all. Restart the service when it does not.
#[utoipa::path(get, path = "/health/live", operation_id = "check_live",
    responses((status = 200, description = "It lives.", body = Health)))]
pub(super) async fn check_live(Query(NoQuery {}): Query<NoQuery>) -> HttpResponse {
    healthy()
}

/// Check that the service can serve
///
/// Asks the database. Send no requests here while it answers with a problem: the database is not there, or the service is
/// shutting down.
#[utoipa::path(get, path = "/health/ready", operation_id = "check_ready",
    responses((status = 200, description = "It can serve.", body = Health)))]
pub(super) async fn check_ready(
    app: web::Data<App>,
    lifecycle: web::Data<Lifecycle>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<HttpResponse, Problem> {
    if lifecycle.is_draining() {
        return Err(Problem::new(Code::Unavailable)
            .detail("The service is shutting down.")
            .retry_after(1));
    }
    app.store().ping().await.map_err(app::Error::from)?;
    Ok(healthy())
}
