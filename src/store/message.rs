//! The outbox: messages, written with what they tell of, and worked off by any number of replicas.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::deserialize::QueryableByName;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Nullable, Text as SqlText, Timestamp};
use uuid::Uuid;

use super::connection::AnyConnection;
use super::error::Error;
use super::schema::messages;
use super::texts::{id, stored_instant};
use crate::domain::message::{Channel, Channels, Notice};
use crate::domain::webhook::{SENT_FOR, WebhookDeliveryState};

/// The id of a message as it is told.
pub fn message_id(seq: i64) -> String {
    format!("msg_{seq}")
}

/// A message to whoever filed a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotice<'a> {
    /// The case.
    pub case: Uuid,
    /// The row of its history that it tells of.
    pub number: i32,
    /// What it tells.
    pub notice: Notice,
    /// How it is brought.
    pub channel: Channel,
    /// The digest of the address or number.
    pub recipient: &'a str,
}

/// Puts a message to whoever filed a case into the outbox.
///
/// # Errors
/// Those of the database.
pub fn tell(new: &NewNotice<'_>, now: DateTime<Utc>, connection: &mut AnyConnection) -> Result<(), Error> {
    let (at, case) = (stored_instant(now), new.case.to_string());
    diesel::insert_into(messages::table)
        .values((
            messages::event.eq(new.notice.as_str()),
            messages::topic.eq(&case),
            messages::case_id.eq(&case),
            messages::case_number.eq(new.number),
            messages::state.eq(WebhookDeliveryState::Pending.as_str()),
            messages::attempts.eq(0),
            messages::created_at.eq(at),
            messages::next_attempt_at.eq(at),
            messages::given_up_at.eq(stored_instant(now + SENT_FOR)),
            messages::channel.eq(new.channel.as_str()),
            messages::recipient.eq(new.recipient),
        ))
        .execute(connection)?;
    Ok(())
}

/// How many messages a recipient was written since an instant.
///
/// # Errors
/// Those of the database.
pub fn count_since(recipient: &str, since: DateTime<Utc>, connection: &mut AnyConnection) -> Result<i64, Error> {
    Ok(messages::table
        .filter(messages::recipient.eq(recipient))
        .filter(messages::created_at.ge(stored_instant(since)))
        .count()
        .get_result(connection)?)
}

/// A message that is to be sent now.
#[derive(Clone, Debug, QueryableByName)]
pub struct Due {
    /// Its number.
    #[diesel(sql_type = BigInt)]
    pub seq: i64,
    /// How it is brought.
    #[diesel(sql_type = SqlText)]
    pub channel: String,
    /// The webhook.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub webhook_id: Option<String>,
    /// Where it is sent to, of a webhook.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub url: Option<String>,
    /// The secret that signs it.
    #[diesel(sql_type = Nullable<SqlText>)]
    pub secret: Option<String>,
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

/// What is due by the channels that there are: the first one of each topic that is pending, and of webhooks those that can
/// be sent to.
fn due(channels: Channels) -> String {
    let names: Vec<String> = channels
        .all()
        .map(|channel| format!("'{}'", channel.as_str()))
        .collect();
    format!(
        "FROM messages m LEFT JOIN webhooks w ON w.id = m.webhook_id \
         WHERE m.state = 'pending' AND m.next_attempt_at <= $1 AND m.channel IN ({}) \
         AND (m.webhook_id IS NULL OR (w.disabled = FALSE AND w.secret IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM clients c WHERE c.id = w.owner AND c.disabled = TRUE))) \
         AND NOT EXISTS (SELECT 1 FROM messages e WHERE e.recipient = m.recipient AND e.topic = m.topic \
         AND e.state = 'pending' AND e.seq < m.seq)",
        names.join(", ")
    )
}

/// Whether anything is due.
///
/// # Errors
/// Those of the database.
pub fn is_any_due(channels: Channels, now: DateTime<Utc>, connection: &mut AnyConnection) -> Result<bool, Error> {
    #[derive(QueryableByName)]
    struct Found {
        #[diesel(sql_type = BigInt)]
        #[allow(dead_code, reason = "only whether there is one is asked")]
        seq: i64,
    }
    let found: Vec<Found> = sql_query(format!("SELECT m.seq {} LIMIT 1", due(channels)))
        .bind::<Timestamp, _>(stored_instant(now))
        .load(connection)?;
    Ok(!found.is_empty())
}

/// Takes what is due, up to a number: until an instant it is nobody else's. Replicas that ask at once share it.
///
/// # Errors
/// Those of the database.
pub fn claim(
    channels: Channels,
    (now, until): (DateTime<Utc>, DateTime<Utc>),
    limit: i64,
    connection: &mut AnyConnection,
) -> Result<Vec<Due>, Error> {
    let share = match connection {
        AnyConnection::Sqlite(_) => "",
        AnyConnection::Postgres(_) => " FOR UPDATE OF m SKIP LOCKED",
    };
    let due: Vec<Due> = sql_query(format!(
        "SELECT m.seq, m.channel, m.webhook_id, w.url, w.secret, w.previous_secret, w.previous_until, m.event, m.case_id, \
         m.case_number, m.change_sequence, m.attempts, m.created_at, m.given_up_at {} \
         ORDER BY m.next_attempt_at, m.seq LIMIT $2{share}",
        due(channels)
    ))
    .bind::<Timestamp, _>(stored_instant(now))
    .bind::<BigInt, _>(limit)
    .load(connection)?;
    let seqs: Vec<i64> = due.iter().map(|due| due.seq).collect();
    diesel::update(messages::table.filter(messages::seq.eq_any(seqs)))
        .set((
            messages::attempts.eq(messages::attempts + 1),
            messages::next_attempt_at.eq(stored_instant(until)),
            messages::last_attempt_at.eq(stored_instant(now)),
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
        messages::table
            .filter(messages::seq.eq(attempt.seq))
            .filter(messages::attempts.eq(attempt.number)),
    )
    .set((
        messages::state.eq(attempt.state.as_str()),
        messages::next_attempt_at.eq(stored_instant(attempt.next_attempt_at)),
        messages::status.eq(attempt.status),
        messages::failure.eq(attempt.failure.as_deref()),
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
            messages::table
                .filter(messages::state.eq(state.as_str()))
                .filter(messages::next_attempt_at.lt(stored_instant(instant))),
        )
        .execute(connection)?;
    }
    Ok(())
}

/// The webhook that a stored message is for, where it is for one.
///
/// # Errors
/// [`Error::Corrupt`].
pub fn webhook_of(due: &Due) -> Result<Option<Uuid>, Error> {
    due.webhook_id.as_deref().map(id).transpose()
}
