//! The messages to webhooks: an outbox, written with what it tells of, and worked off by any number of replicas.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::deserialize::QueryableByName;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Date, Integer, Nullable, Text as SqlText, Timestamp};
use uuid::Uuid;

use super::case_clock::RunningClock;
use super::case_table::CaseTable;
use super::connection::{AnyConnection, Backend};
use super::error::Error;
use super::page::{Page, PageRequest};
use super::schema::webhook_messages;
use super::texts::{id, named, stored_instant};
use crate::domain::webhook::{SENT_FOR, WebhookDelivery, WebhookDeliveryState, WebhookEvent};

/// What every message begins as.
const COLUMNS: &str = "webhook_id, event, topic, case_id, case_number, change_sequence, state, attempts, created_at, \
     next_attempt_at, given_up_at";

/// Puts the messages about a row of a case's history into the outbox: to the webhooks of the client that filed it.
///
/// # Errors
/// Those of the database.
pub fn tell_of_event(case: Uuid, number: i32, now: DateTime<Utc>, connection: &mut AnyConnection) -> Result<(), Error> {
    // SQLite numbers parameters as they come
    sql_query(format!(
        "INSERT INTO webhook_messages ({COLUMNS}) \
         SELECT w.id, 'case_changed', c.id, c.id, $1, NULL, 'pending', 0, $2, $2, $3 FROM ( \
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
        "INSERT INTO webhook_messages ({COLUMNS}) \
         SELECT w.id, 'case_changed', c.id, c.id, c.events, NULL, 'pending', 0, $1, $1, $2 FROM {} AS c \
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
        "INSERT INTO webhook_messages ({COLUMNS}) \
         SELECT w.id, 'charter_changed', ch.office, NULL, NULL, ch.sequence, 'pending', 0, $1, $1, $2 FROM changes AS ch \
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
    let seq: i64 = diesel::insert_into(webhook_messages::table)
        .values((
            webhook_messages::webhook_id.eq(webhook.to_string()),
            webhook_messages::event.eq(WebhookEvent::Test.as_str()),
            webhook_messages::topic.eq(WebhookEvent::Test.as_str()),
            webhook_messages::state.eq(WebhookDeliveryState::Pending.as_str()),
            webhook_messages::attempts.eq(0),
            webhook_messages::created_at.eq(at),
            webhook_messages::next_attempt_at.eq(at),
            webhook_messages::given_up_at.eq(stored_instant(now + SENT_FOR)),
        ))
        .returning(webhook_messages::seq)
        .get_result(connection)?;
    let made = get(webhook, seq, connection)?;
    made.ok_or_else(|| Error::Corrupt("a message that was just written is gone".into()))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = webhook_messages, check_for_backend(Backend))]
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

/// The id of a message as it is told.
pub fn message_id(seq: i64) -> String {
    format!("msg_{seq}")
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
    let row: Option<MessageRow> = webhook_messages::table
        .filter(webhook_messages::seq.eq(seq))
        .filter(webhook_messages::webhook_id.eq(webhook.to_string()))
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
    let rows: Vec<MessageRow> = webhook_messages::table
        .filter(webhook_messages::webhook_id.eq(webhook.to_string()))
        .filter(webhook_messages::seq.lt(before))
        .order(webhook_messages::seq.desc())
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
    diesel::update(webhook_messages::table.filter(webhook_messages::seq.eq(seq)))
        .set((
            webhook_messages::state.eq(WebhookDeliveryState::Pending.as_str()),
            webhook_messages::next_attempt_at.eq(stored_instant(now)),
            webhook_messages::given_up_at.eq(stored_instant(now + SENT_FOR)),
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
        webhook_messages::table
            .filter(webhook_messages::webhook_id.eq(webhook.to_string()))
            .filter(webhook_messages::state.eq(WebhookDeliveryState::Pending.as_str())),
    )
    .set((
        webhook_messages::next_attempt_at.eq(stored_instant(now)),
        webhook_messages::given_up_at.eq(stored_instant(now + SENT_FOR)),
    ))
    .execute(connection)?;
    Ok(())
}

/// A message that is to be sent now.
#[derive(Clone, Debug, QueryableByName)]
pub struct Due {
    /// Its number.
    #[diesel(sql_type = BigInt)]
    pub seq: i64,
    /// The webhook.
    #[diesel(sql_type = SqlText)]
    pub webhook_id: String,
    /// Where it is sent to.
    #[diesel(sql_type = SqlText)]
    pub url: String,
    /// The secret that signs it.
    #[diesel(sql_type = SqlText)]
    pub secret: String,
    /// The secret before.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub previous_secret: Option<String>,
    /// Until when that one signs, too.
    #[diesel(sql_type = Nullable<Timestamp>)]
    pub previous_until: Option<NaiveDateTime>,
    /// What it tells.
    #[diesel(sql_type = SqlText)]
    pub event: String,
    /// The case whose row it tells of.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub case_id: Option<String>,
    /// The number of that row.
    #[diesel(sql_type = Nullable<Integer>)]
    pub case_number: Option<i32>,
    /// The number of the change that it tells of.
    #[diesel(sql_type = Nullable<BigInt>)]
    pub change_sequence: Option<i64>,
    /// How often it was sent before.
    #[diesel(sql_type = Integer)]
    pub attempts: i32,
    /// When it happened.
    #[diesel(sql_type = Timestamp)]
    pub created_at: NaiveDateTime,
    /// When it is given up.
    #[diesel(sql_type = Timestamp)]
    pub given_up_at: NaiveDateTime,
}

/// What is due: the first one of each topic that is pending, to webhooks that can be sent to.
const DUE: &str = "FROM webhook_messages m JOIN webhooks w ON w.id = m.webhook_id \
     WHERE m.state = 'pending' AND m.next_attempt_at <= $1 AND w.disabled = FALSE AND w.secret IS NOT NULL \
     AND NOT EXISTS (SELECT 1 FROM clients c WHERE c.id = w.owner AND c.disabled = TRUE) \
     AND NOT EXISTS (SELECT 1 FROM webhook_messages e WHERE e.webhook_id = m.webhook_id AND e.topic = m.topic \
     AND e.state = 'pending' AND e.seq < m.seq)";

/// Whether anything is due.
///
/// # Errors
/// Those of the database.
pub fn is_any_due(now: DateTime<Utc>, connection: &mut AnyConnection) -> Result<bool, Error> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = BigInt)]
        #[allow(dead_code, reason = "only whether there is one is asked")]
        seq: i64,
    }
    let found: Vec<Found> = sql_query(format!("SELECT m.seq {DUE} LIMIT 1"))
        .bind::<Timestamp, _>(stored_instant(now))
        .load(connection)?;
    Ok(!found.is_empty())
}

/// Takes what is due, up to a number: until an instant it is nobody else's. Replicas that ask at once share it.
///
/// # Errors
/// Those of the database.
pub fn claim(
    now: DateTime<Utc>,
    until: DateTime<Utc>,
    limit: i64,
    connection: &mut AnyConnection,
) -> Result<Vec<Due>, Error> {
    let share = match connection {
        AnyConnection::Sqlite(_) => "",
        AnyConnection::Postgres(_) => " FOR UPDATE OF m SKIP LOCKED",
    };
    let due: Vec<Due> = sql_query(format!(
        "SELECT m.seq, m.webhook_id, w.url, w.secret, w.previous_secret, w.previous_until, m.event, m.case_id, \
         m.case_number, m.change_sequence, m.attempts, m.created_at, m.given_up_at {DUE} \
         ORDER BY m.next_attempt_at, m.seq LIMIT $2{share}"
    ))
    .bind::<Timestamp, _>(stored_instant(now))
    .bind::<BigInt, _>(limit)
    .load(connection)?;
    let seqs: Vec<i64> = due.iter().map(|due| due.seq).collect();
    diesel::update(webhook_messages::table.filter(webhook_messages::seq.eq_any(seqs)))
        .set((
            webhook_messages::attempts.eq(webhook_messages::attempts + 1),
            webhook_messages::next_attempt_at.eq(stored_instant(until)),
            webhook_messages::last_attempt_at.eq(stored_instant(now)),
        ))
        .execute(connection)?;
    Ok(due)
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The number of the message.
    pub seq: i64,
    /// Which attempt it was, from 1: another one may have begun meanwhile.
    pub number: i32,
    /// How far the message is now.
    pub state: WebhookDeliveryState,
    /// When it is sent next, or when it was over.
    pub next_attempt_at: DateTime<Utc>,
    /// What the target answered.
    pub status: Option<i32>,
    /// Why it was not taken.
    pub failure: Option<String>,
}

/// Keeps how an attempt ended, unless another one has begun.
///
/// # Errors
/// Those of the database.
pub fn keep(attempt: &Attempt, connection: &mut AnyConnection) -> Result<(), Error> {
    diesel::update(
        webhook_messages::table
            .filter(webhook_messages::seq.eq(attempt.seq))
            .filter(webhook_messages::attempts.eq(attempt.number)),
    )
    .set((
        webhook_messages::state.eq(attempt.state.as_str()),
        webhook_messages::next_attempt_at.eq(stored_instant(attempt.next_attempt_at)),
        webhook_messages::status.eq(attempt.status),
        webhook_messages::failure.eq(attempt.failure.as_deref()),
    ))
    .execute(connection)?;
    Ok(())
}

/// Forgets what was delivered or given up before an instant.
///
/// # Errors
/// Those of the database.
pub fn forget_before(instant: DateTime<Utc>, connection: &mut AnyConnection) -> Result<(), Error> {
    for state in [WebhookDeliveryState::Delivered, WebhookDeliveryState::Failed] {
        diesel::delete(
            webhook_messages::table
                .filter(webhook_messages::state.eq(state.as_str()))
                .filter(webhook_messages::next_attempt_at.lt(stored_instant(instant))),
        )
        .execute(connection)?;
    }
    Ok(())
}

/// The webhook that a stored message is for.
///
/// # Errors
/// [`Error::Corrupt`].
pub fn webhook_of(due: &Due) -> Result<Uuid, Error> {
    id(&due.webhook_id)
}
