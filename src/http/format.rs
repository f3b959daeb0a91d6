//! In which format a client wants an answer.

use actix_web::HttpRequest;
use actix_web::http::header::{Accept, Header as _};

/// A format of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// JSON: what is answered where nothing else is asked for.
    Json,
    /// A table (RFC 4180).
    Csv,
    /// A JSON document a line.
    Ndjson,
    /// Linked data (JSON-LD 1.1).
    JsonLd,
}

impl Format {
    /// The one that a client likes best of those that there are beside JSON.
    pub(super) fn wanted(request: &HttpRequest, others: &[Self]) -> Self {
        let Ok(accept) = Accept::parse(request) else {
            return Self::Json;
        };
        let known = accept.ranked().into_iter().find_map(|media| {
            let format = match media.essence_str() {
                "application/json" | "*/*" | "application/*" => Self::Json,
                "text/csv" | "text/*" => Self::Csv,
                "application/x-ndjson" => Self::Ndjson,
                "application/ld+json" => Self::JsonLd,
                _ => return None,
            };
            (format == Self::Json || others.contains(&format)).then_some(format)
        });
        known.unwrap_or(Self::Json)
    }

    /// How the Content-Type names it.
    pub(super) const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Ndjson => "application/x-ndjson",
            Self::JsonLd => "application/ld+json",
        }
    }
}
