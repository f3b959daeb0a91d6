//! Sending the messages of the outbox: each is claimed, written, sent and kept, by any number of replicas at once.

use std::fmt;
use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use futures_util::future::{BoxFuture, join_all};
use serde_json::{Value, json};

use super::case::tracked_event;
use super::notice::{self, Letter, Telling};
use super::{App, Error};
use crate::domain::case::event::Event;
use crate::domain::message::{Channel, Channels};
use crate::domain::webhook::{WebhookDeliveryState, next_attempt};
use crate::store::case_table::CaseTable;
use crate::store::message::{self, Attempt, Due, message_id};
use crate::store::{self, AnyConnection, case_event, case_table, change, webhook};

/// How long a claimed message is nobody else's: longer than it takes to send it.
const CLAIMED_FOR: TimeDelta = TimeDelta::seconds(60);
/// How many messages are sent at once.
const AT_ONCE: i64 = 32;
/// How long what is over is kept to be looked at.
const KEPT_FOR: TimeDelta = TimeDelta::days(30);
/// How long there is a pause where nothing is due.
const PAUSE: Duration = Duration::from_secs(1);
/// The status by which a target says that it wants no more (Standard Webhooks).
const GONE: u16 = 410;

/// The replies by which a mail server says that there is no such mailbox [RFC 5321, 4.2.2].
const NOBODY_THERE: std::ops::RangeInclusive<u16> = 550..=553;

/// A message to a webhook on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// Where it goes to.
    pub url: String,
    /// Its headers besides the media type.
    pub headers: Vec<(&'static str, String)>,
    /// Its body, in JSON.
    pub body: String,
}

/// Why a message did not arrive, in words that may be shown to whoever subscribed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost(pub &'static str);

/// Whoever brings messages to their targets.
pub trait Courier: Send + Sync + fmt::Debug {
    /// Whether messages may be sent to an address, as far as can be told without sending one.
    fn check<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<(), Lost>>;

    /// Brings a message; gives the status that the target answered with.
    fn bring(&self, parcel: Parcel) -> BoxFuture<'_, Result<u16, Lost>>;

    /// By which channels messages can be brought.
    fn channels(&self) -> Channels;

    /// Brings a message to somebody; gives the status that the mail server or the gateway answered with.
    fn deliver(&self, letter: Letter) -> BoxFuture<'_, Result<u16, Lost>>;
}

/// A courier that brings nothing: that of a program that does not serve.
#[derive(Debug)]
pub(super) struct Nobody;

impl Courier for Nobody {
    fn check<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<(), Lost>> {
        Box::pin(async { Err(Lost("Messages are sent by a service that runs.")) })
    }

    fn bring(&self, _: Parcel) -> BoxFuture<'_, Result<u16, Lost>> {
        Box::pin(async { Err(Lost("Messages are sent by a service that runs.")) })
    }

    fn channels(&self) -> Channels {
        Channels::default()
    }

    fn deliver(&self, _: Letter) -> BoxFuture<'_, Result<u16, Lost>> {
        Box::pin(async { Err(Lost("Messages are sent by a service that runs.")) })
    }
}

/// What is to be sent, as it is brought.
enum Written {
    ToWebhook(String),
    ToSomebody(Letter),
}

/// The signature of a message by a secret (Standard Webhooks, `v1`). None for a secret that is no base64.
fn signature(secret: &str, id: &str, timestamp: i64, body: &str) -> Option<String> {
    let secret = BASE64_STANDARD.decode(secret).ok()?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, &secret);
    let signed = hmac::sign(&key, format!("{id}.{timestamp}.{body}").as_bytes());
    Some(format!("v1,{}", BASE64_STANDARD.encode(signed)))
}

/// A message to a webhook with its signatures.
fn sealed(due: &Due, body: String, now: DateTime<Utc>) -> Parcel {
    let (id, timestamp) = (message_id(due.seq), now.timestamp());
    let still_signs = due.previous_until.is_some_and(|until| now < until.and_utc());
    let previous = due.previous_secret.as_deref().filter(|_| still_signs);
    let signatures: Vec<String> = [due.secret.as_deref(), previous]
        .into_iter()
        .flatten()
        .filter_map(|secret| signature(secret, &id, timestamp, &body))
        .collect();
    Parcel {
        url: due.url.clone().unwrap_or_default(),
        headers: vec![
            ("webhook-id", id),
            ("webhook-timestamp", timestamp.to_string()),
            ("webhook-signature", signatures.join(" ")),
        ],
        body,
    }
}

impl App {
    /// What whoever filed a case is told with.
    pub(super) fn telling(&self) -> Telling {
        Telling {
            channels: self.courier.channels(),
            keys: self.keys.clone(),
        }
    }

    /// Sends what is due, up to a number; gives how many were sent.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn send_due_messages(&self) -> Result<usize, Error> {
        let (now, channels) = (self.now(), self.courier.channels());
        let read =
            move |connection: &mut AnyConnection| Ok::<_, Error>(message::is_any_due(channels, now, connection)?);
        // a look costs no write where nothing is due
        if !self.store.read(read).await? {
            return Ok(0);
        }
        let (public_url, keys) = (self.public_url.clone(), self.keys.clone());
        let claimed = self
            .store
            .write(move |connection| {
                let mut written = Vec::new();
                for due in message::claim(channels, (now, now + CLAIMED_FOR), AT_ONCE, connection)? {
                    let what = if due.webhook_id.is_some() {
                        body(&due, connection).map(Written::ToWebhook)
                    } else {
                        notice::letter(&due, (&public_url, &keys), connection).map(Written::ToSomebody)
                    };
                    match what {
                        Ok(what) => written.push((what, due)),
                        // one message that cannot be written must not hold up all others
                        Err(Error::Store(store::Error::Corrupt(words))) => {
                            log::error!("{} is given up: {words}", message_id(due.seq));
                            message::keep(&lost(&due, now), connection)?;
                        }
                        Err(error) => return Err(error),
                    }
                }
                Ok(written)
            })
            .await?;
        let sent = join_all(claimed.into_iter().map(|(what, due)| self.send(what, due))).await;
        let count = sent.len();
        let ended = self.now();
        self.store
            .write(move |connection| {
                for (attempt, due, gone) in &sent {
                    message::keep(attempt, connection)?;
                    let reason = match (gone, attempt.state) {
                        (true, _) => "The target said that it is gone.",
                        (false, WebhookDeliveryState::Failed) => "A message was not taken for 3 days.",
                        (false, _) => continue,
                    };
                    let Some(id) = message::webhook_of(due)? else {
                        log::warn!("{} by {} is given up", message_id(due.seq), due.channel);
                        continue;
                    };
                    log::warn!("webhook {id} is disabled: {reason}");
                    webhook::set_disabled(id, true, Some(reason), ended, connection)?;
                }
                Ok::<_, Error>(())
            })
            .await?;
        Ok(count)
    }

    /// Sends one message, and tells how that ended, and whether the target wants no more.
    async fn send(&self, what: Written, due: Due) -> (Attempt, Due, bool) {
        let answered = match what {
            Written::ToWebhook(body) => self.courier.bring(sealed(&due, body, self.now())).await,
            Written::ToSomebody(letter) => self.courier.deliver(letter).await,
        };
        let now = self.now();
        let number = due.attempts + 1;
        let (status, failure) = match answered {
            Ok(status @ 200..300) => (Some(status), None),
            Ok(status) => (Some(status), Some("The target did not take it.")),
            Err(Lost(words)) => (None, Some(words)),
        };
        let (state, next_attempt_at) = match failure {
            None => (WebhookDeliveryState::Delivered, now),
            // nobody is at that address
            Some(_) if due.channel == Channel::Email.as_str() && status.is_some_and(|s| NOBODY_THERE.contains(&s)) => {
                (WebhookDeliveryState::Failed, now)
            }
            Some(_) => match next_attempt(number, due.given_up_at.and_utc(), now) {
                Some(next) => (WebhookDeliveryState::Pending, next),
                None => (WebhookDeliveryState::Failed, now),
            },
        };
        let attempt = Attempt {
            seq: due.seq,
            number,
            state,
            next_attempt_at,
            status: status.map(i32::from),
            failure: failure.map(str::to_owned),
        };
        // only a webhook can say that it wants no more
        let gone = due.webhook_id.is_some() && status == Some(GONE);
        (attempt, due, gone)
    }

    /// Sends what is due for as long as the service runs.
    pub async fn keep_sending(self) {
        let mut forgotten_at: Option<DateTime<Utc>> = None;
        loop {
            match self.send_due_messages().await {
                Ok(0) => tokio::time::sleep(PAUSE).await,
                Ok(_) => {}
                Err(error) => {
                    log::warn!("messages could not be sent: {error}");
                    tokio::time::sleep(PAUSE).await;
                }
            }
            let now = self.now();
            if forgotten_at.is_none_or(|at| now - at > TimeDelta::hours(1)) {
                forgotten_at = Some(now);
                let forget = move |connection: &mut AnyConnection| {
                    Ok::<_, Error>(message::forget_before(now - KEPT_FOR, connection)?)
                };
                if let Err(error) = self.store.write(forget).await {
                    log::warn!("old messages could not be forgotten: {error}");
                }
            }
        }
    }
}

/// The end of a message of which nothing is left to tell.
fn lost(due: &Due, now: DateTime<Utc>) -> Attempt {
    Attempt {
        seq: due.seq,
        number: due.attempts + 1,
        state: WebhookDeliveryState::Failed,
        next_attempt_at: now,
        status: None,
        failure: Some("What it told of is gone.".to_owned()),
    }
}

/// What a message says, read from rows that never change: it is the same however often it is sent.
fn body(due: &Due, connection: &mut AnyConnection) -> Result<String, Error> {
    let (at, data) = match (&due.case_id, due.change_sequence) {
        (Some(_), _) => told_of_case(due, connection)?,
        (None, Some(sequence)) => {
            let change = change::get(sequence, connection)?;
            (change.changed_at, json!(change))
        }
        (None, None) => (due.created_at.and_utc(), json!({})),
    };
    let body = json!({
        "type": due.event,
        "timestamp": at.to_rfc3339_opts(SecondsFormat::Micros, true),
        "data": data,
    });
    Ok(body.to_string())
}

/// What is told of a row of a case's history: what the tracking code shows, without the code itself.
fn told_of_case(due: &Due, connection: &mut AnyConnection) -> Result<(DateTime<Utc>, Value), Error> {
    let (table, event) = row_of(due, connection)?;
    let data = json!({"case_id": event.case, "kind": table.kind(), "event": tracked_event(&event)?});
    Ok((event.at, data))
}

/// The row of a case's history that a message tells of, and where the case is.
///
/// # Errors
/// [`Error::Store`], as corrupt where they are gone.
pub(super) fn row_of(due: &Due, connection: &mut AnyConnection) -> Result<(CaseTable, Event), Error> {
    let corrupt = || Error::Store(store::Error::Corrupt("a message about a case that is gone".into()));
    let id = due
        .case_id
        .as_deref()
        .and_then(|id| id.parse().ok())
        .ok_or_else(corrupt)?;
    let number = due.case_number.ok_or_else(corrupt)?;
    let event = case_event::get(id, number, connection)?.ok_or_else(corrupt)?;
    let table = case_table::find(id, connection)?.ok_or_else(corrupt)?;
    Ok((table, event))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The vector of the specification.
    #[test]
    fn a_message_is_signed_as_the_specification_says() {
        let signed = signature(
            "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            "{\"test\": 2432232314}",
        );
        assert_eq!(
            signed.as_deref(),
            Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        );
        assert_eq!(signature("not base64!", "msg_1", 0, ""), None);
    }
}
