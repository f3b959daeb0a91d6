//! The words of a search, made ready for the store.

use super::Error;
use crate::domain::bangla::search_patterns;

/// The patterns of a search query; none where nothing is searched for.
pub(super) fn patterns(query: Option<&str>) -> Result<Vec<String>, Error> {
    let Some(query) = query else {
        return Ok(Vec::new());
    };
    let patterns = search_patterns(query);
    if patterns.is_empty() {
        return Err(Error::parameter("/query/q", "blank", "must hold a letter or a digit"));
    }
    Ok(patterns)
}
