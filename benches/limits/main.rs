//! The service beside its limits: `cargo bench`, or `cargo bench -- reads` for one part.
//!
//! What bounds it is the bare web server for reads, and the database's own commits for writes. Each is measured in turns with
//! its limit on the same machine, which both share with the load; what counts is the ratio.

mod arrivals;
mod bare;
mod guesses;
mod load;
mod overload;
mod population;
mod process;
mod reads;
mod scale;
mod table;
mod writes;

use std::path::Path;
use std::time::Duration;

use process::Database;

/// A number from the environment.
fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|value| value.parse().ok())
        .unwrap_or(otherwise)
}

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    if let [flag, directory] = &*arguments
        && flag == "--bare"
    {
        let served = actix_web::rt::System::new().block_on(bare::serve(Path::new(directory)));
        return served.expect("the bare handler serves");
    }
    let asked = |part: &str| arguments.is_empty() || arguments.iter().any(|argument| argument == part);
    let rounds = usize::try_from(setting("BENCH_ROUNDS", 5)).expect("a few rounds");
    let how = (rounds, Duration::from_secs(setting("BENCH_SECONDS", 2)));
    let named = |name: &str| {
        [Some(Database::sqlite(name)), Database::postgres(name)]
            .into_iter()
            .flatten()
    };
    let engines = || named("one");
    if asked("reads") {
        engines().for_each(|database| reads::measure(&database, how));
    }
    if asked("writes") {
        engines().for_each(|database| writes::measure(&database, how));
    }
    if asked("overload") {
        overload::measure(&|| Database::sqlite("overload"), how);
        if Database::postgres("overload").is_some() {
            overload::measure(&|| Database::postgres("overload").expect("it was there"), how);
        }
    }
    if asked("guesses") {
        engines().for_each(|database| guesses::measure(&database));
    }
    if asked("scale") {
        for (one, all) in named("office").zip(named("country")) {
            scale::measure(&one, &all, how);
        }
    }
}
