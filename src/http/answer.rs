//! Answers to public reads: JSON with an ETag, compressed once, or `304` where the client has it already.

use std::io::Write as _;
use std::sync::LazyLock;

use actix_web::http::header::{
    self, AcceptEncoding, ContentEncoding, Encoding, EntityTag, Header as _, HeaderName, HeaderValue, IfNoneMatch,
};
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpRequest, HttpResponse, Responder};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use serde::Serialize;

use super::problem::{Code, Problem};
use crate::domain::contact::OfficeCode;
use crate::domain::entity_tag;
use crate::store::served::Served;

/// Public reads are kept by caches, and asked about anew each time: a change of the charter shows at once.
pub(super) const CACHE_CONTROL: &str = "public, no-cache";
/// Below this many bytes compression gains nothing.
const WORTH_COMPRESSING: usize = 1024;
/// How many bytes of compressed answers are kept at most.
const KEPT_BYTES: u64 = 32 * 1024 * 1024;
/// Quality 5 is where brotli's bytes stop shrinking fast and its time starts growing fast.
const BROTLI_QUALITY: u32 = 5;

/// A finished answer.
#[derive(Debug)]
pub(super) struct Answer {
    body: Bytes,
    content_type: &'static str,
    link: Option<HeaderValue>,
    kept: bool,
    /// Whether there are other formats of it.
    negotiated: bool,
    /// What it is about, where this service itself keeps it until that changes.
    about: Option<About>,
}

/// What an answer is about: it stays as it is until that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// The charter of one office.
    Office(OfficeCode),
    /// Any public data.
    Anything,
}

impl About {
    /// What a list is about that may be restricted to an office.
    pub(super) fn of(office: Option<&OfficeCode>) -> Self {
        office.map_or(Self::Anything, |office| Self::Office(office.clone()))
    }
}

/// What this service keeps of an answer to give it again, beside the headers that `304` has too.
pub(super) struct Keepable {
    pub(super) about: About,
    /// The bytes as they are sent.
    pub(super) body: Bytes,
    /// The headers of the bytes.
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
}

impl Answer {
    /// A JSON answer.
    pub(super) fn json(value: &impl Serialize) -> Result<Self, Problem> {
        Self::written(serde_json::to_vec(value))
    }

    /// The same of an entry that is in JSON already.
    pub(super) fn served<T>(entry: Served<T>) -> Self {
        Self::of(entry.into_json().into(), "application/json")
    }

    /// The same, written.
    pub(super) fn written(json: serde_json::Result<Vec<u8>>) -> Result<Self, Problem> {
        let body = json.map_err(|error| {
            log::error!("an answer could not be written as JSON: {error}");
            Problem::new(Code::Internal)
        })?;
        Ok(Self::of(body.into(), "application/json"))
    }

    /// An answer of finished bytes.
    pub(super) const fn of(body: Bytes, content_type: &'static str) -> Self {
        Self {
            body,
            content_type,
            link: None,
            kept: true,
            negotiated: false,
            about: None,
        }
    }

    /// Says what it is about, and lets it be kept until that changes. It has to follow from the request's target and its
    /// headers `Accept` and `Accept-Encoding` alone, whenever and by whomever it is asked for.
    pub(super) fn about(mut self, about: About) -> Self {
        self.about = Some(about);
        self
    }

    /// The same about the charter of one office.
    pub(super) fn about_office(self, office: &OfficeCode) -> Self {
        self.about(About::Office(office.clone()))
    }

    /// The same answer under another media type.
    pub(super) const fn of_type(mut self, content_type: &'static str) -> Self {
        self.content_type = content_type;
        self
    }

    /// The same answer for those eyes only that asked: no cache keeps it.
    pub(super) fn not_kept(mut self) -> Self {
        self.kept = false;
        self
    }

    /// Says that there are other formats of it.
    pub(super) const fn negotiated(mut self) -> Self {
        self.negotiated = true;
        self
    }

    /// Adds a `Link` header.
    pub(super) fn link(mut self, link: Option<HeaderValue>) -> Self {
        self.link = link;
        self
    }
}

impl Responder for Answer {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        if !self.kept {
            let mut response = HttpResponse::Ok();
            response
                .insert_header((header::CACHE_CONTROL, "no-store"))
                .insert_header((header::CONTENT_TYPE, self.content_type));
            if let Some(link) = self.link {
                response.insert_header((header::LINK, link));
            }
            return response.body(self.body);
        }
        let digest = entity_tag::digest(&self.body);
        let encoding = if self.body.len() < WORTH_COMPRESSING {
            ContentEncoding::Identity
        } else {
            negotiated(request)
        };
        // the tag of a compressed answer differs: a strong tag stands for exact bytes
        let tag = EntityTag::new_strong(format!(
            "{}{}",
            entity_tag::tag(&digest),
            match encoding {
                ContentEncoding::Brotli => "-br",
                ContentEncoding::Gzip => "-gzip",
                _ => "",
            }
        ));
        let known = is_known(request, &tag);
        let mut response = if known {
            HttpResponse::NotModified()
        } else {
            HttpResponse::Ok()
        };
        response
            .insert_header(header::ETag(tag))
            .insert_header((header::CACHE_CONTROL, CACHE_CONTROL))
            .insert_header((
                header::VARY,
                if self.negotiated {
                    "Accept, Accept-Encoding"
                } else {
                    "Accept-Encoding"
                },
            ));
        if let Some(link) = self.link {
            response.insert_header((header::LINK, link));
        }
        let body = match encoding {
            ContentEncoding::Identity => self.body,
            // who has the answer already needs no bytes, unless they are kept for others
            _ if known && self.about.is_none() => Bytes::new(),
            _ => compressed(self.body, digest, encoding),
        };
        let mut headers = vec![(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type))];
        if encoding != ContentEncoding::Identity {
            headers.push((header::CONTENT_ENCODING, HeaderValue::from_static(encoding.as_str())));
        }
        if !known {
            headers.iter().cloned().for_each(|header| {
                response.insert_header(header);
            });
        }
        let mut response = if known {
            response.finish()
        } else {
            response.body(body.clone())
        };
        if let Some(about) = self.about {
            response.extensions_mut().insert(Keepable { about, body, headers });
        }
        response
    }
}

/// Whether the client has the answer with a tag already.
pub(super) fn is_known(request: &impl HttpMessage, tag: &EntityTag) -> bool {
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(tag)),
        Err(_) => false,
    }
}

/// The encoding the client likes best of those this service has.
pub(super) fn negotiated(request: &impl HttpMessage) -> ContentEncoding {
    let supported = [Encoding::brotli(), Encoding::gzip(), Encoding::identity()];
    match AcceptEncoding::parse(request)
        .ok()
        .and_then(|accepted| accepted.negotiate(supported.iter()))
    {
        Some(Encoding::Known(encoding)) => encoding,
        _ => ContentEncoding::Identity,
    }
}

#[derive(Clone)]
struct BytesWeighter;

impl Weighter<([u8; 32], bool), Bytes> for BytesWeighter {
    fn weight(&self, _: &([u8; 32], bool), bytes: &Bytes) -> u64 {
        bytes.len() as u64 + 64
    }
}

/// Compressed answers by the digest of their plain bytes: never stale, because other bytes have another digest.
static COMPRESSED: LazyLock<Cache<([u8; 32], bool), Bytes, BytesWeighter>> =
    LazyLock::new(|| Cache::with_weighter(1024, KEPT_BYTES, BytesWeighter));

fn compressed(plain: Bytes, digest: [u8; 32], encoding: ContentEncoding) -> Bytes {
    let brotli = encoding == ContentEncoding::Brotli;
    let key = (digest, brotli);
    if let Some(known) = COMPRESSED.get(&key) {
        return known;
    }
    let written = if brotli { brotlied(&plain) } else { gzipped(&plain) };
    let bytes = Bytes::from(written.unwrap_or_else(|error| unreachable!("writing to memory does not fail: {error}")));
    COMPRESSED.insert(key, bytes.clone());
    bytes
}

fn brotlied(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, BROTLI_QUALITY, 22);
    writer.write_all(plain)?;
    Ok(writer.into_inner())
}

fn gzipped(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(plain)?;
    writer.finish()
}
