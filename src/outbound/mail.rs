//! E-mail over SMTP.

use std::fmt;
use std::time::Duration;

use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use crate::app::courier::Lost;
use crate::app::notice::Letter;

/// How long a mail server may take for each of its answers.
const ANSWERED_WITHIN: Duration = Duration::from_secs(15);
/// How long it may take in all: less than a message is claimed for.
const TAKEN_WITHIN: Duration = Duration::from_secs(40);

/// A mail server that takes messages.
pub struct Mail {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl fmt::Debug for Mail {
    // its address may hold a password
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mail").field("from", &self.from).finish_non_exhaustive()
    }
}

impl Mail {
    /// A mail server by its address, such as `smtps://user:password@mail.example.org` or
    /// `smtp://mail.example.org:587?tls=required`, and the sender of the messages.
    ///
    /// # Errors
    /// What is wrong with them, without repeating the address.
    pub fn new(address: &str, from: &str) -> Result<Self, String> {
        let from = sender(from).ok_or_else(|| {
            "the sender has to be an e-mail address, such as Khulna <charter@example.gov.bd>".to_owned()
        })?;
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(address).map_err(|_| {
            "the mail server has to be an address such as smtps://USER:PASSWORD@mail.example.org".to_owned()
        })?;
        Ok(Self {
            transport: builder.timeout(Some(ANSWERED_WITHIN)).build(),
            from,
        })
    }

    /// Hands a message to the mail server; gives its reply code.
    pub(super) async fn deliver(&self, letter: Letter) -> Result<u16, Lost> {
        const UNFIT: Lost = Lost("The message could not be written as an e-mail.");
        // an address that is none will not become one
        let Ok(to) = letter.to.parse::<Mailbox>() else {
            return Ok(553);
        };
        let message = Message::builder()
            // the same however often it is sent: a mailbox shows it once
            .message_id(Some(format!("<{}@{}>", letter.id, self.from.email.domain())))
            .from(self.from.clone())
            .to(to)
            .subject(letter.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text)
            .map_err(|_| UNFIT)?;
        let sent = tokio::time::timeout(TAKEN_WITHIN, self.transport.send(message)).await;
        match sent.map_err(|_| Lost("The mail server did not answer in time."))? {
            Ok(_) => Ok(250),
            Err(error) => match error.status() {
                Some(code) => Ok(code.into()),
                None if error.is_timeout() => Err(Lost("The mail server did not answer in time.")),
                None => Err(Lost("The mail server could not be reached.")),
            },
        }
    }
}

/// A sender as people write one: a name may hold commas without quotes around it.
fn sender(written: &str) -> Option<Mailbox> {
    let Some((name, address)) = written
        .trim()
        .strip_suffix('>')
        .and_then(|named| named.rsplit_once('<'))
    else {
        return Some(Mailbox::new(None, written.trim().parse().ok()?));
    };
    let name = name.trim().trim_matches('"').trim();
    let name = (!name.is_empty()).then(|| name.to_owned());
    Some(Mailbox::new(name, address.trim().parse().ok()?))
}
