//! A copy of the whole database, made while the service runs.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::{sql_query, sqlite::SqliteConnection};

use super::connection::{AnyConnection, DatabaseUrl, Engine, Use, establish};

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database is on a server that is backed up by its own tools.
    #[error(
        "PostgreSQL is backed up by its own tools, while the service runs: pg_dump --format=custom --file=FILE DATABASE_URL"
    )]
    ByItsOwnTools,
    /// There is no database to back up.
    #[error("{0} is not there")]
    NoDatabase(String),
    /// The file could not be made.
    #[error("cannot write {0}: {1}")]
    File(String, #[source] io::Error),
    /// The database could not be copied.
    #[error("the backup was not made: {0}")]
    NotMade(String),
    /// The copy is not sound.
    #[error("the copy is not sound, and was not kept: {0}")]
    NotSound(String),
}

/// Copies the database of one moment into a file, checks the copy, and gives its size in bytes. The schema stays as it is, so
/// that a backup can be made before an upgrade. The file has its name only once it is whole and on the disk; nobody but its
/// owner can read it, for it has what people told the office.
///
/// # Errors
/// [`Error`], with the words of the engine or the system. A file that is there already is left alone.
pub fn back_up(url: &DatabaseUrl, file: &Path) -> Result<u64, Error> {
    if url.engine() == Engine::Postgres {
        return Err(Error::ByItsOwnTools);
    }
    if !Path::new(url.address()).exists() {
        return Err(Error::NoDatabase(url.address().to_owned()));
    }
    let cannot = |error| Error::File(file.display().to_string(), error);
    if file.exists() {
        return Err(cannot(io::ErrorKind::AlreadyExists.into()));
    }
    let part = Part::new(file).map_err(cannot)?;
    let mut connection = establish(url, Use::Write).map_err(|error| Error::NotMade(error.to_string()))?;
    let name = part
        .0
        .to_str()
        .ok_or_else(|| cannot(io::ErrorKind::InvalidInput.into()))?;
    sql_query("VACUUM INTO ?")
        .bind::<Text, _>(name)
        .execute(&mut connection)
        .map_err(|error| Error::NotMade(error.to_string()))?;
    check(name)?;
    part.keep(file).map_err(cannot)
}

#[derive(QueryableByName)]
struct Check {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

fn check(name: &str) -> Result<(), Error> {
    let not_sound = |error: &dyn ToString| Error::NotSound(error.to_string());
    let connection = SqliteConnection::establish(name).map_err(|error| not_sound(&error))?;
    let found: Vec<Check> = sql_query("PRAGMA integrity_check")
        .load(&mut AnyConnection::Sqlite(connection))
        .map_err(|error| not_sound(&error))?;
    match &*found {
        [Check { integrity_check }] if integrity_check == "ok" => Ok(()),
        faults => {
            let faults: Vec<&str> = faults.iter().map(|fault| &*fault.integrity_check).collect();
            Err(not_sound(&faults.join("; ")))
        }
    }
}

/// A file that is being written, gone unless it is kept.
struct Part(PathBuf);

impl Part {
    fn new(file: &Path) -> io::Result<Self> {
        let mut name = file.as_os_str().to_owned();
        name.push(".part");
        let part = Self(name.into());
        // what an earlier attempt left behind
        drop(std::fs::remove_file(&part.0));
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&part.0)?;
        Ok(part)
    }

    fn keep(self, file: &Path) -> io::Result<u64> {
        let written = File::open(&self.0)?;
        written.sync_all()?;
        std::fs::rename(&self.0, file)?;
        let directory = file.parent().filter(|directory| !directory.as_os_str().is_empty());
        File::open(directory.unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(written.metadata()?.len())
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // once it was kept, there is none of that name
        drop(std::fs::remove_file(&self.0));
    }
}
