//! The server: everything put together, bound to a socket.

use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_cors::Cors;
use actix_web::dev::{Server, ServerHandle};
use actix_web::http::header;
use actix_web::middleware::{DefaultHeaders, from_fn};
use actix_web::{App as ActixApp, HttpServer, web};

use super::authenticate::authenticate;
use super::kept::{KeepAnswers, KeptAnswers};
use super::limits::{
    BodyTimeout, Limits, MAX_IMPORT, RateLimit, TrustedProxies, limit_rate, read_body, refuse_endless,
};
use super::metrics::Metrics;
use super::observe::{observe, route_not_found};
use super::{docs, open311, operation, pages, routes};
use crate::app::App;

/// How the service is served.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Threads that serve requests.
    pub workers: usize,
    /// Threads of each worker that wait for the database.
    pub blocking_threads: usize,
    /// How many requests an address may send; absent for no limit.
    pub rate_limit: Option<RateLimit>,
    /// The proxies whose word on the client's address is taken.
    pub trusted_proxies: TrustedProxies,
    /// How long the head of a request may take to arrive, and how long its body.
    pub request_timeout: Duration,
    /// How many bytes of answers are kept in memory at most; 0 to keep none.
    pub kept_bytes: u64,
    /// How long requests in flight are waited for when the service stops.
    pub shutdown_timeout: Duration,
}

/// Whether the service is still to get new requests.
#[derive(Debug, Default)]
pub(super) struct Lifecycle {
    draining: AtomicBool,
}

impl Lifecycle {
    pub(super) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }
}

/// The service, bound to its socket.
pub struct Application {
    server: Server,
    address: SocketAddr,
    lifecycle: web::Data<Lifecycle>,
}

/// Stops a running service from outside.
#[derive(Clone)]
pub struct Stopper {
    handle: ServerHandle,
    lifecycle: web::Data<Lifecycle>,
}

impl Stopper {
    /// Stops the service without dropping a request: for `drain` it still serves, but says that it is not ready and
    /// closes each connection behind its answer; then it takes no new connections and finishes what it has.
    pub async fn stop(&self, drain: Duration) {
        self.lifecycle.draining.store(true, Ordering::Relaxed);
        tokio::time::sleep(drain).await;
        self.handle.stop(true).await;
    }
}

impl Application {
    /// Binds the service to its socket.
    ///
    /// # Errors
    /// Those of the socket.
    pub fn build(app: App, options: &Options) -> std::io::Result<Self> {
        let listener = TcpListener::bind(options.listen)?;
        let address = listener.local_addr()?;
        let lifecycle = web::Data::new(Lifecycle::default());
        let metrics = web::Data::new(Metrics::new().map_err(std::io::Error::other)?);
        let limits = web::Data::new(Limits::new(options.rate_limit, options.trusted_proxies.clone()));
        let freshness = app.store().watch().map_err(std::io::Error::other)?;
        let shared = Shared {
            app: web::Data::new(app),
            lifecycle: lifecycle.clone(),
            answers: web::Data::new(KeptAnswers::new(options.kept_bytes, freshness)),
            metrics,
            limits,
            body_timeout: web::Data::new(BodyTimeout(options.request_timeout)),
        };
        forget_idle_addresses(shared.limits.clone());
        let server = HttpServer::new(move || {
            // the order is that of the answer: the last one named sees the request first
            ActixApp::new()
                .configure(|config| shared.configure(config))
                .default_service(web::to(route_not_found))
                .wrap(preflight())
                .wrap(from_fn(read_body))
                .wrap(from_fn(authenticate))
                .wrap(from_fn(refuse_endless))
                .wrap(from_fn(limit_rate))
                .wrap(from_fn(observe))
                .wrap(security_headers())
                .wrap(KeepAnswers {
                    answers: shared.answers.clone(),
                    limits: shared.limits.clone(),
                    metrics: shared.metrics.clone(),
                    lifecycle: shared.lifecycle.clone(),
                })
        })
        .workers(options.workers)
        .worker_max_blocking_threads(options.blocking_threads)
        .client_request_timeout(options.request_timeout)
        .client_disconnect_timeout(Duration::from_secs(3))
        .keep_alive(Duration::from_secs(75))
        .shutdown_timeout(options.shutdown_timeout.as_secs())
        .disable_signals()
        .server_hostname(env!("CARGO_PKG_NAME"))
        .listen(listener)?
        .run();
        Ok(Self {
            server,
            address,
            lifecycle,
        })
    }

    /// Where the service listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// What stops the service from outside.
    pub fn stopper(&self) -> Stopper {
        Stopper {
            handle: self.server.handle(),
            lifecycle: self.lifecycle.clone(),
        }
    }

    /// Serves until it is stopped.
    ///
    /// # Errors
    /// Those of the sockets.
    pub async fn run_until_stopped(self) -> std::io::Result<()> {
        self.server.await
    }
}

/// What all workers share.
#[derive(Clone)]
struct Shared {
    app: web::Data<App>,
    lifecycle: web::Data<Lifecycle>,
    metrics: web::Data<Metrics>,
    limits: web::Data<Limits>,
    answers: web::Data<KeptAnswers>,
    body_timeout: web::Data<BodyTimeout>,
}

impl Shared {
    fn configure(&self, config: &mut web::ServiceConfig) {
        config
            .app_data(self.app.clone())
            .app_data(self.lifecycle.clone())
            .app_data(self.metrics.clone())
            .app_data(self.limits.clone())
            .app_data(self.answers.clone())
            .app_data(self.body_timeout.clone())
            // what `read_body` let through; it has the bounds of each operation
            .app_data(web::PayloadConfig::new(MAX_IMPORT));
        operation::register(&routes::all(), config);
        open311::register(config);
        pages::register(config);
        docs::register(config);
    }
}

/// Tells a browser beforehand that public data may be read from any page; nothing is sent with credentials.
fn preflight() -> Cors {
    Cors::default()
        .allow_any_origin()
        .send_wildcard()
        .allow_any_method()
        .allow_any_header()
        .max_age(86_400)
        .disable_vary_header()
}

/// The headers of every answer, refusals included: what a browser may do with it, and what a page elsewhere may read.
fn security_headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((header::X_FRAME_OPTIONS, "DENY"))
        .add((header::REFERRER_POLICY, "no-referrer"))
        .add((header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"))
        .add((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .add(("Cross-Origin-Resource-Policy", "cross-origin"))
        .add((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .add((
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            "ETag, Idempotency-Replayed, Link, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id",
        ))
}

/// Swagger UI needs its own scripts, styles it writes inline and images it carries inline; nothing else is loaded, and
/// nothing from elsewhere.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

fn forget_idle_addresses(limits: web::Data<Limits>) {
    let minute = Duration::from_secs(60);
    actix_web::rt::spawn(async move {
        loop {
            actix_web::rt::time::sleep(minute).await;
            limits.forget_the_idle();
        }
    });
}
