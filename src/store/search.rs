//! The words of a search in each engine's own form. The patterns hold letters, digits, combining marks and spaces only.

use diesel::RunQueryDsl;

use super::case_table::CaseTable;
use super::connection::AnyConnection;
use super::error::Error;
use super::statement::sql;

/// Indexes the words of cases that were filed since this was last done, on SQLite: of many at once, because its index is written
/// out at every commit; and goes on merging what was written out before. A case's number is higher than that of every case
/// before it.
pub(super) fn index_new_cases(connection: &mut AnyConnection) -> Result<(), Error> {
    for table in CaseTable::ALL.map(CaseTable::name) {
        sql(format!(
            "INSERT INTO {table}_search (rowid, search) SELECT seq, search FROM {table} \
             WHERE seq > (SELECT coalesce(max(id), 0) FROM {table}_search_docsize)"
        ))
        .execute(connection)?;
        // some as much as is added, at each level of the index
        sql(format!(
            "INSERT INTO {table}_search ({table}_search, rank) VALUES ('merge', 32)"
        ))
        .execute(connection)?;
    }
    Ok(())
}

/// A pattern for PostgreSQL's LIKE, which the trigram index answers.
pub(super) fn like(pattern: &str) -> String {
    format!("%{pattern}%")
}

/// In whose list words are looked for, of a table whose index on PostgreSQL has words by office.
#[derive(Clone)]
pub(super) struct Within {
    /// The offices that a row is indexed under, as its index says them.
    pub(super) offices: &'static str,
    /// The column of the office to which the list has been narrowed.
    pub(super) column: &'static str,
    /// That office; empty where the list is that of all.
    pub(super) office: String,
}

/// All patterns of beginnings as one query for PostgreSQL's index of words: each a prefix, within an office or within none.
pub(super) fn tsquery(patterns: &[String], office: &str) -> String {
    let office = office.replace('\\', "\\\\").replace('\'', "''");
    let words: Vec<String> = patterns
        .iter()
        .map(|pattern| format!("'{office} {}':*", pattern.trim()))
        .collect();
    words.join(" & ")
}

/// The same for SQLite's FTS5.
pub(super) fn fts5_beginnings(patterns: &[String]) -> String {
    let words: Vec<String> = patterns
        .iter()
        .map(|pattern| format!("\"{}\"*", pattern.trim()))
        .collect();
    words.join(" AND ")
}

/// All patterns as one query for SQLite's FTS5: each a phrase of the trigram index.
pub(super) fn fts5(patterns: &[String]) -> String {
    let phrases: Vec<String> = patterns.iter().map(|pattern| format!("\"{pattern}\"")).collect();
    phrases.join(" AND ")
}
