//! Metrics for Prometheus.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use actix_web::http::header::CACHE_CONTROL;
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpResponse, web};
use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::extract::{NoQuery, Query};
use super::problem::{Code, Problem};
use crate::app::App;

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    method: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RouteLabels {
    route: String,
    method: String,
}

/// Bounds of the latency histogram in seconds, from a cached read to a slow write.
const BUCKETS: [f64; 12] = [
    0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.0, 10.0,
];

/// What is counted.
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    latency: Family<RouteLabels, Histogram, fn() -> Histogram>,
    connections: Gauge,
    connections_in_use: Gauge,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("charter");
        let requests = Family::default();
        registry.register(
            "http_requests",
            "Requests by route, method and status",
            requests.clone(),
        );
        let histogram: fn() -> Histogram = || Histogram::new(BUCKETS);
        let latency = Family::new_with_constructor(histogram);
        registry.register(
            "http_request_duration_seconds",
            "Seconds from a request's head to its answer, by route and method",
            latency.clone(),
        );
        let connections = Gauge::<i64>::default();
        registry.register("db_connections", "Open database connections", connections.clone());
        let connections_in_use = Gauge::<i64>::default();
        registry.register(
            "db_connections_in_use",
            "Database connections at work",
            connections_in_use.clone(),
        );
        let started = Gauge::<f64, AtomicU64>::default();
        started.set(chrono::Utc::now().timestamp_micros() as f64 / 1e6);
        registry.register("start_time_seconds", "When the service started, in Unix time", started);
        Self {
            registry,
            requests,
            latency,
            connections,
            connections_in_use,
        }
    }

    pub(super) fn count(&self, route: &str, method: &Method, status: StatusCode, took: Duration) {
        // a client may invent methods: only those that are known become labels
        let known = [
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
            Method::OPTIONS,
        ];
        let method = if known.contains(method) {
            method.as_str()
        } else {
            "OTHER"
        };
        self.requests
            .get_or_create(&RequestLabels {
                route: route.to_owned(),
                method: method.to_owned(),
                status: status.as_u16(),
            })
            .inc();
        self.latency
            .get_or_create(&RouteLabels {
                route: route.to_owned(),
                method: method.to_owned(),
            })
            .observe(took.as_secs_f64());
    }
}

/// Metrics in the OpenMetrics text format.
#[derive(utoipa::ToSchema)]
#[schema(
    max_length = 1048576,
    pattern = "# EOF",
    example = "# TYPE charter_db_connections gauge # EOF"
)]
#[expect(dead_code, reason = "it only documents the answer")]
pub(super) struct MetricsText(String);

/// Get the metrics
///
/// Requests by route, method and status, their latency, and the database connections, for Prometheus.
#[utoipa::path(get, path = "/metrics", operation_id = "get_metrics",
    responses((status = 200, description = "The metrics in the OpenMetrics text format.",
        body = MetricsText, content_type = "application/openmetrics-text")))]
pub(super) async fn get_metrics(
    app: web::Data<App>,
    metrics: web::Data<Metrics>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<HttpResponse, Problem> {
    let pool = app.store().pool_state();
    metrics.connections.set(i64::from(pool.open));
    metrics.connections_in_use.set(i64::from(pool.in_use));
    let mut text = String::new();
    encode(&mut text, &metrics.registry).map_err(|_| Problem::new(Code::Internal))?;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .content_type("application/openmetrics-text; version=1.0.0; charset=utf-8")
        .body(text))
}
