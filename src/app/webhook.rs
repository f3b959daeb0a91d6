//! Webhooks: subscribed, tested, looked at, replayed, each by whoever has it.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use uuid::Uuid;

use super::account::scope;
use super::courier::Lost;
use super::idempotency::{Created, IdempotencyKey, once};
use super::{App, Error, token};
use crate::domain::fault::Fault;
use crate::domain::permission::{Denial, Permit};
use crate::domain::webhook::{PREVIOUS_SIGNS_FOR, Webhook, WebhookDelivery, WebhookInput, WebhookSecret};
use crate::store::page::{Page, PageRequest};
use crate::store::{AnyConnection, lock, office, webhook, webhook_message};

/// A webhook that somebody has.
fn own(permit: &Permit, id: Uuid, connection: &mut AnyConnection) -> Result<Webhook, Error> {
    let (owner, webhook) = webhook::get(id, connection)?.ok_or(Error::NotFound("webhook"))?;
    if owner == permit.actor().id {
        Ok(webhook)
    } else {
        Err(Denial::PermissionDenied.into())
    }
}

/// A message to a webhook, by the id that is told.
fn message(webhook: Uuid, written: &str, connection: &mut AnyConnection) -> Result<(i64, WebhookDelivery), Error> {
    let missing = || Error::NotFound("message");
    let seq: i64 = written
        .strip_prefix("msg_")
        .and_then(|seq| seq.parse().ok())
        .ok_or_else(missing)?;
    let delivery = webhook_message::get(webhook, seq, connection)?;
    Ok((seq, delivery.ok_or_else(missing)?))
}

impl App {
    /// Subscribes. Nothing is sent until a secret is made.
    ///
    /// # Errors
    /// [`Error::Invalid`], those of [`once`].
    pub async fn create_webhook(
        &self,
        permit: Permit,
        input: WebhookInput,
        key: Option<IdempotencyKey>,
    ) -> Result<Created, Error> {
        let mut faults = input.faults();
        if let Err(Lost(words)) = self.courier.check(input.url.as_str()).await {
            faults.push(Fault::new("/url", "not_allowed", words));
        }
        let now = self.now();
        self.store
            .write(move |connection| {
                if let Some(code) = &input.office
                    && office::get(code.as_str(), connection)?.is_none()
                {
                    faults.push(Fault::new("/office", "unknown_office", "is not the code of an office"));
                }
                if !faults.is_empty() {
                    return Err(Error::Invalid(faults));
                }
                let scope = scope(Some(permit.actor()), "create_webhook");
                once(key.as_ref(), &scope, now, connection, |connection| {
                    let new = Webhook {
                        id: Uuid::now_v7(),
                        url: input.url,
                        events: input.events,
                        office: input.office,
                        description: input.description,
                        has_secret: false,
                        disabled: false,
                        disabled_reason: None,
                        created_at: now,
                        updated_at: now,
                    };
                    webhook::insert(&new, permit.actor().id, connection)?;
                    Ok(new)
                })
            })
            .await
    }

    /// A page of one's webhooks.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn list_webhooks(&self, permit: Permit, page: PageRequest) -> Result<Page<Webhook>, Error> {
        let owner = permit.actor().id;
        self.store
            .read(move |connection| Ok(webhook::list(owner, page, connection)?))
            .await
    }

    /// One webhook.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::Store`].
    pub async fn get_webhook(&self, permit: Permit, id: Uuid) -> Result<Webhook, Error> {
        self.store.read(move |connection| own(&permit, id, connection)).await
    }

    /// Takes a webhook away, with the messages to it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::Store`].
    pub async fn delete_webhook(&self, permit: Permit, id: Uuid) -> Result<(), Error> {
        self.store
            .write(move |connection| {
                own(&permit, id, connection)?;
                Ok(webhook::delete(id, connection)?)
            })
            .await
    }

    /// Makes a new secret. The one before signs for another day, too, so that nothing is lost while it is changed.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::Cryptography`], [`Error::Store`].
    pub async fn rotate_webhook_secret(&self, permit: Permit, id: Uuid) -> Result<WebhookSecret, Error> {
        let now = self.now();
        let secret = BASE64_STANDARD.encode(token::random::<32>()?);
        self.store
            .write(move |connection| {
                lock::named(&format!("webhook {id}"), connection)?;
                own(&permit, id, connection)?;
                let until = now + PREVIOUS_SIGNS_FOR;
                let had_one = webhook::set_secret(id, &secret, until, now, connection)?;
                Ok(WebhookSecret {
                    webhook_id: id,
                    secret: format!("whsec_{secret}"),
                    previous_until: had_one.then_some(until),
                })
            })
            .await
    }

    /// Disables a webhook, or enables it again: then what is pending is sent.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::Store`].
    pub async fn set_webhook_disabled(&self, permit: Permit, id: Uuid, disabled: bool) -> Result<Webhook, Error> {
        let now = self.now();
        self.store
            .write(move |connection| {
                own(&permit, id, connection)?;
                webhook::set_disabled(id, disabled, None, now, connection)?;
                if !disabled {
                    webhook_message::resume(id, now, connection)?;
                }
                own(&permit, id, connection)
            })
            .await
    }

    /// Sends a test.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::Store`].
    pub async fn test_webhook(&self, permit: Permit, id: Uuid) -> Result<WebhookDelivery, Error> {
        let now = self.now();
        self.store
            .write(move |connection| {
                own(&permit, id, connection)?;
                Ok(webhook_message::tell_test(id, now, connection)?)
            })
            .await
    }

    /// A page of the messages to a webhook, the last one first.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::Store`].
    pub async fn list_webhook_deliveries(
        &self,
        permit: Permit,
        id: Uuid,
        page: PageRequest,
    ) -> Result<Page<WebhookDelivery>, Error> {
        self.store
            .read(move |connection| {
                own(&permit, id, connection)?;
                Ok(webhook_message::list(id, page, connection)?)
            })
            .await
    }

    /// Sends a message again.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::Store`].
    pub async fn replay_webhook_delivery(
        &self,
        permit: Permit,
        id: Uuid,
        written: String,
    ) -> Result<WebhookDelivery, Error> {
        let now = self.now();
        self.store
            .write(move |connection| {
                own(&permit, id, connection)?;
                let (seq, _) = message(id, &written, connection)?;
                webhook_message::replay(seq, now, connection)?;
                Ok(message(id, &written, connection)?.1)
            })
            .await
    }
}
