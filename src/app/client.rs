//! Clients: systems that sign in by an id and a secret.

use uuid::Uuid;

use super::account::scope;
use super::idempotency::{Created, IdempotencyKey, once};
use super::{App, Error, token};
use crate::domain::client::{Client, ClientInput, ClientSecret};
use crate::domain::permission::Permit;
use crate::store::page::{Page, PageRequest};
use crate::store::{client, session};

impl App {
    /// Makes a client. It cannot sign in until a secret is made for it.
    ///
    /// # Errors
    /// [`Error::Denied`], those of [`once`].
    pub async fn create_client(
        &self,
        by: Permit,
        input: ClientInput,
        key: Option<IdempotencyKey>,
    ) -> Result<Created, Error> {
        by.everywhere()?;
        let now = self.now();
        let new = Client {
            id: Uuid::now_v7(),
            name: input.name,
            has_secret: false,
            disabled: false,
            created_at: now,
            updated_at: now,
        };
        self.store
            .write(move |connection| {
                let scope = scope(Some(by.actor()), "create_client");
                once(key.as_ref(), &scope, now, connection, |connection| {
                    client::insert(&new, connection)?;
                    Ok(new)
                })
            })
            .await
    }

    /// A page of clients.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn list_clients(&self, page: PageRequest) -> Result<Page<Client>, Error> {
        self.store
            .read(move |connection| Ok(client::list(page, connection)?))
            .await
    }

    /// One client.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Store`].
    pub async fn get_client(&self, id: Uuid) -> Result<Client, Error> {
        self.store
            .read(move |connection| client::get(id, connection)?.ok_or(Error::NotFound("client")))
            .await
    }

    /// Makes a new secret for a client; the one before and the tokens it gave end at once.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Cryptography`], [`Error::Store`].
    pub async fn rotate_client_secret(&self, id: Uuid) -> Result<ClientSecret, Error> {
        let now = self.now();
        let secret = token::new_secret()?;
        self.store
            .write(move |connection| {
                client::get(id, connection)?.ok_or(Error::NotFound("client"))?;
                client::set_secret(id, &token::secret_hash(&secret), now, connection)?;
                session::end_all(id, connection)?;
                Ok(ClientSecret {
                    client_id: id,
                    client_secret: secret,
                })
            })
            .await
    }

    /// Disables a client, which ends its tokens at once, or enables it again.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Store`].
    pub async fn set_client_disabled(&self, id: Uuid, disabled: bool) -> Result<Client, Error> {
        let now = self.now();
        self.store
            .write(move |connection| {
                client::set_disabled(id, disabled, now, connection)?;
                if disabled {
                    session::end_all(id, connection)?;
                }
                client::get(id, connection)?.ok_or(Error::NotFound("client"))
            })
            .await
    }
}
