//! Answers to public reads, kept in memory until what they are about changes: given again before anything else is done.

use std::future::{Ready, ready};
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Instant;

use actix_web::body::BoxBody;
use actix_web::dev::{Payload, Service, ServiceRequest, ServiceResponse, Transform};
use actix_web::http::header::{self, ContentEncoding, EntityTag, HeaderName, HeaderValue};
use actix_web::http::{ConnectionType, Method, StatusCode};
use actix_web::web::Bytes;
use actix_web::{Error, HttpResponse, web};
use futures_util::future::{Either, LocalBoxFuture};
use quick_cache::sync::Cache;
use quick_cache::{Equivalent, Weighter};

use super::answer::{About, Keepable, is_known, negotiated};
use super::limits::{Limits, Share, has_endless_condition};
use super::metrics::{Counters, Metrics};
use super::observe::{REQUEST_ID, request_id};
use super::server::Lifecycle;
use crate::store::{Freshness, Scope};

/// What an answer costs in memory beside its bytes: its headers, its place in the maps.
const BESIDE: usize = 1024;
/// Longer targets and headers are answered anew each time.
const LONGEST_TARGET: usize = 2048;
const LONGEST_HEADER: usize = 128;
/// How many ways to write `Accept-Encoding` are remembered.
const ENCODINGS: usize = 256;

/// The headers that every answer gets anew.
const OF_THE_MOMENT: [HeaderName; 4] = [
    REQUEST_ID,
    HeaderName::from_static("ratelimit"),
    HeaderName::from_static("ratelimit-policy"),
    header::DATE,
];

/// The answers that are kept, bounded in bytes.
pub(super) struct KeptAnswers {
    answers: Cache<Key, Arc<Kept>, ByBytes>,
    /// What the values of `Accept-Encoding` that were seen come to.
    encodings: Cache<Box<[u8]>, ContentEncoding>,
    freshness: Arc<Freshness>,
    is_on: bool,
}

/// What was asked for.
#[derive(Clone, PartialEq, Eq)]
struct Key {
    target: Box<str>,
    /// The value of `Accept`; empty for JSON.
    accept: Box<[u8]>,
    encoding: ContentEncoding,
}

/// The same, looked up.
#[derive(Clone, Copy)]
struct Asked<'a> {
    target: &'a str,
    accept: &'a [u8],
    encoding: ContentEncoding,
}

impl Hash for Asked<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.target.hash(state);
        self.accept.hash(state);
        self.encoding.as_str().hash(state);
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.asked().hash(state);
    }
}

impl Key {
    fn asked(&self) -> Asked<'_> {
        Asked {
            target: &self.target,
            accept: &self.accept,
            encoding: self.encoding,
        }
    }
}

impl Asked<'_> {
    fn key(&self) -> Key {
        Key {
            target: self.target.into(),
            accept: self.accept.into(),
            encoding: self.encoding,
        }
    }
}

impl Equivalent<Key> for Asked<'_> {
    fn equivalent(&self, key: &Key) -> bool {
        self.target == &*key.target && self.accept == &*key.accept && self.encoding == key.encoding
    }
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Key, Arc<Kept>> for ByBytes {
    fn weight(&self, key: &Key, kept: &Arc<Kept>) -> u64 {
        (key.target.len() + key.accept.len() + kept.body.len() + BESIDE) as u64
    }
}

/// An answer that is kept.
struct Kept {
    /// The version of the data that it was made of.
    version: u64,
    scope: Scope,
    tag: EntityTag,
    /// The tag as it is sent.
    written_tag: HeaderValue,
    /// The headers that `304` has too.
    headers: Vec<(HeaderName, HeaderValue)>,
    /// The headers of the bytes.
    of_body: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
    /// What it is counted under, where it is no GET.
    route: String,
    counters: Counters,
}

impl Kept {
    /// The answer to a request, without the headers of the moment.
    fn answer(&self, request: &ServiceRequest) -> HttpResponse {
        let sent = request.headers().get(header::IF_NONE_MATCH);
        let known = sent.is_some_and(|sent| *sent == self.written_tag || is_known(request, &self.tag));
        let mut response = if known {
            HttpResponse::new(StatusCode::NOT_MODIFIED)
        } else {
            HttpResponse::with_body(StatusCode::OK, BoxBody::new(self.body.clone()))
        };
        let of_body = if known { &[][..] } else { &self.of_body };
        let headers = response.headers_mut();
        headers.reserve(self.headers.len() + of_body.len() + OF_THE_MOMENT.len());
        for (name, value) in self.headers.iter().chain(of_body) {
            headers.insert(name.clone(), value.clone());
        }
        response
    }
}

impl KeptAnswers {
    /// Answers of so many bytes at most.
    pub(super) fn new(most_bytes: u64, freshness: Arc<Freshness>) -> Self {
        let about = usize::try_from(most_bytes / 8192).unwrap_or(usize::MAX);
        Self {
            answers: Cache::with_weighter(about.max(1), most_bytes, ByBytes),
            encodings: Cache::new(ENCODINGS),
            freshness,
            is_on: most_bytes > 0,
        }
    }

    /// How many bytes they have.
    pub(super) fn bytes(&self) -> u64 {
        self.answers.weight()
    }

    /// What a request asks for, where the answer to it may be kept.
    fn asked<'a>(&self, request: &'a ServiceRequest) -> Option<Asked<'a>> {
        let headers = request.headers();
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        if !self.is_on || !reads || headers.contains_key(header::AUTHORIZATION) || has_endless_condition(headers) {
            return None;
        }
        // who insists is answered from the database
        let insists = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"no-cache");
        if headers.get(header::CACHE_CONTROL).is_some_and(insists) {
            return None;
        }
        let target = request.uri().path_and_query()?.as_str();
        let accept = match headers.get(header::ACCEPT).map_or(&b""[..], HeaderValue::as_bytes) {
            b"*/*" | b"application/json" => b"",
            accept => accept,
        };
        let fits = target.len() <= LONGEST_TARGET && accept.len() <= LONGEST_HEADER;
        fits.then(|| Asked {
            target,
            accept,
            encoding: self.encoding(request),
        })
    }

    fn encoding(&self, request: &ServiceRequest) -> ContentEncoding {
        let Some(accepted) = request
            .headers()
            .get(header::ACCEPT_ENCODING)
            .map(HeaderValue::as_bytes)
        else {
            return ContentEncoding::Identity;
        };
        if let Some(encoding) = self.encodings.get(accepted) {
            return encoding;
        }
        let encoding = negotiated(request);
        if accepted.len() <= LONGEST_HEADER {
            self.encodings.insert(accepted.into(), encoding);
        }
        encoding
    }

    fn get(&self, asked: &Asked<'_>) -> Option<Arc<Kept>> {
        let kept = self.answers.get(asked)?;
        self.freshness.holds(kept.version, &kept.scope).then_some(kept)
    }

    /// Keeps an answer that says what it is about, made of data of a version.
    fn keep(&self, key: Key, version: u64, response: &ServiceResponse<BoxBody>, keepable: Keepable, metrics: &Metrics) {
        let scope = self.freshness.scope(match &keepable.about {
            About::Office(office) => Some(office.as_str()),
            About::Anything => None,
        });
        let (Some(written_tag), Some(route)) =
            (response.headers().get(header::ETAG), response.request().match_pattern())
        else {
            return;
        };
        let Some(tag) = written_tag.to_str().ok().and_then(|tag| tag.parse().ok()) else {
            return;
        };
        let of_moment = |name: &HeaderName| OF_THE_MOMENT.contains(name);
        let of_body = |name: &HeaderName| keepable.headers.iter().any(|(of_body, _)| of_body == name);
        let headers = response
            .headers()
            .iter()
            .filter(|(name, _)| !of_moment(name) && !of_body(name));
        let kept = Kept {
            version,
            scope,
            tag,
            written_tag: written_tag.clone(),
            headers: headers.map(|(name, value)| (name.clone(), value.clone())).collect(),
            of_body: keepable.headers,
            // no more than its bytes: what it was written into may be larger
            body: Bytes::copy_from_slice(&keepable.body),
            counters: metrics.counters(&route),
            route,
        };
        if self.freshness.holds(kept.version, &kept.scope) {
            self.answers.insert(key, Arc::new(kept));
        }
    }
}

/// The outermost middleware: gives answers that are kept, and keeps those that may be.
#[derive(Clone)]
pub(super) struct KeepAnswers {
    pub(super) answers: web::Data<KeptAnswers>,
    pub(super) limits: web::Data<Limits>,
    pub(super) metrics: web::Data<Metrics>,
    pub(super) lifecycle: web::Data<Lifecycle>,
}

impl<S> Transform<S, ServiceRequest> for KeepAnswers
where
    S: Service<ServiceRequest, Response = ServiceResponse<BoxBody>, Error = Error>,
    S::Future: 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Transform = Keeping<S>;
    type InitError = ();
    type Future = Ready<Result<Keeping<S>, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(Keeping {
            service,
            with: self.clone(),
        }))
    }
}

/// The middleware in front of everything else.
pub(super) struct Keeping<S> {
    service: S,
    with: KeepAnswers,
}

type Answered<T> = Result<ServiceResponse<BoxBody>, T>;

impl<S> Service<ServiceRequest> for Keeping<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<BoxBody>, Error = Error>,
    S::Future: 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = Error;
    type Future = Either<Ready<Answered<Error>>, Either<S::Future, LocalBoxFuture<'static, Answered<Error>>>>;

    fn poll_ready(&self, context: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Error>> {
        self.service.poll_ready(context)
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let with = &self.with;
        // a body where none belongs has to be read first
        let has_body = !matches!(request.parts().1, Payload::None);
        let Some(asked) = with.answers.asked(&request).filter(|_| !has_body) else {
            return Either::Right(Either::Left(self.service.call(request)));
        };
        if let Some(kept) = with.answers.get(&asked) {
            let started = Instant::now();
            let share = with.limits.count(&request);
            if !share.as_ref().is_some_and(Share::is_exceeded) {
                return Either::Left(ready(Ok(with.answer(request, &kept, share, started))));
            }
        }
        let (key, version) = (asked.key(), with.answers.freshness.version());
        let (answer, with) = (self.service.call(request), with.clone());
        Either::Right(Either::Right(Box::pin(async move {
            let mut response = answer.await?;
            let keepable = response.response_mut().extensions_mut().remove::<Keepable>();
            if let Some(keepable) = keepable {
                with.answers.keep(key, version, &response, keepable, &with.metrics);
            }
            Ok(response)
        })))
    }
}

impl KeepAnswers {
    /// Gives an answer that is kept, and does what is done for every answer.
    fn answer(
        &self,
        request: ServiceRequest,
        kept: &Kept,
        share: Option<Share>,
        started: Instant,
    ) -> ServiceResponse<BoxBody> {
        let mut response = kept.answer(&request);
        let headers = response.headers_mut();
        if let Some(share) = share {
            share.tell(headers);
        }
        let request_id = request_id(request.headers());
        if let Ok(id) = HeaderValue::from_maybe_shared(Bytes::from(request_id)) {
            headers.insert(REQUEST_ID, id);
        }
        if self.lifecycle.is_draining() {
            response.head_mut().set_connection_type(ConnectionType::Close);
        }
        self.metrics.count_kept();
        if request.method() == Method::GET {
            kept.counters.count(response.status(), started.elapsed());
        } else {
            let (method, status) = (request.method(), response.status());
            self.metrics.count(&kept.route, method, status, started.elapsed());
        }
        request.into_response(response)
    }
}
