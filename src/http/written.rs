//! Answers to writes: the entry as it is from now on, with its ETag and its place.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, EntityTag, HeaderName};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;

use super::problem::{Code, Problem};
use crate::app::idempotency::Created;
use crate::domain::entity_tag;

const IDEMPOTENCY_REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// What was written.
pub(super) struct Written {
    status: StatusCode,
    body: Vec<u8>,
    tag: Option<String>,
    location: Option<String>,
    replayed: bool,
}

impl Written {
    /// An entry that was changed.
    pub(super) fn changed(entry: &impl Serialize) -> Result<Self, Problem> {
        let answer = Self::plain(StatusCode::OK, entry)?;
        Ok(Self {
            tag: Some(entity_tag::tag(&entity_tag::digest(&answer.body))),
            ..answer
        })
    }

    /// An entry that was created under a list: its place is the list's address and its id.
    pub(super) fn created(created: &Created, list: &str) -> Result<Self, Problem> {
        let id = created.entry["id"].as_str().unwrap_or_default();
        Self::created_at(created, format!("{list}/{id}"))
    }

    /// An entry that was created, and where it is found.
    fn created_at(created: &Created, place: String) -> Result<Self, Problem> {
        Ok(Self {
            status: StatusCode::CREATED,
            location: Some(place),
            replayed: created.replayed,
            ..Self::changed(&created.entry)?
        })
    }

    /// A case that was filed or appealed: its place is where its code is tracked.
    pub(super) fn tracked(created: &Created) -> Result<Self, Problem> {
        let code = created.entry["tracking_code"].as_str().unwrap_or_default();
        Self::created_at(created, format!("/v1/tracking/{code}"))
    }

    /// Something that was done once, however often it was asked for.
    pub(super) fn done(done: &Created) -> Result<Self, Problem> {
        Ok(Self {
            replayed: done.replayed,
            ..Self::plain(StatusCode::OK, &done.entry)?
        })
    }

    /// Something that was put where nothing was before, or in the place of what was there.
    pub(super) fn put(entry: &impl Serialize, tag: Option<String>, created: bool) -> Result<Self, Problem> {
        let status = if created { StatusCode::CREATED } else { StatusCode::OK };
        let answer = match tag {
            Some(tag) => Self {
                tag: Some(tag),
                ..Self::plain(status, entry)?
            },
            None => Self::changed(entry)?,
        };
        Ok(Self { status, ..answer })
    }

    /// An answer that is no state of an entry.
    pub(super) fn plain(status: StatusCode, answer: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_vec(answer).map_err(|error| {
            log::error!("an answer could not be written as JSON: {error}");
            Problem::new(Code::Internal)
        })?;
        Ok(Self {
            status,
            body,
            tag: None,
            location: None,
            replayed: false,
        })
    }
}

impl Responder for Written {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::CONTENT_TYPE, "application/json"));
        if let Some(tag) = self.tag {
            response.insert_header(header::ETag(EntityTag::new_strong(tag)));
        }
        if let Some(location) = self.location {
            response.insert_header((header::LOCATION, location));
        }
        if self.replayed {
            response.insert_header((IDEMPOTENCY_REPLAYED, "true"));
        }
        response.body(self.body)
    }
}

/// The answer where nothing is left to tell.
pub(super) fn nothing() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}
