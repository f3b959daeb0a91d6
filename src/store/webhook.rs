//! Webhooks in their table.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use super::connection::{AnyConnection, Backend};
use super::error::Error;
use super::page::{Page, PageRequest, Selection, page_of_rows};
use super::schema::{messages, webhooks};
use super::texts::{id, stored_instant};
use crate::domain::webhook::{Webhook, WebhookEvent};

#[derive(Queryable, Selectable)]
#[diesel(table_name = webhooks, check_for_backend(Backend))]
struct WebhookRow {
    id: String,
    owner: String,
    url: String,
    charter_changed: bool,
    case_changed: bool,
    office: Option<String>,
    description: Option<String>,
    secret: Option<String>,
    disabled: bool,
    disabled_reason: Option<String>,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

impl WebhookRow {
    fn owned(self) -> Result<(Uuid, Webhook), Error> {
        let told = [
            (self.charter_changed, WebhookEvent::CharterChanged),
            (self.case_changed, WebhookEvent::CaseChanged),
        ];
        let webhook = Webhook {
            id: id(&self.id)?,
            url: self.url.into(),
            events: told
                .into_iter()
                .filter_map(|(is_told, event)| is_told.then_some(event))
                .collect(),
            office: self.office.map(Into::into),
            description: self.description,
            has_secret: self.secret.is_some(),
            disabled: self.disabled,
            disabled_reason: self.disabled_reason,
            created_at: self.created_at.and_utc(),
            updated_at: self.updated_at.and_utc(),
        };
        Ok((id(&self.owner)?, webhook))
    }
}

/// Keeps a new webhook, which has no secret yet.
///
/// # Errors
/// Those of the database.
pub fn insert(webhook: &Webhook, owner: Uuid, connection: &mut AnyConnection) -> Result<(), Error> {
    let tells = |event| webhook.events.contains(&event);
    diesel::insert_into(webhooks::table)
        .values((
            webhooks::id.eq(webhook.id.to_string()),
            webhooks::owner.eq(owner.to_string()),
            webhooks::url.eq(webhook.url.as_str()),
            webhooks::charter_changed.eq(tells(WebhookEvent::CharterChanged)),
            webhooks::case_changed.eq(tells(WebhookEvent::CaseChanged)),
            webhooks::office.eq(webhook.office.as_ref().map(ToString::to_string)),
            webhooks::description.eq(&webhook.description),
            webhooks::disabled.eq(webhook.disabled),
            webhooks::created_at.eq(stored_instant(webhook.created_at)),
            webhooks::updated_at.eq(stored_instant(webhook.updated_at)),
        ))
        .execute(connection)?;
    Ok(())
}

/// One webhook, with whose it is.
///
/// # Errors
/// Those of the database.
pub fn get(webhook: Uuid, connection: &mut AnyConnection) -> Result<Option<(Uuid, Webhook)>, Error> {
    let row: Option<WebhookRow> = webhooks::table
        .filter(webhooks::id.eq(webhook.to_string()))
        .select(WebhookRow::as_select())
        .first(connection)
        .optional()?;
    row.map(WebhookRow::owned).transpose()
}

/// A page of the webhooks of somebody.
///
/// # Errors
/// Those of the database.
pub fn list(owner: Uuid, page: PageRequest, connection: &mut AnyConnection) -> Result<Page<Webhook>, Error> {
    let selection = Selection::of("webhooks", connection).equal("owner", Some(&owner.to_string()));
    page_of_rows!(webhooks => WebhookRow, selection, page, connection)?.try_map(|row| Ok(row.owned()?.1))
}

/// Takes a webhook away, with the messages to it.
///
/// # Errors
/// Those of the database.
pub fn delete(webhook: Uuid, connection: &mut AnyConnection) -> Result<(), Error> {
    let webhook = webhook.to_string();
    diesel::delete(messages::table.filter(messages::webhook_id.eq(&webhook))).execute(connection)?;
    diesel::delete(webhooks::table.filter(webhooks::id.eq(&webhook))).execute(connection)?;
    Ok(())
}

/// Gives a webhook another secret; the one before signs until an instant. Gives whether there was one.
///
/// # Errors
/// Those of the database.
pub fn set_secret(
    webhook: Uuid,
    secret: &str,
    previous_until: DateTime<Utc>,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<bool, Error> {
    let this = || webhooks::table.filter(webhooks::id.eq(webhook.to_string()));
    let before: Option<String> = this().select(webhooks::secret).first(connection)?;
    let until = before.as_ref().map(|_| stored_instant(previous_until));
    let had_one = before.is_some();
    diesel::update(this())
        .set((
            webhooks::secret.eq(secret),
            webhooks::previous_secret.eq(before),
            webhooks::previous_until.eq(until),
            webhooks::updated_at.eq(stored_instant(now)),
        ))
        .execute(connection)?;
    Ok(had_one)
}

/// Disables a webhook, perhaps for a reason of the service's own, or enables it again.
///
/// # Errors
/// Those of the database.
pub fn set_disabled(
    webhook: Uuid,
    disabled: bool,
    reason: Option<&str>,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    diesel::update(webhooks::table.filter(webhooks::id.eq(webhook.to_string())))
        .set((
            webhooks::disabled.eq(disabled),
            webhooks::disabled_reason.eq(reason),
            webhooks::updated_at.eq(stored_instant(now)),
        ))
        .execute(connection)?;
    Ok(())
}
