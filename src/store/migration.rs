//! The schema, brought up to date by whichever process comes first.

use diesel::{RunQueryDsl, SqliteConnection, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::{AnyConnection, DatabaseUrl, Use, establish, statement};
use super::error::Error;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// The key of the lock that migrating processes take on PostgreSQL: "charter" in ASCII.
const LOCK: i64 = 0x0063_6861_7274_6572;

/// Runs the migrations that are still pending.
pub(super) fn migrate(url: &DatabaseUrl) -> Result<(), Error> {
    let mut connection = establish(url, Use::Write)?;
    // a migration of a large table takes the time it takes
    if matches!(connection, AnyConnection::Postgres(_)) {
        statement(&mut connection, "SET statement_timeout = 0")?;
    }
    let applied = match &mut connection {
        AnyConnection::Sqlite(sqlite) => migrate_sqlite(sqlite)?,
        AnyConnection::Postgres(postgres) => {
            sql_query("SELECT pg_advisory_lock($1)")
                .bind::<diesel::sql_types::BigInt, _>(LOCK)
                .execute(postgres)?;
            // the lock ends with the connection, also when a migration fails
            names(postgres.run_pending_migrations(POSTGRES))?
        }
    };
    for name in applied {
        log::info!("migrated the database to {name}");
    }
    Ok(())
}

/// SQLite has no lock but the transaction: all pending migrations run in one that nobody else can begin meanwhile.
fn migrate_sqlite(sqlite: &mut SqliteConnection) -> Result<Vec<String>, Error> {
    sqlite.immediate_transaction(|sqlite| names(sqlite.run_pending_migrations(SQLITE)))
}

type Applied<'a> =
    Result<Vec<diesel::migration::MigrationVersion<'a>>, Box<dyn std::error::Error + Send + Sync + 'static>>;

fn names(applied: Applied<'_>) -> Result<Vec<String>, Error> {
    applied
        .map(|versions| versions.iter().map(ToString::to_string).collect())
        .map_err(|error| Error::Unavailable(format!("migration failed: {error}")))
}
