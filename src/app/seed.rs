//! What a new database begins with: the charters and the calendar that ship with the program.

use include_dir::{Dir, include_dir};
use serde_json::Value;

use super::charter::publish;
use super::{App, Error};
use crate::domain::calendar::CalendarFile;
use crate::domain::charter::Charter;
use crate::domain::fault::Fault;
use crate::domain::json_schema;
use crate::store::{calendar, change, lock, office};

/// The files of `charters/`: one charter a file, and the calendars beside them.
static BUNDLED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/charters");

/// What a seeding did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seeding {
    /// The database was new: this many charters were published.
    Seeded(usize),
    /// There was something in it already; nothing changed.
    AlreadyThere,
}

/// The charters that ship with the program.
///
/// # Errors
/// [`Error::Invalid`] where a bundled file is faulty, which the tests rule out.
pub fn bundled_charters() -> Result<Vec<Charter>, Error> {
    json_files(&BUNDLED)
        .map(|document| Charter::read(document?).map_err(Error::Invalid))
        .collect()
}

fn bundled_calendars() -> Result<Vec<CalendarFile>, Error> {
    let calendars = BUNDLED.get_dir("calendar").into_iter().flat_map(json_files);
    calendars
        .map(|document| json_schema::read(document?).map_err(Error::Invalid))
        .collect()
}

/// The JSON files that lie directly in a directory.
fn json_files<'a>(directory: &'a Dir<'a>) -> impl Iterator<Item = Result<Value, Error>> {
    let no_json = |_| Error::Invalid(vec![Fault::new("", "invalid", "is no JSON")]);
    directory
        .files()
        .filter(|file| file.path().extension().is_some_and(|extension| extension == "json"))
        .map(move |file| serde_json::from_slice(file.contents()).map_err(no_json))
}

impl App {
    /// Publishes the bundled charters and enters the bundled calendar where the database knows no office and no year
    /// yet. Any number of replicas may do so at once: it happens once.
    ///
    /// # Errors
    /// [`Error::Store`]; [`Error::Invalid`] where a bundled file is faulty, which the tests rule out.
    pub async fn seed(&self) -> Result<Seeding, Error> {
        let charters = bundled_charters()?;
        let calendars = bundled_calendars()?;
        let now = self.now();
        self.store
            .publish(move |connection| {
                lock::charter_data(connection)?;
                if !calendar::any(connection)? {
                    for file in &calendars {
                        calendar::enter(file, connection)?;
                    }
                }
                if office::any(connection)? {
                    change::backfill(now, connection)?;
                    return Ok(Seeding::AlreadyThere);
                }
                for charter in &charters {
                    publish(charter, now, connection)?;
                }
                Ok(Seeding::Seeded(charters.len()))
            })
            .await
    }
}
