//! The words of a search in each engine's own form. The patterns hold letters, digits, combining marks and spaces only.

/// A pattern for PostgreSQL's LIKE, which the trigram index answers.
pub(super) fn like(pattern: &str) -> String {
    format!("%{pattern}%")
}

/// All patterns as one query for SQLite's FTS5: each a phrase of the trigram index.
pub(super) fn fts5(patterns: &[String]) -> String {
    let phrases: Vec<String> = patterns.iter().map(|pattern| format!("\"{pattern}\"")).collect();
    phrases.join(" AND ")
}
