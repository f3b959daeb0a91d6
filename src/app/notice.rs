//! Telling whoever filed a case what happened to it, by e-mail and SMS.

use chrono::TimeDelta;
use uuid::Uuid;

use super::case::read_part;
use super::courier::row_of;
use super::{Error, Keyring};
use crate::domain::case::event::Event;
use crate::domain::case::tracking::Appointment;
use crate::domain::case::{Case, Contact, Language};
use crate::domain::contact::OfficeCode;
use crate::domain::entity_tag::whole_tag;
use crate::domain::message::{Channel, Channels, Notice, Told};
use crate::domain::personal_data::Sealed;
use crate::domain::text::Text;
use crate::store::case_table::CaseTable;
use crate::store::message::{self, Due, NewNotice};
use crate::store::{self, AnyConnection, grievance, office, service_request};

/// How many messages somebody gets within a day at most: an address or a number is whatever was typed in.
const A_DAY: i64 = 20;

/// A message to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its id: the same however often it is sent.
    pub id: String,
    /// How it is brought.
    pub channel: Channel,
    /// The e-mail address, or the mobile as a telephone dials it.
    pub to: String,
    /// The subject, of an e-mail.
    pub subject: String,
    /// What it says.
    pub text: String,
}

/// What whoever filed a case is told with.
#[derive(Clone, Debug, Default)]
pub(super) struct Telling {
    /// By which channels.
    pub(super) channels: Channels,
    /// What opens the address.
    pub(super) keys: Keyring,
}

/// The address of somebody by a channel.
fn address(contact: &Contact, channel: Channel) -> Option<String> {
    match channel {
        Channel::Webhook => None,
        Channel::Email => contact.email.as_ref().map(ToString::to_string),
        Channel::Sms => Some(contact.mobile.to_string()),
    }
}

/// Puts what whoever filed a case is to be told of a row of its history into the outbox.
///
/// # Errors
/// [`Error::Store`].
pub(super) fn tell(
    case: &impl Case,
    event: &Event,
    telling: &Telling,
    connection: &mut AnyConnection,
) -> Result<(), Error> {
    let (Some(notice), Some(sealed)) = (Notice::of(&event.action), case.personal()) else {
        return Ok(());
    };
    let mut channels = telling.channels.all().peekable();
    if channels.peek().is_none() {
        return Ok(());
    }
    let contact: Contact = telling.keys.open(event.case, sealed)?;
    for channel in channels {
        let Some(address) = address(&contact, channel) else {
            continue;
        };
        let recipient = whole_tag(format!("{} {}", channel.as_str(), address.to_lowercase()).as_bytes());
        let since = event.at - TimeDelta::days(1);
        if message::count_since(&recipient, since, connection)? >= A_DAY {
            log::warn!(
                "somebody got {A_DAY} messages within a day; case {} is not told of",
                event.case
            );
            continue;
        }
        let new = NewNotice {
            case: event.case,
            number: event.number,
            notice,
            channel,
            recipient: &recipient,
        };
        message::tell(&new, event.at, connection)?;
    }
    Ok(())
}

/// What of a case a message needs.
struct Facts {
    language: Language,
    personal: Option<Sealed>,
    tracking_code: String,
    office: OfficeCode,
    service: Option<Text>,
    appointment: Option<Appointment>,
}

/// The message as it is sent now.
///
/// # Errors
/// [`Error::Store`], as corrupt where what it tells of is gone.
pub(super) fn letter(
    due: &Due,
    (public_url, keys): (&str, &Keyring),
    connection: &mut AnyConnection,
) -> Result<Letter, Error> {
    let corrupt = |words: &str| Error::Store(store::Error::Corrupt(words.into()));
    let (Some(channel), Some(notice)) = (Channel::named(&due.channel), Notice::named(&due.event)) else {
        return Err(corrupt("a message of an unknown kind"));
    };
    let (table, event) = row_of(due, connection)?;
    let facts = facts(table, event.case, connection)?.ok_or_else(|| corrupt("a message about a case that is gone"))?;
    let opened = facts.personal.as_ref().map(|sealed| keys.open(event.case, sealed));
    let contact: Option<Contact> = opened.transpose()?;
    let to = contact.as_ref().and_then(|contact| address(contact, channel));
    let to = to.ok_or_else(|| corrupt("a message to nobody"))?;
    let office = office::get(facts.office.as_str(), connection)?;
    let office = office.map_or_else(
        || Text::new(facts.office.as_str(), facts.office.as_str()),
        |office| office.office.name,
    );
    let told = Told {
        notice,
        is_grievance: table == CaseTable::Grievances,
        tracking_code: &facts.tracking_code,
        office: &office,
        service: facts.service.as_ref(),
        action: &event.action,
        public: &read_part(&event.public)?,
        appointment: facts.appointment.as_ref(),
        public_url,
    };
    let written = told.written(facts.language);
    Ok(Letter {
        id: message::message_id(due.seq),
        channel,
        to,
        subject: written.subject,
        text: if channel == Channel::Sms {
            written.short
        } else {
            written.text
        },
    })
}

fn facts(table: CaseTable, id: Uuid, connection: &mut AnyConnection) -> Result<Option<Facts>, Error> {
    Ok(match table {
        CaseTable::ServiceRequests => service_request::get(id, connection)?.map(|record| Facts {
            language: record.language,
            personal: record.personal().cloned(),
            tracking_code: record.tracking_code,
            office: record.service.office,
            service: Some(record.service.name),
            appointment: record.appointment,
        }),
        CaseTable::Grievances => grievance::get(id, connection)?.map(|record| Facts {
            language: record.language,
            personal: record.personal().cloned(),
            tracking_code: record.tracking_code,
            office: record.office,
            service: record.about.service.map(|(service, _)| service.name),
            appointment: None,
        }),
    })
}
