//! Clients in their table.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::connection::{AnyConnection, Backend};
use super::error::Error;
use super::page::{Page, PageRequest, Selection, page_of_rows};
use super::schema::clients;
use super::texts::{id, stored_instant};
use crate::domain::client::Client;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = clients, check_for_backend(Backend))]
struct ClientRow {
    id: String,
    name: String,
    secret_hash: Option<String>,
    disabled: bool,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

impl ClientRow {
    fn client(self) -> Result<Client, Error> {
        Ok(Client {
            id: id(&self.id)?,
            name: self.name,
            has_secret: self.secret_hash.is_some(),
            disabled: self.disabled,
            created_at: self.created_at.and_utc(),
            updated_at: self.updated_at.and_utc(),
        })
    }
}

fn row(client: Uuid, connection: &mut AnyConnection) -> Result<Option<ClientRow>, Error> {
    Ok(clients::table
        .filter(clients::id.eq(client.to_string()))
        .select(ClientRow::as_select())
        .first(connection)
        .optional()?)
}

/// Keeps a new client, which has no secret yet.
///
/// # Errors
/// Those of the database.
pub fn insert(client: &Client, connection: &mut AnyConnection) -> Result<(), Error> {
    diesel::insert_into(clients::table)
        .values(&ClientRow {
            id: client.id.to_string(),
            name: client.name.clone(),
            secret_hash: None,
            disabled: client.disabled,
            created_at: stored_instant(client.created_at),
            updated_at: stored_instant(client.updated_at),
        })
        .execute(connection)?;
    Ok(())
}

/// One client.
///
/// # Errors
/// Those of the database.
pub fn get(client: Uuid, connection: &mut AnyConnection) -> Result<Option<Client>, Error> {
    row(client, connection)?.map(ClientRow::client).transpose()
}

/// The hash of a client's secret; none where there is no such client, or no secret, or the client is disabled.
///
/// # Errors
/// Those of the database.
pub fn secret_hash(client: Uuid, connection: &mut AnyConnection) -> Result<Option<String>, Error> {
    let row = row(client, connection)?.filter(|row| !row.disabled);
    Ok(row.and_then(|row| row.secret_hash))
}

/// Gives a client another secret.
///
/// # Errors
/// Those of the database.
pub fn set_secret(
    client: Uuid,
    secret_hash: &str,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    diesel::update(clients::table.filter(clients::id.eq(client.to_string())))
        .set((
            clients::secret_hash.eq(Some(secret_hash)),
            clients::updated_at.eq(stored_instant(now)),
        ))
        .execute(connection)?;
    Ok(())
}

/// Disables a client or enables it again.
///
/// # Errors
/// Those of the database.
pub fn set_disabled(
    client: Uuid,
    disabled: bool,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    diesel::update(clients::table.filter(clients::id.eq(client.to_string())))
        .set((
            clients::disabled.eq(disabled),
            clients::updated_at.eq(stored_instant(now)),
        ))
        .execute(connection)?;
    Ok(())
}

/// A page of clients.
///
/// # Errors
/// Those of the database.
pub fn list(page: PageRequest, connection: &mut AnyConnection) -> Result<Page<Client>, Error> {
    let selection = Selection::of("clients", connection);
    page_of_rows!(clients => ClientRow, selection, page, connection)?.try_map(ClientRow::client)
}
