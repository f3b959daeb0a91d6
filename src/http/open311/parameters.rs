//! What clients of GeoReport send: parameters by their names, those that nobody knows passed over, as its clients expect.

use actix_web::HttpRequest;
use chrono::{DateTime, Datelike as _, Utc};
use uuid::Uuid;

use crate::app;
use crate::domain::contact::OfficeCode;
use crate::domain::fault::Fault;
use crate::domain::strict_json::{is_of_no_use, is_unseen};
use crate::http::asked::Asked;
use crate::http::problem::{Code, Problem};

/// Parameters of GeoReport.
pub(super) struct Parameters(Asked);

impl Parameters {
    /// Those of the query string.
    pub(super) fn of_query(request: &HttpRequest) -> Self {
        Self(Asked::of_query(request))
    }

    /// Those of a form.
    pub(super) fn of_form(form: &[u8]) -> Self {
        Self(Asked::of_form(form))
    }

    /// One of them, unless it is empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name)
    }

    /// The office that is asked.
    pub(super) fn jurisdiction(&self) -> Result<Option<OfficeCode>, Problem> {
        let unknown = || Problem::from(app::Error::NotFound("jurisdiction_id"));
        let read = |words| OfficeCode::read(words).ok_or_else(unknown);
        self.get("jurisdiction_id").map(read).transpose()
    }

    /// Words without what no text has a use for.
    pub(super) fn words(&self, name: &str) -> Result<Option<&str>, Problem> {
        let words = self.get(name);
        if words.is_some_and(|words| words.contains(is_of_no_use)) {
            return Err(fault(name, "control_character", "must not hold control characters"));
        }
        if words.is_some_and(is_unseen) {
            return Err(fault(name, "nothing_visible", "must hold something that can be seen"));
        }
        Ok(words)
    }

    /// Ids with commas between them. One that is none is that of nothing.
    pub(super) fn ids(&self, name: &str) -> Vec<Uuid> {
        let ids = self.get(name).into_iter().flat_map(|list| list.split(','));
        ids.map(|id| id.trim().parse().unwrap_or(Uuid::nil())).collect()
    }

    /// An instant of RFC 3339, in the years that this service knows.
    pub(super) fn instant(&self, name: &str) -> Result<Option<DateTime<Utc>>, Problem> {
        let read = |text: &str| {
            let instant: DateTime<Utc> = text
                .parse()
                .map_err(|_| fault(name, "invalid_format", "is not an instant such as 2026-11-24T04:30:00Z"))?;
            if (2000..=2100).contains(&instant.year()) {
                Ok(instant)
            } else {
                Err(fault(name, "out_of_range", "lies outside the years 2000 to 2100"))
            }
        };
        self.get(name).map(read).transpose()
    }

    /// A number within bounds; another one where none is given.
    pub(super) fn number(
        &self,
        name: &str,
        otherwise: i64,
        bounds: std::ops::RangeInclusive<i64>,
    ) -> Result<i64, Problem> {
        let Some(text) = self.get(name) else {
            return Ok(otherwise);
        };
        let number = text.parse().ok().filter(|number| bounds.contains(number));
        number.ok_or_else(|| {
            let detail = format!("has to be a number from {} to {}", bounds.start(), bounds.end());
            fault(name, "out_of_range", &detail)
        })
    }
}

/// A parameter that is not valid.
pub(super) fn fault(name: &str, code: &'static str, detail: &str) -> Problem {
    Problem::new(Code::InvalidParameter)
        .detail("A parameter is not valid:")
        .faults(vec![Fault::new(format!("/{name}"), code, detail)])
}
