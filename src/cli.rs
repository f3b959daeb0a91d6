//! The command line.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};
use serde_json::Value;

use crate::app::charter::ImportMode;
use crate::app::seed::Seeding;
use crate::app::{self, App, system_clock};
use crate::config::{DatabaseConfig, Seed, ServeConfig};
use crate::domain::calendar::CalendarFile;
use crate::domain::charter::Charter;
use crate::domain::contact::OfficeCode;
use crate::domain::fault::Fault;
use crate::domain::{json_schema, strict_json};
use crate::http::{self, Application};
use crate::store::{self, Store};

mod account;

use account::{AccountCommand, KeyCommand};

/// Publishes Citizen's Charters (সেবা প্রদান প্রতিশ্রুতি) and keeps the clock of their promises
#[derive(Debug, Parser)]
#[command(name = "citizens-charter", version, about)]
pub struct Cli {
    /// What to do; `serve` where nothing is said.
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    database: DatabaseConfig,
    #[command(flatten)]
    serve: ServeConfig,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API; what happens when no command is given
    Serve(Box<ServeConfig>),
    /// Bring the database's schema up to date, and nothing else
    Migrate,
    /// Publish a charter file in the place of the charter its office has
    Import {
        /// The charter file; `-` reads standard input
        file: PathBuf,
        /// Only say what would change
        #[arg(long)]
        dry_run: bool,
    },
    /// Write the charter of an office to standard output, in canonical formatting
    Export {
        /// The code of the office
        #[arg(long)]
        office: String,
    },
    /// Complete a charter file and write it in canonical formatting: ids, E.164 numbers, what the words already say
    Format {
        /// The charter file; `-` reads standard input
        file: PathBuf,
        /// Write the file itself instead of standard output
        #[arg(long)]
        in_place: bool,
    },
    /// Enter the declared days of a calendar file
    ImportCalendar {
        /// The calendar file; `-` reads standard input
        file: PathBuf,
    },
    /// Make, list and disable the accounts of those who sign in
    #[command(subcommand)]
    Account(AccountCommand),
    /// List and rotate the keys that sign access tokens
    #[command(subcommand)]
    Key(KeyCommand),
    /// Copy the SQLite database into a new file while the service runs, and check the copy
    Backup {
        /// The file that is made; one that is there is left alone
        file: PathBuf,
    },
    /// Seal all personal data by the first of the keys, after which no other key is needed
    Reseal,
    /// Forget what people told in cases that were closed long ago; the cases stay, for the statistics, and their histories whole
    Purge {
        /// How long ago, such as `1825d`, `60m` or `5y`; at least 60 days, while which a case can be appealed and rated
        #[arg(long, value_parser = days)]
        older_than: u64,
    },
    /// Check the history of every case, and name the first row that is not as it was written
    Verify,
    /// Write the JSON Schema of charter files to standard output
    Schema,
    /// Write the OpenAPI documents into a directory
    Openapi {
        /// The directory
        #[arg(default_value = "openapi")]
        directory: PathBuf,
    },
}

/// Why a command failed, in one line; faults of a file in a line each.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    App(#[from] app::Error),
    #[error("{0}")]
    Words(String),
}

impl Failure {
    fn report(&self) {
        match self {
            Self::App(app::Error::Invalid(faults)) => report_faults(faults),
            failure => eprintln!("citizens-charter: {failure}"),
        }
    }
}

fn report_faults(faults: &[Fault]) {
    for fault in faults {
        eprintln!("{fault}");
    }
    match faults.len() {
        1 => eprintln!("citizens-charter: 1 fault"),
        n => eprintln!("citizens-charter: {n} faults"),
    }
}

/// Does what the command line asks for.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            print!("{error}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("citizens-charter: {}", in_one_line(&error.to_string()));
            return ExitCode::from(2);
        }
    };
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("info,actix_server=warn")).init();
    let system = actix_web::rt::System::new();
    match system.block_on(run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.report();
            ExitCode::FAILURE
        }
    }
}

/// A time in days, months or years, in days: never less than was said.
fn days(time: &str) -> Result<u64, &'static str> {
    const FORM: &str = "write a number of days, months or years, such as 1825d, 60m or 5y";
    const LEAST: u64 = 60;
    let unit = time.chars().last().ok_or(FORM)?;
    let each = match unit {
        'd' => 1,
        'm' => 31,
        'y' => 366,
        _ => return Err(FORM),
    };
    let number = time
        .strip_suffix(unit)
        .and_then(|number| number.parse::<u64>().ok())
        .ok_or(FORM)?;
    match number.checked_mul(each) {
        Some(days @ LEAST..=366_000) => Ok(days),
        _ => Err("at least 60 days, and at most 1000 years"),
    }
}

/// The first paragraph of a command line error, without its prefix.
fn in_one_line(error: &str) -> String {
    let paragraph = error.split("\n\n").next().unwrap_or_default();
    let words: Vec<&str> = paragraph.split_whitespace().collect();
    let line = words.join(" ");
    line.strip_prefix("error: ").unwrap_or(&line).to_owned()
}

async fn run(cli: Cli) -> Result<(), Failure> {
    let open = || -> Result<App, Failure> {
        let store = Store::open(&cli.database.store_options()).map_err(app::Error::from)?;
        Ok(App::new(store, system_clock()).sealing_by(cli.database.personal_data_keys.clone()))
    };
    match cli.command {
        None => serve(open()?, &cli.serve).await,
        Some(Command::Serve(config)) => serve(open()?, &config).await,
        Some(Command::Migrate) => open().map(|_| ()),
        Some(Command::Import { file, dry_run }) => {
            let charter = Charter::read(read_json(&file)?).map_err(app::Error::Invalid)?;
            let mode = if dry_run {
                ImportMode::DryRun
            } else {
                ImportMode::Publish
            };
            let changes = open()?.import_charter(charter, mode).await?;
            for change in &changes {
                say(&change.to_string())?;
            }
            say(&match (changes.len(), dry_run) {
                (0, _) => "nothing differs".to_owned(),
                (n, false) => format!("{n} changes published"),
                (n, true) => format!("{n} changes would be published"),
            })
        }
        Some(Command::Export { office }) => {
            let charter = open()?.get_charter(OfficeCode::from(office)).await?;
            write_out(&canonical(&charter)?)
        }
        Some(Command::Format { file, in_place }) => {
            let mut document = read_json(&file)?;
            Charter::complete(&mut document, uuid::Uuid::now_v7);
            let formatted = canonical(&Charter::read(document).map_err(app::Error::Invalid)?)?;
            if in_place {
                write_file(&file, &formatted)
            } else {
                write_out(&formatted)
            }
        }
        Some(Command::ImportCalendar { file }) => {
            let calendar: CalendarFile = json_schema::read(read_json(&file)?).map_err(app::Error::Invalid)?;
            let days = calendar.days.len();
            open()?.enter_calendar(calendar).await?;
            say(&format!("{days} days entered"))
        }
        Some(Command::Account(command)) => account::run(command, open, cli.serve.seed).await,
        Some(Command::Key(command)) => account::run_key(command, open).await,
        Some(Command::Backup { file }) => {
            let bytes = store::backup::back_up(&cli.database.database_url, &file)
                .map_err(|error| Failure::Words(error.to_string()))?;
            say(&format!("{}: {bytes} bytes, sound", file.display()))
        }
        Some(Command::Reseal) => {
            let count = open()?.reseal().await?;
            say(&format!(
                "sealed anew: {count}; all is sealed by `{}`",
                cli.database.personal_data_keys.current()
            ))
        }
        Some(Command::Purge { older_than }) => {
            let count = open()?.purge(older_than).await?;
            say(&format!("forgotten: what people told in {count} cases"))
        }
        Some(Command::Verify) => {
            let found = open()?.verify_histories().await?;
            match found.broken {
                None => say(&format!(
                    "cases: {}, events: {}; every history is whole",
                    found.cases, found.events
                )),
                Some((case, broken)) => Err(Failure::Words(format!(
                    "case {case}: event {} {}",
                    broken.number, broken.why
                ))),
            }
        }
        Some(Command::Schema) => write_out(&charter_schema()?),
        Some(Command::Openapi { directory }) => {
            write_file(&directory.join("openapi.json"), &http::document())?;
            write_file(&directory.join("openapi-3.0.json"), &http::document_3_0())
        }
    }
}

async fn serve(app: App, config: &ServeConfig) -> Result<(), Failure> {
    let engine = app.store().engine();
    seed(&app, config.seed).await?;
    let courier = config
        .courier()
        .map_err(|error| Failure::Words(format!("cannot send messages: {error}")))?;
    let app = app
        .issuing_as(&config.issuer)
        .reached_at(&config.public_url)
        .sending_by(Arc::new(courier));
    app.ensure_signing_key().await?;
    app.ensure_personal_data_keys().await?;
    let first_office = app
        .list_offices(None, None, crate::store::page::PageRequest { after: 0, limit: 1 })
        .await?;
    let (sender, seals) = (app.clone(), app.seals());
    let application = Application::build(app, &config.http_options())
        .map_err(|error| Failure::Words(format!("cannot listen on {}: {error}", config.listen)))?;
    // whoever reads that it serves may stop it at once
    stop_on_signal(&application, config)?;
    actix_web::rt::spawn(sender.keep_sending());
    let base = format!("http://{}", application.address());
    log::info!("serving on {base} with {engine}");
    if let Some(office) = first_office.items.first() {
        log::info!("charter: {base}/v1/offices/{}/charter", office.office.code);
    }
    log::info!("docs:    {base}/docs/");
    log::info!("openapi: {base}/openapi.json");
    if !seals {
        log::warn!("personal data is kept as it is: set CHARTER_PERSONAL_DATA_KEYS to have it sealed");
    }
    application
        .run_until_stopped()
        .await
        .map_err(|error| Failure::Words(format!("the server failed: {error}")))?;
    log::info!("stopped");
    Ok(())
}

/// Fills a new database, where it is to be filled.
async fn seed(app: &App, seed: Seed) -> Result<(), Failure> {
    if seed == Seed::Bundled
        && let Seeding::Seeded(charters) = app.seed().await?
    {
        log::info!("seeded the new database with {charters} charter(s) and the calendar");
    }
    Ok(())
}

/// Stops the service on SIGTERM or SIGINT without dropping a request.
fn stop_on_signal(application: &Application, config: &ServeConfig) -> Result<(), Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let cannot = |error| Failure::Words(format!("cannot listen for signals: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(cannot)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(cannot)?;
    let stopper = application.stopper();
    let drain = config.drain();
    actix_web::rt::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        log::info!("stopping: finishing the requests in flight");
        stopper.stop(drain).await;
    });
    Ok(())
}

/// The JSON Schema of charter files, as it is committed.
fn charter_schema() -> Result<String, Failure> {
    let schema = serde_json::to_string_pretty(&json_schema::schema_of::<Charter>());
    schema
        .map(|json| json + "\n")
        .map_err(|error| Failure::Words(error.to_string()))
}

fn canonical(charter: &Charter) -> Result<String, Failure> {
    charter
        .to_canonical_json()
        .map_err(|error| Failure::Words(error.to_string()))
}

fn read_json(file: &Path) -> Result<Value, Failure> {
    let name = file.display();
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        std::io::stdin().read_to_end(&mut bytes).map(|_| ())
    } else {
        std::fs::read(file).map(|content| bytes = content)
    };
    read.map_err(|error| Failure::Words(format!("cannot read {name}: {error}")))?;
    strict_json::read(&bytes).map_err(|error| match error {
        strict_json::Error::Syntax(error) => Failure::Words(format!("{name} is no JSON: {error}")),
        strict_json::Error::Faults(faults) => Failure::App(app::Error::Invalid(faults)),
    })
}

fn write_file(file: &Path, content: &str) -> Result<(), Failure> {
    std::fs::write(file, content).map_err(|error| Failure::Words(format!("cannot write {}: {error}", file.display())))
}

fn say(line: &str) -> Result<(), Failure> {
    write_out(&format!("{line}\n"))
}

/// Writes to standard output; a reader that has gone away is no failure of ours.
fn write_out(text: &str) -> Result<(), Failure> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::Words(format!("cannot write: {error}")))
        }
        _ => Ok(()),
    }
}

/// Every setting as a row of the README's table: the flag, the environment variable, the default, what it is for.
pub fn settings() -> Vec<String> {
    use clap::CommandFactory as _;
    let row = |argument: &clap::Arg| {
        let (flag, variable) = (argument.get_long()?, argument.get_env()?);
        let default = argument.get_default_values().first().and_then(|value| value.to_str());
        let default = default
            .filter(|value| !value.is_empty())
            .map_or_else(String::new, |value| format!("`{value}`"));
        Some(format!(
            "| `--{flag}` | `{}` | {default} | {} |",
            variable.to_str()?,
            argument.get_help()?
        ))
    };
    Cli::command().get_arguments().filter_map(row).collect()
}
