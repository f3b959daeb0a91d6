//! Who was shown personal data as it is, and when.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::connection::{AnyConnection, directly};
use super::error::Error;
use super::page::{Page, PageRequest};
use super::schema::showings;
use super::texts::{id, named, stored_instant};
use crate::domain::case::Showing;

/// Takes note of a showing of cases to somebody.
///
/// # Errors
/// Those of the database.
pub fn note(cases: &[Uuid], showing: &Showing, connection: &mut AnyConnection) -> Result<(), Error> {
    let row = |case: &Uuid| {
        (
            showings::case_id.eq(case.to_string()),
            showings::shown_at.eq(stored_instant(showing.shown_at)),
            showings::shown_to.eq(showing.shown_to.to_string()),
            showings::role.eq(showing.role.as_str()),
        )
    };
    for case in cases {
        directly!(execute: diesel::insert_into(showings::table).values(row(case)), connection)?;
    }
    Ok(())
}

/// A page of the showings of a case, the first one first.
///
/// # Errors
/// Those of the database.
pub fn list(case: Uuid, page: PageRequest, connection: &mut AnyConnection) -> Result<Page<Showing>, Error> {
    let rows: Vec<(i64, NaiveDateTime, String, String)> = showings::table
        .filter(showings::case_id.eq(case.to_string()))
        .filter(showings::seq.gt(page.after))
        .order(showings::seq)
        .limit(page.limit + 1)
        .select((showings::seq, showings::shown_at, showings::shown_to, showings::role))
        .load(connection)?;
    Page::cut(rows, page.limit, |(seq, ..)| *seq).try_map(|(_, shown_at, shown_to, role)| {
        Ok(Showing {
            shown_at: DateTime::<Utc>::from_naive_utc_and_offset(shown_at, Utc),
            shown_to: id(&shown_to)?,
            role: named(&role)?,
        })
    })
}
