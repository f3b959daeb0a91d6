//! The words of a search, made ready for the store.

use super::Error;
use crate::domain::bangla::{beginning_patterns, search_patterns};

/// The patterns of a search query; none where nothing is searched for.
pub(super) fn patterns(query: Option<&str>) -> Result<Vec<String>, Error> {
    made(query, search_patterns)
}

/// The same where words are found by their beginnings: in cases, of which there are many.
pub(super) fn beginnings(query: Option<&str>) -> Result<Vec<String>, Error> {
    made(query, beginning_patterns)
}

fn made(query: Option<&str>, make: fn(&str) -> Vec<String>) -> Result<Vec<String>, Error> {
    let Some(query) = query else {
        return Ok(Vec::new());
    };
    let patterns = make(query);
    if patterns.is_empty() {
        return Err(Error::parameter("/query/q", "blank", "must hold a letter or a digit"));
    }
    Ok(patterns)
}
