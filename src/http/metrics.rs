//! Metrics for Prometheus.

use std::time::Duration;

use actix_web::http::header::CACHE_CONTROL;
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpResponse, web};
use prometheus::{
    Gauge, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry, TextEncoder,
};

use super::extract::{NoQuery, Query};
use super::kept::KeptAnswers;
use super::problem::{Code, Problem};
use crate::app::App;

/// Bounds of the latency histogram in seconds, from a cached read to a slow write.
const BUCKETS: [f64; 12] = [
    0.0001, 0.000_25, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.0, 10.0,
];

/// What is counted.
pub(super) struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    latency: HistogramVec,
    connections: IntGauge,
    connections_in_use: IntGauge,
    statements: IntGauge,
    kept_answers: IntCounter,
    kept_bytes: IntGauge,
}

/// The counters of one answer that is given many times, found once.
pub(super) struct Counters {
    ok: IntCounter,
    not_modified: IntCounter,
    latency: Histogram,
}

impl Counters {
    pub(super) fn count(&self, status: StatusCode, took: Duration) {
        let requests = if status == StatusCode::OK {
            &self.ok
        } else {
            &self.not_modified
        };
        requests.inc();
        self.latency.observe(took.as_secs_f64());
    }
}

impl Metrics {
    /// The metrics, all at zero.
    ///
    /// # Errors
    /// Where two of them had one name.
    pub(super) fn new() -> prometheus::Result<Self> {
        let requests = IntCounterVec::new(
            Opts::new("charter_http_requests_total", "Requests by route, method and status"),
            &["route", "method", "status"],
        )?;
        let latency = HistogramVec::new(
            HistogramOpts::new(
                "charter_http_request_duration_seconds",
                "Seconds from a request's head to its answer, by route and method",
            )
            .buckets(BUCKETS.to_vec()),
            &["route", "method"],
        )?;
        let connections = IntGauge::new("charter_db_connections", "Open database connections")?;
        let connections_in_use = IntGauge::new("charter_db_connections_in_use", "Database connections at work")?;
        let statements = IntGauge::new(
            "charter_db_statements",
            "Statements sent to the database since the start",
        )?;
        let kept_answers = IntCounter::new(
            "charter_http_kept_answers_total",
            "Requests that were answered from memory, without the database",
        )?;
        let kept_bytes = IntGauge::new(
            "charter_http_kept_bytes",
            "Bytes of the answers that are kept in memory",
        )?;
        let started = Gauge::new("charter_start_time_seconds", "When the service started, in Unix time")?;
        started.set(chrono::Utc::now().timestamp_micros() as f64 / 1e6);
        let registry = Registry::new();
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(latency.clone()))?;
        registry.register(Box::new(connections.clone()))?;
        registry.register(Box::new(connections_in_use.clone()))?;
        registry.register(Box::new(statements.clone()))?;
        registry.register(Box::new(kept_answers.clone()))?;
        registry.register(Box::new(kept_bytes.clone()))?;
        registry.register(Box::new(started))?;
        Ok(Self {
            registry,
            requests,
            latency,
            connections,
            connections_in_use,
            statements,
            kept_answers,
            kept_bytes,
        })
    }

    /// Counts an answer that was given from memory.
    pub(super) fn count_kept(&self) {
        self.kept_answers.inc();
    }

    /// The counters of an answer to GET on a route.
    pub(super) fn counters(&self, route: &str) -> Counters {
        let requests = |status: StatusCode| self.requests.with_label_values(&[route, "GET", status.as_str()]);
        Counters {
            ok: requests(StatusCode::OK),
            not_modified: requests(StatusCode::NOT_MODIFIED),
            latency: self.latency.with_label_values(&[route, "GET"]),
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
        self.requests.with_label_values(&[route, method, status.as_str()]).inc();
        self.latency
            .with_label_values(&[route, method])
            .observe(took.as_secs_f64());
    }
}

/// Metrics in the Prometheus text format.
#[derive(utoipa::ToSchema)]
#[schema(
    max_length = 1048576,
    pattern = "^# HELP ",
    example = "# HELP charter_db_connections Open database connections"
)]
#[expect(dead_code, reason = "it only documents the answer")]
pub(super) struct MetricsText(String);

/// Get the metrics
///
/// Requests by route, method and status, their latency, and the database connections, for Prometheus.
#[utoipa::path(get, path = "/metrics", operation_id = "get_metrics",
    responses((status = 200, description = "The metrics in the Prometheus text format.",
        body = MetricsText, content_type = "text/plain")))]
pub(super) async fn get_metrics(
    app: web::Data<App>,
    metrics: web::Data<Metrics>,
    answers: web::Data<KeptAnswers>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<HttpResponse, Problem> {
    metrics
        .kept_bytes
        .set(i64::try_from(answers.bytes()).unwrap_or(i64::MAX));
    let pool = app.store().pool_state();
    metrics
        .statements
        .set(i64::try_from(app.store().statements()).unwrap_or(i64::MAX));
    metrics.connections.set(i64::from(pool.open));
    metrics.connections_in_use.set(i64::from(pool.in_use));
    let text = TextEncoder::new()
        .encode_to_string(&metrics.registry.gather())
        .map_err(|_| Problem::new(Code::Internal))?;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .content_type(prometheus::TEXT_FORMAT)
        .body(text))
}
