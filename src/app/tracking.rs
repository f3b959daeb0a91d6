//! Tracking: what whoever has the tracking code sees and does.

use std::net::IpAddr;

use chrono::{DateTime, Utc};

use super::case::Doer;
use super::idempotency::{Created, IdempotencyKey, once};
use super::service_request::{do_it, tracked_event};
use super::throttle;
use super::{App, Error};
use crate::domain::case::tracking_code::TrackingCode;
use crate::domain::service_request::act::Particulars;
use crate::domain::service_request::record::Record;
use crate::domain::service_request::{Action, FeedbackInput, InformationInput, Party, Tracking, WithdrawalInput};
use crate::store::{AnyConnection, case_event, lock, service_request};

/// What an applicant does.
#[derive(Clone, Debug)]
pub enum ApplicantsAct {
    /// Gives the information that was asked for.
    Information(InformationInput),
    /// Takes the request back.
    Withdrawal(WithdrawalInput),
    /// Rates the service.
    Feedback(FeedbackInput),
}

impl ApplicantsAct {
    fn parts(self) -> (Action, Particulars) {
        let (action, message, rating) = match self {
            Self::Information(input) => (Action::ProvideInformation, Some(input.message), None),
            Self::Withdrawal(input) => (Action::Withdraw, input.message, None),
            Self::Feedback(input) => (Action::Feedback, input.message, Some(input.rating)),
        };
        let particulars = Particulars {
            message,
            rating,
            ..Particulars::default()
        };
        (action, particulars)
    }
}

impl App {
    /// A case by its tracking code. A code that is none is answered as one that nobody has, after the same work.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::TooManyAttempts`] where an address has tried too many; [`Error::Store`].
    pub async fn track(&self, code: &str, from: Option<IpAddr>) -> Result<Tracking, Error> {
        let now = self.now();
        let code = written(code);
        let found = self
            .store
            .read(move |connection| {
                throttle::of_tracking(from, now, connection)?;
                match service_request::by_tracking_code(&code, connection)? {
                    Some(record) => tracked(record, now, connection).map(Some),
                    None => Ok(None),
                }
            })
            .await?;
        match found {
            Some(tracking) => Ok(tracking),
            None => self.missed(from).await,
        }
    }

    /// Does something to a case by its tracking code.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::TooManyAttempts`]; [`Error::NotAvailable`]; those of [`once`].
    pub async fn act_by_tracking_code(
        &self,
        code: &str,
        act: ApplicantsAct,
        key: Option<IdempotencyKey>,
        from: Option<IpAddr>,
    ) -> Result<Created, Error> {
        let now = self.now();
        let code = written(code);
        let done = self
            .store
            .write(move |connection| {
                throttle::of_tracking(from, now, connection)?;
                let Some(known) = service_request::by_tracking_code(&code, connection)? else {
                    return Ok(None);
                };
                let (action, particulars) = act.parts();
                let scope = format!("{} {}", action.as_str(), known.id);
                once(key.as_ref(), &scope, now, connection, |connection| {
                    lock::charter_data_shared(connection)?;
                    lock::named(&format!("case {}", known.id), connection)?;
                    // as it is by now, under the lock
                    let record = service_request::get(known.id, connection)?;
                    let mut record = record.ok_or(Error::NotFound("tracking code"))?;
                    let doer = Doer::of(None, None);
                    do_it(
                        &mut record,
                        action,
                        Party::Applicant,
                        particulars,
                        &doer,
                        now,
                        connection,
                    )?;
                    tracked(record, now, connection)
                })
                .map(Some)
            })
            .await?;
        match done {
            Some(done) => Ok(done),
            None => self.missed(from).await,
        }
    }

    /// Counts that an address tried a code that nobody has.
    async fn missed<T>(&self, from: Option<IpAddr>) -> Result<T, Error> {
        let now = self.now();
        self.store
            .write(move |connection| throttle::missed_tracking(from, now, connection))
            .await?;
        Err(Error::NotFound("tracking code"))
    }
}

/// The code as it is kept; for one that is none, something that no case has.
fn written(code: &str) -> String {
    TrackingCode::read(code).map_or_else(|| "-".to_owned(), |code| code.as_str().to_owned())
}

fn tracked(record: Record, now: DateTime<Utc>, connection: &mut AnyConnection) -> Result<Tracking, Error> {
    let history = case_event::history(record.id, connection)?;
    // notes are the office's own
    let shown = history.iter().filter(|event| event.action != Action::AddNote.as_str());
    let events = shown.map(tracked_event).collect::<Result<_, _>>()?;
    Ok(record.tracked(events, now))
}
