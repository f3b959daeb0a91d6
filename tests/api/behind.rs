//! Databases, looked at behind the service's back.

use diesel::connection::SimpleConnection as _;
use diesel::sql_types::Text;
use diesel::{Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, SqliteConnection, sql_query};

/// A connection of its own to an SQLite file, which waits for the service's writer; none to a PostgreSQL database.
pub fn sqlite_connection(url: &str) -> Option<SqliteConnection> {
    let mut connection = SqliteConnection::establish(url.strip_prefix("sqlite:")?).unwrap();
    connection.batch_execute("PRAGMA busy_timeout = 10000").unwrap();
    Some(connection)
}

/// The lines that a query gives: its column `line`.
pub fn lines(url: &str, query: &str) -> Vec<String> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        line: String,
    }
    let rows: Vec<Row> = match sqlite_connection(url) {
        Some(mut connection) => sql_query(query).load(&mut connection).unwrap(),
        None => sql_query(query)
            .load(&mut PgConnection::establish(url).unwrap())
            .unwrap(),
    };
    rows.into_iter().map(|row| row.line).collect()
}

/// All that a database holds, table by table; but for the indexes of words, which are made of it.
pub fn content(url: &str) -> Vec<(String, Vec<String>)> {
    let is_sqlite = url.starts_with("sqlite:");
    let tables = if is_sqlite {
        "SELECT name AS line FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
         AND name NOT LIKE '%_search%' ORDER BY 1"
    } else {
        "SELECT table_name::TEXT AS line FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1"
    };
    let rows = |table: String| {
        let line = if is_sqlite {
            let columns = format!("SELECT 'quote(' || name || ')' AS line FROM pragma_table_info('{table}')");
            lines(url, &columns).join(" || ' ' || ")
        } else {
            "t::TEXT".to_owned()
        };
        let rows = lines(url, &format!("SELECT {line} AS line FROM {table} AS t ORDER BY 1"));
        (table, rows)
    };
    lines(url, tables).into_iter().map(rows).collect()
}
