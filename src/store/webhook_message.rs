//! The messages to webhooks, in the outbox of all messages: written with what they tell of.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Date, Integer, Text as SqlText, Timestamp};
use uuid::Uuid;

use super::case_clock::RunningClock;
use super::case_table::CaseTable;
use super::connection::{AnyConnection, Backend};
use super::error::Error;
use super::message::message_id;
use super::page::{Page, PageRequest};
use super::schema::messages;
use super::texts::{named, stored_instant};
use crate::domain::message::Channel;
use crate::domain::webhook::{SENT_FOR, WebhookDelivery, WebhookDeliveryState, WebhookEvent};

/// What every message begins as.
const COLUMNS: &str = "webhook_id, event, topic, case_id, case_number, change_sequence, state, attempts, created_at, \
     next_attempt_at, given_up_at, channel, recipient";

/// Puts the messages about a row of a case's history into the outbox: to the webhooks of the client that filed it.
///
/// # Errors
/// Those of the database.
pub fn tell_of_event(case: Uuid, number: i32, now: DateTime<Utc>, connection: &mut AnyConnection) -> Result<(), Error> {
    // SQLite numbers parameters as they come
    sql_query(format!(
        "INSERT INTO messages ({COLUMNS}) \
         SELECT w.id, 'case_changed', c.id, c.id, $1, NULL, 'pending', 0, $2, $2, $3, 'webhook', w.id FROM ( \
         SELECT id, filed_by FROM service_requests WHERE id = $4 UNION ALL \
         SELECT id, filed_by FROM grievances WHERE id = $4) AS c \
         JOIN webhooks w ON w.owner = c.filed_by AND w.case_changed = TRUE AND w.disabled = FALSE ORDER BY w.seq"
    ))
    .bind::<Integer, _>(number)
    .bind::<Timestamp, _>(stored_instant(now))
    .bind::<Timestamp, _>(stored_instant(now + SENT_FOR))
    .bind::<SqlText, _>(case.to_string())
    .execute(connection)?;
    Ok(())
}

/// The same for the cases of a table whose clock moved to another due day.
///
/// # Errors
/// Those of the database.
pub fn tell_of_moves(
    table: CaseTable,
    (clock, due_on): RunningClock,
    now: DateTime<Utc>,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    sql_query(format!(
        "INSERT INTO messages ({COLUMNS}) \
         SELECT w.id, 'case_changed', c.id, c.id, c.events, NULL, 'pending', 0, $1, $1, $2, 'webhook', w.id FROM {} AS c \
         JOIN webhooks w ON w.owner = c.filed_by AND w.case_changed = TRUE AND w.disabled = FALSE \
         WHERE c.is_open = TRUE AND c.clock_from = $3 AND c.clock_days = $4 AND c.due_on = $5 AND c.updated_at = $1 \
         ORDER BY c.seq, w.seq",
        table.name()
    ))
    .bind::<Timestamp, _>(stored_instant(now))
    .bind::<Timestamp, _>(stored_instant(now + SENT_FOR))
    .bind::<Date, _>(clock.from)
    .bind::<Integer, _>(clock.days)
    .bind::<Date, _>(due_on)
    .execute(connection)?;
    Ok(())
}

/// Puts the messages about changes of a charter into the outbox, from one number to another.
///
/// # Errors
/// Those of the database.
pub(super) fn tell_of_changes(
    (first, last): (i64, i64),
    now: NaiveDateTime,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    sql_query(format!(
        "INSERT INTO messages ({COLUMNS}) \
         SELECT w.id, 'charter_changed', ch.office, NULL, NULL, ch.sequence, 'pending', 0, $1, $1, $2, 'webhook', w.id FROM changes AS ch \
         JOIN webhooks w ON w.charter_changed = TRUE AND w.disabled = FALSE AND (w.office IS NULL OR w.office = ch.office) \
         WHERE ch.sequence BETWEEN $3 AND $4 ORDER BY ch.sequence, w.seq"
    ))
    .bind::<Timestamp, _>(now)
    .bind::<Timestamp, _>(now + SENT_FOR)
    .bind::<BigInt, _>(first)
    .bind::<BigInt, _>(last)
    .execute(connection)?;
    Ok(())
}

/// Puts a test into the outbox.
///
/// # Errors
/// Those of the database.
pub fn tell_test(webhook: Uuid, now: DateTime<Utc>, connection: &mut AnyConnection) -> Result<WebhookDelivery, Error> {
    let at = stored_instant(now);
    let seq: i64 = diesel::insert_into(messages::table)
        .values((
            messages::webhook_id.eq(webhook.to_string()),
            messages::event.eq(WebhookEvent::Test.as_str()),
            messages::topic.eq(WebhookEvent::Test.as_str()),
            messages::state.eq(WebhookDeliveryState::Pending.as_str()),
            messages::attempts.eq(0),
            messages::created_at.eq(at),
            messages::next_attempt_at.eq(at),
            messages::given_up_at.eq(stored_instant(now + SENT_FOR)),
            messages::channel.eq(Channel::Webhook.as_str()),
            messages::recipient.eq(webhook.to_string()),
        ))
        .returning(messages::seq)
        .get_result(connection)?;
    let made = get(webhook, seq, connection)?;
    made.ok_or_else(|| Error::Corrupt("a message that was just written is gone".into()))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = messages, check_for_backend(Backend))]
struct MessageRow {
    seq: i64,
    event: String,
    topic: String,
    state: String,
    attempts: i32,
    created_at: NaiveDateTime,
    next_attempt_at: NaiveDateTime,
    last_attempt_at: Option<NaiveDateTime>,
    status: Option<i32>,
    failure: Option<String>,
}

impl MessageRow {
    fn delivery(self) -> Result<WebhookDelivery, Error> {
        let state = named(&self.state)?;
        Ok(WebhookDelivery {
            id: message_id(self.seq),
            event: named(&self.event)?,
            topic: self.topic,
            state,
            attempts: self.attempts,
            created_at: self.created_at.and_utc(),
            last_attempt_at: self.last_attempt_at.map(|at| at.and_utc()),
            next_attempt_at: (state == WebhookDeliveryState::Pending).then(|| self.next_attempt_at.and_utc()),
            status: self.status,
            failure: self.failure,
        })
    }
}

/// A message to a webhook, by its number.
///
/// # Errors
/// Those of the database.
pub fn get(webhook: Uuid, seq: i64, connection: &mut AnyConnection) -> Result<Option<WebhookDelivery>, Error> {
    let row: Option<MessageRow> = messages::table
        .filter(messages::seq.eq(seq))
        .filter(messages::webhook_id.eq(webhook.to_string()))
        .select(MessageRow::as_select())
        .first(connection)
        .optional()?;
    row.map(MessageRow::delivery).transpose()
}

/// A page of the messages to a webhook, the last one first.
///
/// # Errors
/// Those of the database.
pub fn list(webhook: Uuid, page: PageRequest, connection: &mut AnyConnection) -> Result<Page<WebhookDelivery>, Error> {
    let before = if page.after == 0 { i64::MAX } else { page.after };
    let rows: Vec<MessageRow> = messages::table
        .filter(messages::webhook_id.eq(webhook.to_string()))
        .filter(messages::seq.lt(before))
        .order(messages::seq.desc())
        .limit(page.limit + 1)
        .select(MessageRow::as_select())
        .load(connection)?;
    Page::cut(rows, page.limit, |row| row.seq).try_map(MessageRow::delivery)
}

/// Lets a message be sent anew, as if it had just happened.
///
/// # Errors
/// Those of the database.
pub fn replay(seq: i64, now: DateTime<Utc>, connection: &mut AnyConnection) -> Result<(), Error> {
    diesel::update(messages::table.filter(messages::seq.eq(seq)))
        .set((
            messages::state.eq(WebhookDeliveryState::Pending.as_str()),
            messages::next_attempt_at.eq(stored_instant(now)),
            messages::given_up_at.eq(stored_instant(now + SENT_FOR)),
        ))
        .execute(connection)?;
    Ok(())
}

/// Lets what is pending for a webhook be sent at once, as if it had just happened.
///
/// # Errors
/// Those of the database.
pub fn resume(webhook: Uuid, now: DateTime<Utc>, connection: &mut AnyConnection) -> Result<(), Error> {
    diesel::update(
        messages::table
            .filter(messages::webhook_id.eq(webhook.to_string()))
            .filter(messages::state.eq(WebhookDeliveryState::Pending.as_str())),
    )
    .set((
        messages::next_attempt_at.eq(stored_instant(now)),
        messages::given_up_at.eq(stored_instant(now + SENT_FOR)),
    ))
    .execute(connection)?;
    Ok(())
}
