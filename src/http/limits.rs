//! What a request may cost: its size, the time it takes to arrive, how many there are of an address, and what it presents.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::pin::Pin;
use std::str::FromStr;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{ConnectionType, Method};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{Error, FromRequest, HttpMessage as _, HttpRequest, ResponseError as _, web};
use futures_util::StreamExt as _;
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use ipnet::IpNet;

use super::body::invalid_header;
use super::problem::{Code, Problem};
use crate::app::throttle::counted;
use crate::domain::permission::Actor;

/// The longest URL, path and query together.
const MAX_URI: usize = 8 * 1024;
/// The longest list of ETags.
pub(super) const MAX_CONDITION: usize = 8 * 1024;
/// The largest body.
const MAX_BODY: usize = 256 * 1024;
/// The largest body of an import.
pub(super) const MAX_IMPORT: usize = 8 * 1024 * 1024;

/// The largest body that a request may have: a whole charter needs more than any other, and comes from somebody who is
/// signed in.
fn max_body(request: &ServiceRequest) -> usize {
    let is_import = request.method() == Method::PUT && request.path().ends_with("/charter");
    if is_import && request.extensions().contains::<Actor>() {
        MAX_IMPORT
    } else {
        MAX_BODY
    }
}

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

/// How many requests an address may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests a second that are sustained.
    pub per_second: NonZeroU32,
    /// Requests that may come at once.
    pub burst: NonZeroU32,
}

/// The proxies whose word on the client's address is taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl FromStr for TrustedProxies {
    type Err = String;

    fn from_str(list: &str) -> Result<Self, Self::Err> {
        list.split(',')
            .map(str::trim)
            .filter(|entry| !entry.is_empty())
            .map(|entry| {
                let network = entry
                    .parse::<IpNet>()
                    .or_else(|_| entry.parse::<IpAddr>().map(IpNet::from));
                network
                    .map_err(|_| "write addresses or networks such as 10.0.0.0/8, with commas between them".to_owned())
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl TrustedProxies {
    fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The address a request comes from: the last one that no trusted proxy reported of another.
    fn client(&self, peer: Option<SocketAddr>, headers: &HeaderMap) -> Option<IpAddr> {
        let mut client = peer?.ip();
        let forwarded = headers.get_all(HeaderName::from_static("x-forwarded-for"));
        let hops: Vec<IpAddr> = forwarded
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map_while(|hop| hop.trim().parse().ok())
            .collect();
        for hop in hops.into_iter().rev() {
            if !self.contains(client) {
                break;
            }
            client = hop;
        }
        Some(client)
    }
}

type Limiter = RateLimiter<IpAddr, DashMapStateStore<IpAddr>, DefaultClock, StateInformationMiddleware>;

/// The share of the machine itself: more than it can send. A proxy on it that is not trusted to name its clients would
/// otherwise have to share one address's share among all of them. (The `unwrap` is of the compiler: it runs in a constant.)
const LOCAL: NonZeroU32 = NonZeroU32::new(1_000_000).unwrap();

/// The limiters: health and metrics have one of their own, so that a busy client's probes are still heard.
pub(super) struct Limits {
    proxies: TrustedProxies,
    limit: Option<RateLimit>,
    requests: Shares,
    probes: Shares,
    local: Shares,
}

/// The shares of all addresses in one kind of request.
struct Shares {
    name: &'static str,
    /// What a share is, as it is told.
    policy: HeaderValue,
    limiter: Limiter,
}

impl Shares {
    fn new(name: &'static str, limit: RateLimit) -> Self {
        let quota = Quota::per_second(limit.per_second).allow_burst(limit.burst);
        let window = limit.burst.get().div_ceil(limit.per_second.get());
        let policy = format!("\"{name}\";q={};w={window}", limit.burst);
        Self {
            name,
            policy: HeaderValue::try_from(policy).unwrap_or_else(|_| HeaderValue::from_static(name)),
            limiter: RateLimiter::dashmap(quota).with_middleware::<StateInformationMiddleware>(),
        }
    }
}

impl Limits {
    pub(super) fn new(limit: Option<RateLimit>, proxies: TrustedProxies) -> Self {
        let own = RateLimit {
            per_second: LOCAL,
            burst: LOCAL,
        };
        Self {
            proxies,
            limit,
            requests: Shares::new("requests", limit.unwrap_or(own)),
            probes: Shares::new("probes", limit.unwrap_or(own)),
            local: Shares::new("local", own),
        }
    }

    /// Forgets addresses that have their whole share again.
    pub(super) fn forget_the_idle(&self) {
        for shares in [&self.requests, &self.probes, &self.local] {
            shares.limiter.retain_recent();
        }
    }
}

/// The address a request comes from, as far as it is known.
pub(super) struct ClientAddress(pub(super) Option<IpAddr>);

impl FromRequest for ClientAddress {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let limits = request.app_data::<web::Data<Limits>>();
        let client = limits.and_then(|limits| limits.proxies.client(request.peer_addr(), request.headers()));
        ready(Ok(Self(client)))
    }
}

/// What an address has left of its share, as it is told.
pub(super) struct Share {
    policy: HeaderValue,
    name: &'static str,
    left: u32,
    wait: Option<Duration>,
}

impl Share {
    /// Whether the request is one too many.
    pub(super) const fn is_exceeded(&self) -> bool {
        self.wait.is_some()
    }

    /// Tells it in the headers of an answer.
    pub(super) fn tell(self, headers: &mut HeaderMap) {
        let seconds = self.wait.map_or(0, |wait| wait.as_secs()) + 1;
        if let Ok(value) = HeaderValue::try_from(format!("\"{}\";r={};t={seconds}", self.name, self.left)) {
            headers.insert(RATE_LIMIT, value);
        }
        headers.insert(RATE_LIMIT_POLICY, self.policy);
    }
}

impl Limits {
    /// Counts a request; nothing where there is no limit.
    pub(super) fn count(&self, request: &ServiceRequest) -> Option<Share> {
        self.limit?;
        let client = self.proxies.client(request.peer_addr(), request.headers())?;
        let of = if client.is_loopback() {
            &self.local
        } else if request.path().starts_with("/health/") || request.path() == "/metrics" {
            &self.probes
        } else {
            &self.requests
        };
        let (left, wait) = match of.limiter.check_key(&counted(client)) {
            Ok(state) => (state.remaining_burst_capacity(), None),
            Err(not_until) => (0, Some(not_until.wait_time_from(DefaultClock::default().now()))),
        };
        Some(Share {
            policy: of.policy.clone(),
            name: of.name,
            left,
            wait,
        })
    }
}

/// Holds every address to its share, and tells it what is left.
pub(super) async fn limit_rate(
    limits: web::Data<Limits>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(share) = limits.count(&request) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let mut response = match share.wait {
        None => next.call(request).await?.map_into_boxed_body(),
        Some(wait) => {
            let problem = Problem::new(Code::TooManyRequests).retry_after(wait.as_secs() + 1);
            refuse(request, &problem)
        }
    };
    share.tell(response.headers_mut());
    Ok(response)
}

/// Whether a condition is longer than any.
pub(super) fn has_endless_condition(headers: &HeaderMap) -> bool {
    headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|value| value.len() > MAX_CONDITION)
}

/// Refuses what no operation could take: endless URLs, endless conditions.
pub(super) async fn refuse_endless(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let uri = request.uri();
    let length = uri.path().len() + uri.query().map_or(0, str::len);
    if length > MAX_URI {
        return Ok(refuse(request, &Problem::new(Code::UriTooLong)));
    }
    if has_endless_condition(request.headers()) {
        let problem = invalid_header(
            "If-None-Match",
            &format!("must have at most {MAX_CONDITION} characters"),
        );
        return Ok(refuse(request, &problem));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// Answers a request without reading its body. Where it has one, the connection ends with the answer.
pub(super) fn refuse(mut request: ServiceRequest, problem: &Problem) -> ServiceResponse<BoxBody> {
    let mut response = problem.error_response();
    let payload = request.take_payload();
    if !matches!(payload, Payload::None) {
        response.head_mut().set_connection_type(ConnectionType::Close);
        response.extensions_mut().insert(Unread { _payload: payload });
    }
    request.into_response(response)
}

/// How long a body may take to arrive.
#[derive(Clone, Copy)]
pub(super) struct BodyTimeout(pub(super) Duration);

/// Reads the whole body before anything is done with the request: bounded in size and in time. Nobody can hold a worker
/// or a connection by sending slowly.
pub(super) async fn read_body(
    timeout: web::Data<BodyTimeout>,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let most = max_body(&request);
    let mut payload = request.take_payload();
    if matches!(payload, Payload::None) {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let announced = request.headers().get(header::CONTENT_LENGTH);
    let announced: Option<usize> = announced.and_then(|length| length.to_str().ok()?.parse().ok());
    let encoded = request.headers().contains_key(header::CONTENT_ENCODING);
    let read = if encoded {
        Err(Code::UnsupportedContentEncoding)
    } else if announced.is_some_and(|length| length > most) {
        Err(Code::PayloadTooLarge)
    } else {
        let read = tokio::time::timeout(timeout.0, collect(&mut payload, most)).await;
        read.unwrap_or(Err(Code::RequestTimeout))
    };
    match read {
        Ok(body) => {
            request.set_payload(Payload::from(body));
            Ok(next.call(request).await?.map_into_boxed_body())
        }
        Err(code) => {
            request.set_payload(payload);
            Ok(refuse(request, &Problem::new(code)))
        }
    }
}

/// A request's body of which nothing more will be read. It has to live until the answer is written: actix takes a chunked
/// body that is dropped earlier for one that it is to wait for to the end, for ever.
pub(super) struct Unread {
    _payload: Payload,
}

/// An answer's body that keeps what was not read of the request alive.
struct Holding {
    body: Bytes,
    _unread: Unread,
}

impl Unread {
    /// The body of the answer that ends the request.
    pub(super) fn behind(self, body: Vec<u8>) -> BoxBody {
        BoxBody::new(Holding {
            body: body.into(),
            _unread: self,
        })
    }
}

impl MessageBody for Holding {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.body.len() as u64)
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        let body = std::mem::take(&mut self.get_mut().body);
        Poll::Ready((!body.is_empty()).then_some(Ok(body)))
    }
}

async fn collect(payload: &mut Payload, most: usize) -> Result<Bytes, Code> {
    let mut body = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        // a body that breaks off has nobody left to tell
        let chunk = chunk.map_err(|_| Code::RequestTimeout)?;
        if body.len() + chunk.len() > most {
            return Err(Code::PayloadTooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn client(proxies: &str, peer: &str, forwarded: &[&str]) -> String {
        let mut request = TestRequest::default().peer_addr(format!("{peer}:1").parse().unwrap());
        for value in forwarded {
            request = request.append_header(("X-Forwarded-For", *value));
        }
        let proxies: TrustedProxies = proxies.parse().unwrap();
        let request = request.to_srv_request();
        proxies
            .client(request.peer_addr(), request.headers())
            .unwrap()
            .to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(client("", "203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(client("10.0.0.0/8", "10.0.0.2", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(
            client("10.0.0.0/8", "10.0.0.2", &["6.6.6.6, 198.51.100.1", "10.1.1.1"]),
            "198.51.100.1"
        );
        assert_eq!(client("10.0.0.0/8", "10.0.0.2", &["nonsense"]), "10.0.0.2");
        assert!("10.0.0".parse::<TrustedProxies>().is_err());
    }
}
