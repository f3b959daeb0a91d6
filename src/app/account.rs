//! Accounts: made, seen, disabled, given another password.

use uuid::Uuid;

use super::idempotency::{Created, IdempotencyKey, once};
use super::{App, Error, password};
use crate::domain::account::{Account, AccountInput};
use crate::domain::fault::Fault;
use crate::domain::officer::Officer;
use crate::domain::permission::{Actor, Permit};
use crate::domain::secret::Password;
use crate::store::page::{Page, PageRequest};
use crate::store::{AnyConnection, account, office, served, session};

impl App {
    /// Makes an account; on the command line nobody who is signed in does so.
    ///
    /// # Errors
    /// [`Error::Invalid`], [`Error::Denied`], those of [`once`].
    pub async fn create_account(
        &self,
        by: Option<Permit>,
        input: AccountInput,
        key: Option<IdempotencyKey>,
    ) -> Result<Created, Error> {
        if let Some(by) = &by {
            by.everywhere()?;
        }
        let faults = input.faults();
        if !faults.is_empty() {
            return Err(Error::Invalid(faults));
        }
        let now = self.now();
        let email = input.email.as_str().to_owned();
        let hash = password::hash(input.password.clone(), email, "/password").await?;
        let new = Account {
            id: Uuid::now_v7(),
            email: input.email.as_str().to_lowercase().into(),
            role: input.role,
            office: input.office,
            officer: input.officer,
            disabled: false,
            created_at: now,
            updated_at: now,
        };
        self.store
            .write(move |connection| {
                let scope = scope(by.as_ref().map(Permit::actor), "create_account");
                once(key.as_ref(), &scope, now, connection, |connection| {
                    let faults = unknown(&new, connection)?;
                    if !faults.is_empty() {
                        return Err(Error::Invalid(faults));
                    }
                    if !account::insert(&new, &hash, connection)? {
                        return Err(Error::Conflict("Another account has this e-mail address."));
                    }
                    Ok(new)
                })
            })
            .await
    }

    /// A page of accounts.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn list_accounts(&self, page: PageRequest) -> Result<Page<Account>, Error> {
        self.store
            .read(move |connection| Ok(account::list(page, connection)?))
            .await
    }

    /// One account.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Store`].
    pub async fn get_account(&self, id: Uuid) -> Result<Account, Error> {
        self.store
            .read(move |connection| account::get(id, connection)?.ok_or(Error::NotFound("account")))
            .await
    }

    /// The account of an e-mail address.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Store`].
    pub async fn find_account(&self, email: &str) -> Result<Account, Error> {
        let email = email.to_lowercase();
        self.store
            .read(move |connection| match account::by_email(&email, connection)? {
                Some((account, _)) => Ok(account),
                None => Err(Error::NotFound("account")),
            })
            .await
    }

    /// Disables an account, which ends its sessions at once, or enables it again.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Store`].
    pub async fn set_account_disabled(&self, id: Uuid, disabled: bool) -> Result<Account, Error> {
        let now = self.now();
        self.store
            .write(move |connection| {
                account::set_disabled(id, disabled, now, connection)?;
                if disabled {
                    session::end_all(id, connection)?;
                }
                account::get(id, connection)?.ok_or(Error::NotFound("account"))
            })
            .await
    }

    /// Gives an account another password, which ends its sessions at once.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Invalid`], [`Error::Store`].
    pub async fn set_password(&self, id: Uuid, new: Password) -> Result<(), Error> {
        let now = self.now();
        let of = self
            .store
            .read(move |connection| Ok::<_, Error>(account::get(id, connection)?));
        let of = of.await?.ok_or(Error::NotFound("account"))?;
        let hash = password::hash(new, of.email.as_str().to_owned(), "/password").await?;
        self.store
            .write(move |connection| {
                account::get(id, connection)?.ok_or(Error::NotFound("account"))?;
                account::set_password(id, &hash, now, connection)?;
                Ok(session::end_all(id, connection)?)
            })
            .await
    }
}

/// Who asks for what: in this scope an idempotency key is one request.
pub(super) fn scope(by: Option<&Actor>, what: &str) -> String {
    by.map_or_else(|| what.to_owned(), |actor| format!("{what} {}", actor.id))
}

/// The faults of an account at an office that is not known, or of an officer who is not one of it.
fn unknown(new: &Account, connection: &mut AnyConnection) -> Result<Vec<Fault>, Error> {
    let mut faults = Vec::new();
    let Some(code) = &new.office else {
        return Ok(faults);
    };
    if !office::is_known(code.as_str(), connection)? {
        faults.push(Fault::new(
            "/office",
            "unknown_office",
            "is not an office of this service",
        ));
    }
    if let Some(id) = new.officer {
        let officer = served::entry::<Officer>(id, connection)?;
        if officer.is_none_or(|officer| officer.office != *code) {
            faults.push(Fault::new(
                "/officer",
                "unknown_officer",
                "is not an officer of this office",
            ));
        }
    }
    Ok(faults)
}
