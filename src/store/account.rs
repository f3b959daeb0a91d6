//! Accounts in their table.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::connection::{AnyConnection, Backend};
use super::error::Error;
use super::lock;
use super::page::{Page, PageRequest, Selection, page_of_rows};
use super::schema::accounts;
use super::texts::{id, named, stored_instant};
use crate::domain::account::Account;
use crate::domain::permission::Role;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = accounts, check_for_backend(Backend))]
struct AccountRow {
    id: String,
    email: String,
    role: String,
    office: Option<String>,
    officer_id: Option<String>,
    password_hash: String,
    disabled: bool,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

impl AccountRow {
    fn account(self) -> Result<Account, Error> {
        Ok(Account {
            id: id(&self.id)?,
            email: self.email.into(),
            role: named(&self.role)?,
            office: self.office.map(Into::into),
            officer: self.officer_id.as_deref().map(id).transpose()?,
            disabled: self.disabled,
            created_at: self.created_at.and_utc(),
            updated_at: self.updated_at.and_utc(),
        })
    }
}

/// Keeps a new account; whether its e-mail address was still free.
///
/// # Errors
/// Those of the database.
pub fn insert(account: &Account, password_hash: &str, connection: &mut AnyConnection) -> Result<bool, Error> {
    let email = account.email.as_str();
    lock::named(&format!("account {email}"), connection)?;
    let taken: Option<String> = accounts::table
        .filter(accounts::email.eq(email))
        .select(accounts::id)
        .first(connection)
        .optional()?;
    if taken.is_some() {
        return Ok(false);
    }
    diesel::insert_into(accounts::table)
        .values(&AccountRow {
            id: account.id.to_string(),
            email: email.to_owned(),
            role: Role::from(account.role).as_str().to_owned(),
            office: account.office.as_ref().map(ToString::to_string),
            officer_id: account.officer.map(|officer| officer.to_string()),
            password_hash: password_hash.to_owned(),
            disabled: account.disabled,
            created_at: stored_instant(account.created_at),
            updated_at: stored_instant(account.updated_at),
        })
        .execute(connection)?;
    Ok(true)
}

/// One account.
///
/// # Errors
/// Those of the database.
pub fn get(account: Uuid, connection: &mut AnyConnection) -> Result<Option<Account>, Error> {
    let row: Option<AccountRow> = accounts::table
        .filter(accounts::id.eq(account.to_string()))
        .select(AccountRow::as_select())
        .first(connection)
        .optional()?;
    row.map(AccountRow::account).transpose()
}

/// The account of an e-mail address in lower case, with the hash of its password.
///
/// # Errors
/// Those of the database.
pub fn by_email(email: &str, connection: &mut AnyConnection) -> Result<Option<(Account, String)>, Error> {
    let row: Option<AccountRow> = accounts::table
        .filter(accounts::email.eq(email))
        .select(AccountRow::as_select())
        .first(connection)
        .optional()?;
    row.map(|row| {
        let hash = row.password_hash.clone();
        Ok((row.account()?, hash))
    })
    .transpose()
}

/// Disables an account or enables it again.
///
/// # Errors
/// Those of the database.
pub fn set_disabled(
    account: Uuid,
    disabled: bool,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    diesel::update(accounts::table.filter(accounts::id.eq(account.to_string())))
        .set((
            accounts::disabled.eq(disabled),
            accounts::updated_at.eq(stored_instant(now)),
        ))
        .execute(connection)?;
    Ok(())
}

/// Gives an account another password.
///
/// # Errors
/// Those of the database.
pub fn set_password(
    account: Uuid,
    password_hash: &str,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    diesel::update(accounts::table.filter(accounts::id.eq(account.to_string())))
        .set((
            accounts::password_hash.eq(password_hash),
            accounts::updated_at.eq(stored_instant(now)),
        ))
        .execute(connection)?;
    Ok(())
}

/// A page of accounts.
///
/// # Errors
/// Those of the database.
pub fn list(page: PageRequest, connection: &mut AnyConnection) -> Result<Page<Account>, Error> {
    let selection = Selection::of("accounts", connection);
    page_of_rows!(accounts => AccountRow, selection, page, connection)?.try_map(AccountRow::account)
}
