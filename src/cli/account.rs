//! The commands about those who sign in: accounts, and the keys that sign their tokens.

use std::io::Read as _;

use chrono::SecondsFormat;
use clap::Subcommand;
use serde_json::{Map, Value, json};

use super::{Failure, say, write_out};
use crate::app::{self, App};
use crate::config::Seed;
use crate::domain::account::{Account, AccountInput, PasswordInput};
use crate::domain::json_schema;
use crate::store::page::PageRequest;

#[derive(Debug, Subcommand)]
pub(super) enum AccountCommand {
    /// Make an account
    Create {
        /// The e-mail address to sign in with
        #[arg(long)]
        email: String,
        /// alternate_officer, officer, appeal_officer, cell_officer or administrator
        #[arg(long)]
        role: String,
        /// The code of the office, for officers, alternate officers and appeal officers
        #[arg(long)]
        office: Option<String>,
        /// The id of the officer of the office's charter whose account it is
        #[arg(long)]
        officer: Option<String>,
        /// Read the password from standard input
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// Disable an account: it may not sign in, and its tokens end at once
    Disable {
        /// The e-mail address of the account
        #[arg(long)]
        email: String,
    },
    /// Enable an account that was disabled
    Enable {
        /// The e-mail address of the account
        #[arg(long)]
        email: String,
    },
    /// Give an account another password; its tokens end at once
    SetPassword {
        /// The e-mail address of the account
        #[arg(long)]
        email: String,
        /// Read the password from standard input
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// List all accounts, in a line each
    List,
}

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Make a new key, which signs from now on; the one before verifies until its last token has expired
    Rotate,
    /// List the keys that sign or verify now
    List,
}

pub(super) async fn run(
    command: AccountCommand,
    open: impl Fn() -> Result<App, Failure>,
    seed: Seed,
) -> Result<(), Failure> {
    match command {
        AccountCommand::Create {
            email,
            role,
            office,
            officer,
            password_stdin: _,
        } => {
            let mut input = Map::new();
            for (field, value) in [
                ("email", Some(email)),
                ("password", Some(password()?)),
                ("role", Some(role)),
                ("office", office),
                ("officer", officer),
            ] {
                if let Some(value) = value {
                    input.insert(field.to_owned(), json!(value));
                }
            }
            // checked as the API checks it: the faults are told by the names of the fields
            let input: AccountInput = json_schema::read(Value::Object(input)).map_err(app::Error::Invalid)?;
            let app = open()?;
            // the first account may be made before the service first starts: its office has to be there
            super::seed(&app, seed).await?;
            let created = app.create_account(None, input, None).await?;
            say(created.entry["id"].as_str().unwrap_or_default())
        }
        AccountCommand::Disable { email } => set_disabled(&open()?, &email, true).await,
        AccountCommand::Enable { email } => set_disabled(&open()?, &email, false).await,
        AccountCommand::SetPassword {
            email,
            password_stdin: _,
        } => {
            let input = json!({"password": password()?});
            let input: PasswordInput = json_schema::read(input).map_err(app::Error::Invalid)?;
            let app = open()?;
            let account = app.find_account(&email).await?;
            app.set_password(account.id, input.password).await?;
            say("the password is set")
        }
        AccountCommand::List => {
            let app = open()?;
            let mut page = PageRequest { after: 0, limit: 100 };
            loop {
                let accounts = app.list_accounts(page).await?;
                for account in &accounts.items {
                    say(&line(account))?;
                }
                match accounts.next {
                    Some(next) => page.after = next,
                    None => return Ok(()),
                }
            }
        }
    }
}

pub(super) async fn run_key(command: KeyCommand, open: impl Fn() -> Result<App, Failure>) -> Result<(), Failure> {
    let app = open()?;
    match command {
        KeyCommand::Rotate => {
            let key = app.rotate_signing_key().await?;
            say(&format!("{} signs from now on", key.kid))
        }
        KeyCommand::List => {
            for key in app.list_signing_keys().await? {
                let state = key.verifies_until.map_or_else(
                    || "signs".to_owned(),
                    |until| format!("verifies until {}", until.to_rfc3339_opts(SecondsFormat::Secs, true)),
                );
                write_out(&format!("{} {state}\n", key.kid))?;
            }
            Ok(())
        }
    }
}

async fn set_disabled(app: &App, email: &str, disabled: bool) -> Result<(), Failure> {
    let account = app.find_account(email).await?;
    say(&line(&app.set_account_disabled(account.id, disabled).await?))
}

/// An account in a line: its id, e-mail address, role, office, and whether it is disabled.
fn line(account: &Account) -> String {
    let role = json!(account.role);
    format!(
        "{} {} {} {}{}",
        account.id,
        account.email,
        role.as_str().unwrap_or_default(),
        account.office.as_ref().map_or("-", |office| office.as_str()),
        if account.disabled { " disabled" } else { "" }
    )
}

/// The password on standard input, without the line break at its end.
fn password() -> Result<String, Failure> {
    let mut read = String::new();
    std::io::stdin()
        .read_to_string(&mut read)
        .map_err(|error| Failure::Words(format!("cannot read the password from standard input: {error}")))?;
    let password = read.strip_suffix('\n').unwrap_or(&read);
    Ok(password.strip_suffix('\r').unwrap_or(password).to_owned())
}
