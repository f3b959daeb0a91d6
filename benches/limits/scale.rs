//! The same reads at the size of one office and at that of a country, in turns: what they cost is to stay what it is.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::load::Load;
use crate::population::{CASES, OFFICES, populate};
use crate::process::{Database, Process, scratch};
use crate::reads::{Caller, OFFICE, make_officer};
use crate::table::{Beside, Table};

/// How many entries a page has.
const PAGE: usize = 20;
/// Which page is the far one.
const FAR: usize = 1000;
/// How many of the targets are looked for.
const TARGETS: usize = 2000;

/// A database of either size, with the service on it.
struct Place {
    service: Process,
    officer: String,
    tracking_code: String,
    case: String,
    big: bool,
}

const OFFICER: &str = "officer@example.org";
/// A word that every copy of the charter has, as it stands in an address.
const COMMON: &str = "%E0%A6%B8%E0%A6%BE%E0%A6%87%E0%A6%AC%E0%A6%BE%E0%A6%B0";
/// A word that every case has.
const COMMON_IN_CASES: &str =
    "%E0%A6%AA%E0%A7%8D%E0%A6%B0%E0%A6%A4%E0%A6%BF%E0%A6%AC%E0%A7%87%E0%A6%A6%E0%A6%A8%E0%A7%87%E0%A6%B0";

impl Place {
    fn new(database: &Database, big: bool) -> Self {
        // the first start makes the schema and the first office; there has to be a case to copy
        let first = Process::service(database, &[]);
        make_officer(database, OFFICER);
        let caller = Caller::of(&first);
        let service = caller.service();
        let receipts: Vec<Value> = (0..2 * PAGE).map(|_| caller.file(&service)).collect();
        drop(first);
        if big {
            let began = Instant::now();
            populate(database);
            println!(
                "\n{OFFICES} offices and {CASES} cases were made within {:.0} s ({}).",
                began.elapsed().as_secs_f64(),
                database.engine()
            );
        }
        let service = Process::service(database, &[]);
        let officer = Caller::of(&service).sign_in(OFFICER);
        let text = |name: &str| receipts[0][name].as_str().expect("text").to_owned();
        Self {
            service,
            officer,
            tracking_code: text("tracking_code"),
            case: text("id"),
            big,
        }
    }

    fn caller(&self) -> Caller<'_> {
        Caller::of(&self.service)
    }

    /// The address of the page that many pages of a list further on; of the last one where there are fewer.
    fn far_page(&self, list: &str, headers: &[String]) -> String {
        let mut target = format!("{list}limit=100");
        for _ in 0..FAR * PAGE / 100 {
            let page = self.caller().json(&target, headers);
            let Some(cursor) = page["next_cursor"].as_str() else {
                break;
            };
            target = format!("{list}limit=100&cursor={cursor}");
        }
        target.replace("limit=100", &format!("limit={PAGE}"))
    }

    /// The first ones of a list, as many as there are up to a bound: what is read of them by chance is not all in a cache.
    fn some(&self, path: &str, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut target = format!("{path}?limit=100");
        while found.len() < TARGETS {
            let page = self.caller().json(&target, &[]);
            let items = page["items"].as_array().expect("items");
            found.extend(items.iter().filter_map(|item| item[name].as_str()).map(str::to_owned));
            let Some(cursor) = page["next_cursor"].as_str() else {
                break;
            };
            target = format!("{path}?limit=100&cursor={cursor}");
        }
        found
    }

    /// What is read, in answers that are as long at either size.
    fn scenarios(&self) -> Vec<(&'static str, Load)> {
        let anew = "Cache-Control: no-cache";
        let officer = [self.officer.clone()];
        // a number that few entries have; at the size of one office it is that of the officer's telephone, or of the case
        let (rare, rare_case) = if self.big {
            ("00002a42", "02a42042")
        } else {
            ("02478845392", self.tracking_code.as_str())
        };
        let get = |target: &str| Load::get(target, &[anew]);
        let staff = |target: &str| Load::get(target, &[&self.officer]);
        let services: Vec<String> = self.some("/v1/services", "id");
        let services = services.iter().map(|id| format!("/v1/services/{id}")).collect();
        let offices = self.some("/v1/offices", "code");
        let charters = offices
            .iter()
            .map(|code| format!("/v1/offices/{code}/charter"))
            .collect();
        let of_offices = offices
            .iter()
            .map(|code| format!("/v1/services?office={code}&limit={PAGE}"));
        let changes = if self.big {
            self.far_page("/v1/changes?", &[])
        } else {
            format!("/v1/changes?limit={PAGE}")
        };
        let cases = "/v1/service-requests?";
        vec![
            ("one service of many", Load::any_of(services, &[anew])),
            ("a page of services", get(&format!("/v1/services?limit={PAGE}"))),
            ("the thousandth page", get(&self.far_page("/v1/services?", &[]))),
            ("the services of an office", Load::any_of(of_offices.collect(), &[anew])),
            (
                "five services of a category",
                get("/v1/services?category=citizen&limit=5"),
            ),
            (
                "a search for a common word",
                get(&format!("/v1/services?q={COMMON}&limit=1")),
            ),
            (
                "the same in an office",
                get(&format!("/v1/services?office={OFFICE}&q={COMMON}&limit={PAGE}")),
            ),
            (
                "a search for a rare word",
                get(&format!("/v1/services?q={rare}&limit=1")),
            ),
            ("an office of a list", get("/v1/offices?limit=1")),
            ("a search for an office", get("/v1/offices?q=khulna&limit=1")),
            ("a charter of many", Load::any_of(charters, &[anew])),
            ("a page of changes", get(&changes)),
            (
                "a case, by its officer",
                staff(&format!("/v1/service-requests/{}", self.case)),
            ),
            (
                "a case, tracked",
                Load::get(&format!("/v1/tracking/{}", self.tracking_code), &[]),
            ),
            ("the newest cases", staff(&format!("{cases}limit={PAGE}"))),
            ("the thousandth page of cases", staff(&self.far_page(cases, &officer))),
            (
                "the most urgent cases",
                staff(&format!("{cases}order=urgent&limit={PAGE}")),
            ),
            (
                "a search for a common word in cases",
                staff(&format!("{cases}q={COMMON_IN_CASES}&limit={PAGE}")),
            ),
            (
                "a search for a rare word in cases",
                staff(&format!("{cases}q={rare_case}&limit=1")),
            ),
        ]
    }
}

/// Measures all that is to stay as fast as it is.
pub fn measure(small: &Database, big: &Database, (rounds, time): (usize, Duration)) {
    let (few, many) = (Place::new(small, false), Place::new(big, true));
    println!(
        "\nThe service served {:.0} ms after it was started with them.",
        many.service.started_within.as_secs_f64() * 1e3
    );
    let mut results = Vec::new();
    for ((name, at_few), (_, at_many)) in few.scenarios().into_iter().zip(many.scenarios()) {
        let mut beside = Beside::new(name);
        for _ in 0..rounds {
            beside.limit.push(at_few.run(&few.service, time));
            beside.measured.push(at_many.run(&many.service, time));
        }
        results.push(beside);
    }
    Table::print(
        &format!("A country beside one office, {}", big.engine()),
        "one office",
        &results,
    );
    drop(few);
    harvest(&many.service);
    import(big);
    pull(big);
}

/// A first full harvest: all services, streamed.
fn harvest(service: &Process) {
    let before = service.memory("VmRSS");
    let began = Instant::now();
    let mut curl = Command::new("curl")
        .args(["-sS", "-H", "Accept: application/x-ndjson"])
        .arg(format!("{}/v1/services", service.base))
        .stdout(Stdio::piped())
        .spawn()
        .expect("curl");
    let output = BufReader::new(curl.stdout.take().expect("it is piped"));
    let services = output.split(b'\n').count();
    assert!(curl.wait().expect("it ends").success());
    let took = began.elapsed().as_secs_f64();
    println!(
        "\nA first full harvest: {services} services within {took:.1} s, {:.0} a second; memory {before:.0} MiB before, at most \
         {:.0} MiB.",
        services as f64 / took,
        service.memory("VmHWM")
    );
}

/// The import of one more office.
fn import(database: &Database) {
    let directory = scratch("import");
    let charter = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/charters/doict-khulna.json"))
        .expect("the charter");
    let mut times = Vec::new();
    for n in 1..=5 {
        let file = directory.join(format!("{n}.json"));
        let copy = charter
            .replace("01a20ada", &format!("0ffffff{n}"))
            .replace(OFFICE, &format!("imported-{n}"));
        std::fs::write(&file, copy).expect("a file");
        let began = Instant::now();
        let done = Command::new(env!("CARGO_BIN_EXE_citizens-charter"))
            .args(["import", "--database-url", &database.url])
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("the program");
        assert!(done.success(), "the import of {}", file.display());
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    println!(
        "\nThe import of one more office took {:.0} ms (the middle one of five), the start of the program included.",
        crate::table::median(times.into_iter())
    );
}

/// A portal that pulls everything, some of it much more often than the rest: what is kept stays bounded.
fn pull(database: &Database) {
    let service = Process::service(database, &["--rate-limit", "0"]);
    let list = Command::new("curl")
        .args(["-sS", "-H", "Accept: application/x-ndjson"])
        .arg(format!("{}/v1/services", service.base))
        .output()
        .expect("curl");
    let ids = list.stdout.split(|byte| *byte == b'\n').filter_map(|line| {
        let service: Value = serde_json::from_slice(line).ok()?;
        Some(format!("/v1/services/{}", service["id"].as_str()?))
    });
    let load = Load::any_of(ids.collect(), &[]).skewed(4);
    let measured = load.run(&service, Duration::from_secs(30));
    println!(
        "\nA skewed pull of all services: {:.0} a second; memory at most {:.0} MiB.",
        measured.rate,
        service.memory("VmHWM")
    );
}
