//! Tracking: what whoever has the tracking code sees and does.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::case::{Doer, shown, tracked_events};
use super::idempotency::{Created, IdempotencyKey, once};
use super::notice::Telling;
use super::{App, Error, grievance, service_request, throttle};
use crate::domain::case::tracking::Tracking;
use crate::domain::case::tracking_code::TrackingCode;
use crate::domain::grievance::AppealInput;
use crate::domain::grievance::act::Particulars as GrievanceParticulars;
use crate::domain::grievance::record::Record as Grievance;
use crate::domain::grievance::{Action as GrievanceAction, Party as GrievanceParty};
use crate::domain::service_request::act::Particulars;
use crate::domain::service_request::record::Record as ServiceRequest;
use crate::domain::service_request::{Action, FeedbackInput, InformationInput, Party, WithdrawalInput};
use crate::store::{self, AnyConnection, calendar, lock, tracked};

/// What an applicant or a complainant does.
#[derive(Clone, Debug)]
pub enum ApplicantsAct {
    /// Gives the information that was asked for.
    Information(InformationInput),
    /// Takes the case back.
    Withdrawal(WithdrawalInput),
    /// Rates the service, or how the grievance was redressed.
    Feedback(FeedbackInput),
    /// Appeals to the next level.
    Appeal(AppealInput),
}

impl ApplicantsAct {
    /// What it is called.
    const fn name(&self) -> &'static str {
        match self {
            Self::Information(_) => Action::ProvideInformation.as_str(),
            Self::Withdrawal(_) => Action::Withdraw.as_str(),
            Self::Feedback(_) => Action::Feedback.as_str(),
            Self::Appeal(_) => GrievanceAction::Appeal.as_str(),
        }
    }

    /// The words and the rating.
    fn said(self) -> (Option<String>, Option<i32>) {
        match self {
            Self::Information(input) => (Some(input.message), None),
            Self::Withdrawal(input) => (input.message, None),
            Self::Feedback(input) => (input.message, Some(input.rating)),
            Self::Appeal(input) => (Some(input.message), None),
        }
    }

    /// What it is for a service request; an appeal is nothing for it.
    fn on_service_request(self) -> Result<(Action, Particulars), Error> {
        let action = match &self {
            Self::Information(_) => Action::ProvideInformation,
            Self::Withdrawal(_) => Action::Withdraw,
            Self::Feedback(_) => Action::Feedback,
            Self::Appeal(_) => return Err(Error::NotAvailable),
        };
        let (message, rating) = self.said();
        let particulars = Particulars {
            message,
            rating,
            ..Particulars::default()
        };
        Ok((action, particulars))
    }

    /// What it is for a grievance.
    fn on_grievance(self) -> (GrievanceAction, GrievanceParticulars) {
        let action = match &self {
            Self::Information(_) => GrievanceAction::ProvideInformation,
            Self::Withdrawal(_) => GrievanceAction::Withdraw,
            Self::Feedback(_) => GrievanceAction::Feedback,
            Self::Appeal(_) => GrievanceAction::Appeal,
        };
        let (message, rating) = self.said();
        let particulars = GrievanceParticulars {
            message,
            rating,
            ..GrievanceParticulars::default()
        };
        (action, particulars)
    }
}

/// A case of either kind.
enum Found {
    ServiceRequest(Box<ServiceRequest>),
    Grievance(Box<Grievance>),
}

impl Found {
    /// The case of a tracking code. Both kinds are looked for, whatever is found: the work is the same.
    fn by_code(code: &str, connection: &mut AnyConnection) -> Result<Option<Self>, Error> {
        let request = store::service_request::by_tracking_code(code, connection)?;
        let grievance = store::grievance::by_tracking_code(code, connection)?;
        let request = request.map(|request| Self::ServiceRequest(Box::new(request)));
        Ok(request.or_else(|| grievance.map(|grievance| Self::Grievance(Box::new(grievance)))))
    }

    const fn id(&self) -> Uuid {
        match self {
            Self::ServiceRequest(request) => request.id,
            Self::Grievance(grievance) => grievance.id,
        }
    }

    /// As whoever has the code sees it.
    fn tracked(self, now: DateTime<Utc>, connection: &mut AnyConnection) -> Result<Tracking, Error> {
        let events = tracked_events(self.id(), connection)?;
        match self {
            Self::ServiceRequest(request) => Ok(request.tracked(events, now)),
            Self::Grievance(grievance) => {
                let levels = grievance::levels_of(&grievance.office, connection)?;
                Ok(grievance.tracked(events, now, &levels))
            }
        }
    }

    /// Does something to it.
    fn act(
        &mut self,
        act: ApplicantsAct,
        telling: Telling,
        now: DateTime<Utc>,
        connection: &mut AnyConnection,
    ) -> Result<(), Error> {
        let doer = Doer::of(None, None, telling);
        match self {
            Self::ServiceRequest(request) => {
                let (action, particulars) = act.on_service_request()?;
                service_request::do_it(request, action, Party::Applicant, particulars, &doer, now, connection)
            }
            Self::Grievance(grievance) => {
                let (action, particulars) = act.on_grievance();
                let levels = grievance::levels_of(&grievance.office, connection)?;
                let calendar = calendar::load(grievance.filed_on(), connection)?;
                let done = (action, GrievanceParty::Complainant);
                grievance::do_it(
                    grievance,
                    done,
                    particulars,
                    &doer,
                    now,
                    (&levels, &calendar),
                    connection,
                )
            }
        }
    }
}

impl App {
    /// A case by its tracking code. A code that is none is answered as one that nobody has, after the same work.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::TooManyAttempts`] where an address has tried too many; [`Error::Store`].
    pub async fn track(&self, code: &str, from: Option<IpAddr>) -> Result<Tracking, Error> {
        let now = self.now();
        let wanted = throttle::wanted(written(code), from, now);
        match tracked::find(wanted, &self.store).await? {
            tracked::Found::Refused => Err(self.refused_to_track(from).await?),
            tracked::Found::Nothing => self.missed(from).await,
            tracked::Found::ServiceRequest(found) => {
                let (request, history) = *found;
                Ok(request.tracked(shown(history)?, now))
            }
            tracked::Found::Grievance(id) => {
                self.store
                    .read(move |connection| {
                        let case = store::grievance::get(id, connection)?.ok_or(Error::NotFound("tracking code"))?;
                        Found::Grievance(Box::new(case)).tracked(now, connection)
                    })
                    .await
            }
        }
    }

    /// The service request of a tracking code; a grievance is none.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::TooManyAttempts`] where an address has tried too many; [`Error::Store`].
    pub async fn service_request_of(&self, code: &str, from: Option<IpAddr>) -> Result<Uuid, Error> {
        let now = self.now();
        let code = written(code);
        let found = self
            .store
            .read(move |connection| {
                throttle::of_tracking(from, now, connection)?;
                Ok::<_, Error>(store::service_request::by_tracking_code(&code, connection)?)
            })
            .await?;
        match found {
            Some(request) => Ok(request.id),
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
        let (now, telling) = (self.now(), self.telling());
        let code = written(code);
        let done = self
            .store
            .write(move |connection| {
                throttle::of_tracking(from, now, connection)?;
                let Some(known) = Found::by_code(&code, connection)? else {
                    return Ok(None);
                };
                let id = known.id();
                let scope = format!("{} {id}", act.name());
                once(key.as_ref(), &scope, now, connection, |connection| {
                    lock::charter_data_shared(connection)?;
                    lock::named(&format!("case {id}"), connection)?;
                    // as it is by now, under the lock
                    let case = Found::by_code(&code, connection)?;
                    let mut case = case.ok_or(Error::NotFound("tracking code"))?;
                    case.act(act, telling, now, connection)?;
                    case.tracked(now, connection)
                })
                .map(Some)
            })
            .await?;
        match done {
            Some(done) => Ok(done),
            None => self.missed(from).await,
        }
    }

    /// Why an address may not try another code now.
    async fn refused_to_track(&self, from: Option<IpAddr>) -> Result<Error, Error> {
        let now = self.now();
        let refused = self
            .store
            .read(move |connection| Ok::<_, Error>(throttle::of_tracking(from, now, connection).err()))
            .await?;
        // an attempt may have stopped counting meanwhile
        Ok(refused.unwrap_or(Error::TooManyAttempts(1)))
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
