//! What every request meets first and every answer passes last: the request id, the problem's body, the log, the metrics.

use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, web};
use uuid::Uuid;

use super::limits::Unread;
use super::metrics::Metrics;
use super::open311;
use super::problem::{Code, Problem};
use super::server::Lifecycle;

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request: the caller's own where it is fit for a log, else a new one.
pub(super) fn request_id(headers: &HeaderMap) -> String {
    let sent = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok());
    let fit = |id: &&str| {
        (1..=64).contains(&id.len())
            && id
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
    };
    sent.filter(fit)
        .map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
}

/// The outermost middleware.
pub(super) async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let request_id = request_id(request.headers());
    let method = request.method().clone();
    let metrics = request.app_data::<web::Data<Metrics>>().cloned();
    let lifecycle = request.app_data::<web::Data<Lifecycle>>().cloned();
    let mut response = write_problem(next.call(request).await?.map_into_boxed_body(), &request_id);

    if let Ok(id) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    if lifecycle.is_some_and(|lifecycle| lifecycle.is_draining()) {
        response
            .response_mut()
            .head_mut()
            .set_connection_type(actix_web::http::ConnectionType::Close);
    }
    // the pattern of the path, never the path: what stands in it may be about a person
    let route = response
        .request()
        .match_pattern()
        .unwrap_or_else(|| "(none)".to_owned());
    let (status, took) = (response.status(), started.elapsed());
    if let Some(metrics) = metrics {
        metrics.count(&route, &method, status, took);
    }
    log::info!(
        target: "access",
        "{method} {route} {} {:.3} ms {request_id}",
        status.as_u16(),
        took.as_secs_f64() * 1e3
    );
    Ok(response)
}

/// Writes the body of a problem, whether it is one of this service's own or an error of the framework.
fn write_problem(mut response: ServiceResponse, request_id: &str) -> ServiceResponse {
    let own = response.response_mut().extensions_mut().remove::<Problem>();
    let problem = match own {
        Some(problem) => problem,
        None if is_bare_error(&response) => Problem::of_status(response.status()),
        None => return response,
    };
    let (document, media_type) = open311::error(response.request().path(), &problem).unwrap_or_else(|| {
        let document = serde_json::to_vec(&problem.document(request_id)).unwrap_or_default();
        (document, "application/problem+json")
    });
    let unread = response.response_mut().extensions_mut().remove::<Unread>();
    let mut response = response.map_body(|_, _| match unread {
        Some(unread) => unread.behind(document),
        None => BoxBody::new(document),
    });
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    response.headers_mut().remove(header::CONTENT_ENCODING);
    response
}

/// Whether an answer is an error without a document of its own. Readiness says in its own words why it is not ready,
/// and pages say it to people.
fn is_bare_error(response: &ServiceResponse) -> bool {
    let status = response.status();
    let content_type = response.headers().get(header::CONTENT_TYPE);
    let written = |kind: &[u8]| content_type.is_some_and(|content_type| content_type.as_bytes().starts_with(kind));
    (status.is_client_error() || status.is_server_error()) && !written(b"application/") && !written(b"text/html")
}

/// The answer to an address that nothing is at.
pub(super) async fn route_not_found() -> Result<&'static str, Problem> {
    Err(Problem::new(Code::RouteNotFound))
}
