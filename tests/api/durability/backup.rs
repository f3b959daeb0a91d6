//! A backup that is made while clients file is whole, and gives back the database as it was.

use std::path::PathBuf;

use citizens_charter::store::Engine;

use super::cluster::program;
use super::load::Load;
use super::{Database, SETTINGS, all_is_there, code, number};
use crate::behind::content;
use crate::program::{Service, run_on, stderr, stdout};
use crate::support::TestDatabase;

/// A directory, gone when the test is.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let this = Self(std::env::temp_dir().join(format!("citizens_charter_{name}_{}", std::process::id())));
        drop(std::fs::remove_dir_all(&this.0));
        std::fs::create_dir_all(&this.0).unwrap();
        this
    }

    fn file(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Makes a backup as the documentation says, and restores it into another database.
fn restored(database: &str, file: &str, engine: Engine) -> TestDatabase {
    let to = TestDatabase::of(engine);
    match engine {
        Engine::Sqlite => {
            let said = stdout(&run_on(database, &["backup", file]));
            assert!(said.starts_with(file) && said.ends_with(" bytes, sound\n"), "{said}");
            std::fs::copy(file, to.url.strip_prefix("sqlite:").unwrap()).unwrap();
        }
        Engine::Postgres => {
            let how = stderr(&run_on(database, &["backup", file]));
            assert!(
                how.contains("pg_dump --format=custom --file=FILE DATABASE_URL"),
                "{how}"
            );
            let made = program("pg_dump")
                .args(["--format=custom", &format!("--file={file}"), database])
                .status();
            assert!(made.unwrap().success());
            let restored = program("pg_restore")
                .args(["--no-owner", "--exit-on-error", &format!("--dbname={}", to.url), file])
                .status();
            assert!(restored.unwrap().success());
        }
    }
    to
}

fn under_load(engine: Engine) {
    let directory = Directory::new(&format!("backup_{engine}"));
    let database = Database::OfTheTests(TestDatabase::of(engine));
    let mut service = Service::start_on(database.url(), SETTINGS);
    let address = service.address();
    let load = Load::start(address.clone());
    load.wait_for(100);
    let before = load.filed();
    let copy = Database::OfTheTests(restored(database.url(), &directory.file("under-load"), engine));
    load.wait_for(load.acknowledged() + 50);
    let after = load.stop();
    let verified = stdout(&run_on(copy.url(), &["verify"]));
    assert!(verified.ends_with("every history is whole\n"), "{verified}");
    let cases = number(&copy, "SELECT count(*) AS n FROM service_requests");
    assert!((before.len()..=after.len()).contains(&usize::try_from(cases).unwrap()));
    for filed in before {
        let there = format!(
            "SELECT count(*) AS n FROM service_requests WHERE tracking_code = '{}'",
            code(&filed.receipt)
        );
        assert_eq!(number(&copy, &there), 1, "{there}");
    }
    drop(service);

    // at rest, it is the same database, and the service goes on with it
    let copy = Database::OfTheTests(restored(database.url(), &directory.file("at-rest"), engine));
    for ((table, rows), (_, copied)) in content(database.url()).into_iter().zip(content(copy.url())) {
        assert_eq!(rows, copied, "{table}");
    }
    let mut service = Service::start_on(copy.url(), SETTINGS);
    all_is_there(&copy, &service.address(), &after);
}

#[test]
fn a_backup_under_load_is_whole_on_sqlite() {
    under_load(Engine::Sqlite);
}

#[test]
fn a_backup_under_load_is_whole_on_postgres() {
    under_load(Engine::Postgres);
}

#[test]
fn a_backup_takes_nothing_elses_place() {
    let directory = Directory::new("backup_place");
    let database = TestDatabase::sqlite();
    let file = directory.file("backup.db");
    let failed = stderr(&run_on(&database.url, &["backup", &file]));
    assert!(failed.contains("is not there"), "{failed}");
    stdout(&run_on(&database.url, &["migrate"]));
    stdout(&run_on(&database.url, &["backup", &file]));
    let mode = std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(&file).unwrap());
    assert_eq!(mode & 0o777, 0o600, "nobody else can read what people told the office");
    let made = std::fs::read(&file).unwrap();
    let failed = stderr(&run_on(&database.url, &["backup", &file]));
    assert!(failed.contains("exists"), "{failed}");
    assert_eq!(std::fs::read(&file).unwrap(), made);
    let nowhere = stderr(&run_on(&database.url, &["backup", "/no/such/place/backup.db"]));
    assert_eq!(nowhere.lines().count(), 1, "{nowhere}");
}
