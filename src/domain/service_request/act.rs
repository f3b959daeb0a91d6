//! What each act makes of a service request, and what it leaves for the history.

use chrono::{DateTime, NaiveDate, Utc};

use super::RejectionReason;
use super::machine::{self, Action, Party};
use super::record::{Record, Stopped};
use crate::domain::calendar::{Calendar, dhaka_day};
use crate::domain::case::clock::{Clock, working_days};
use crate::domain::case::history::{Deed, NotAvailable, PublicPart};
use crate::domain::case::tracking::Appointment;

/// What is done, with all that belongs to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Particulars {
    /// Words to the applicant.
    pub message: Option<String>,
    /// Words for the office only.
    pub note: Option<String>,
    /// An appointment.
    pub appointment: Option<Appointment>,
    /// The day that is promised.
    pub due_on: Option<NaiveDate>,
    /// Why it is refused.
    pub reason: Option<RejectionReason>,
    /// A rating.
    pub rating: Option<i32>,
}

impl Record {
    /// Does something to it.
    ///
    /// # Errors
    /// [`NotAvailable`]; then nothing has changed.
    pub fn act(
        &mut self,
        action: Action,
        by: Party,
        particulars: Particulars,
        now: DateTime<Utc>,
        calendar: &Calendar,
    ) -> Result<Deed, NotAvailable> {
        let next = machine::next(self.state, action, by, &self.facts(now)).ok_or(NotAvailable)?;
        let today = dhaka_day(now);
        let due_before = self.due_on;
        match action {
            Action::RequestInformation => self.stop(today, calendar),
            Action::ProvideInformation => self.resume(today, calendar),
            Action::SetAppointment => self.appointment = particulars.appointment,
            Action::SetPromise => {
                self.due_on = particulars.due_on;
                self.awaits_promise = false;
            }
            Action::HandOver => self.handed_over = true,
            Action::Complete | Action::Reject | Action::Withdraw => {
                let stands = self
                    .stopped
                    .map_or(0, |stopped| working_days(stopped.on, today, calendar));
                let took = working_days(self.filed_on(), today, calendar) - self.days_stood - stands;
                self.took_days = Some(took.max(0));
                self.closed_at = Some(now);
                self.reason = particulars.reason;
            }
            Action::Feedback => self.rating = particulars.rating,
            Action::Acknowledge | Action::AddNote => {}
        }
        self.state = next;
        self.version += 1;
        self.updated_at = now;
        // an applicant's words are for the office only
        let (message, said) = match (by, action) {
            (Party::Applicant, _) | (Party::Officer, Action::ProvideInformation) => (None, particulars.message),
            (Party::Officer, _) => (particulars.message, None),
        };
        Ok(Deed {
            action: action.as_str(),
            public: PublicPart {
                message,
                reason: particulars.reason.map(|reason| reason.as_str().to_owned()),
                due_on: self.due_on.filter(|_| self.due_on != due_before),
                ..PublicPart::default()
            },
            note: particulars.note.or(said),
        })
    }

    /// Stops the clock. A promise that is broken already stays broken: that clock cannot be stopped any more.
    fn stop(&mut self, today: NaiveDate, calendar: &Calendar) {
        let left = self.due_on.and_then(|due_on| Clock::left(today, due_on, calendar));
        if let Some(left) = left {
            self.stopped = Some(Stopped { left, on: today });
            self.clock = None;
            self.due_on = None;
        }
    }

    /// Lets the clock go on with the days that were left.
    fn resume(&mut self, today: NaiveDate, calendar: &Calendar) {
        if let Some(stopped) = self.stopped.take() {
            let clock = Clock {
                from: today,
                days: stopped.left,
            };
            self.due_on = clock.due_on(calendar);
            self.clock = Some(clock);
            self.days_stood += working_days(stopped.on, today, calendar);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::service_request::State;
    use crate::domain::service_request::examples::{at, day, filed};
    use crate::domain::time_limit::TimeLimitKind;
    use proptest::prelude::*;

    fn act(record: &mut Record, action: Action, by: Party, now: &str) -> Deed {
        let done = record.act(action, by, Particulars::default(), at(now), &Calendar::default());
        done.unwrap_or_else(|NotAvailable| panic!("{action:?} in {:?}", record.state))
    }

    #[test]
    fn the_clock_stands_while_the_applicant_is_asked() {
        let mut record = filed(TimeLimitKind::WorkingDays, Some(5));
        assert_eq!(record.due_on, Some(day("2026-12-01")));
        act(
            &mut record,
            Action::RequestInformation,
            Party::Officer,
            "2026-11-26T05:00:00Z",
        );
        assert_eq!((record.due_on, record.stopped.unwrap().left), (None, 3));
        assert!(
            !record.is_overdue(day("2027-01-01")),
            "a clock that stands does not run out"
        );
        let deed = act(
            &mut record,
            Action::ProvideInformation,
            Party::Applicant,
            "2026-12-10T05:00:00Z",
        );
        assert_eq!(deed.public.due_on, Some(day("2026-12-15")));
        assert_eq!((record.due_on, record.stopped), (Some(day("2026-12-15")), None));
        act(&mut record, Action::Complete, Party::Officer, "2026-12-14T05:00:00Z");
        // 25 and 26 November, 13 and 14 December
        assert_eq!(record.took_days, Some(4));
        assert!(!record.is_overdue(day("2027-01-01")), "it was done in time");
    }

    #[test]
    fn a_broken_promise_is_not_mended_by_a_question() {
        let mut record = filed(TimeLimitKind::WorkingDays, Some(3));
        assert_eq!(record.due_on, Some(day("2026-11-29")));
        act(
            &mut record,
            Action::RequestInformation,
            Party::Officer,
            "2026-11-30T05:00:00Z",
        );
        assert_eq!((record.due_on, record.stopped), (Some(day("2026-11-29")), None));
        assert!(record.is_overdue(day("2026-11-30")));
        act(
            &mut record,
            Action::ProvideInformation,
            Party::Applicant,
            "2026-12-01T05:00:00Z",
        );
        act(&mut record, Action::Complete, Party::Officer, "2026-12-01T06:00:00Z");
        assert!(record.is_overdue(day("2026-12-01")), "it came too late");
    }

    #[test]
    fn without_a_time_limit_the_officer_names_the_day_once() {
        let mut record = filed(TimeLimitKind::AsDirected, None);
        assert_eq!((record.due_on, record.awaits_promise), (None, true));
        assert!(
            record
                .available(Party::Officer, record.filed_at)
                .contains(&Action::SetPromise)
        );
        let promise = Particulars {
            due_on: Some(day("2026-12-15")),
            ..Particulars::default()
        };
        let deed = record.act(
            Action::SetPromise,
            Party::Officer,
            promise.clone(),
            record.filed_at,
            &Calendar::default(),
        );
        assert_eq!(deed.unwrap().public.due_on, Some(day("2026-12-15")));
        let again = record.act(
            Action::SetPromise,
            Party::Officer,
            promise,
            record.filed_at,
            &Calendar::default(),
        );
        assert_eq!(again, Err(NotAvailable));
        assert_eq!(record.version, 2);
    }

    #[test]
    fn what_the_applicant_says_is_for_the_office_only() {
        let mut record = filed(TimeLimitKind::WorkingDays, Some(5));
        let said = |words: &str| Particulars {
            message: Some(words.into()),
            ..Particulars::default()
        };
        let now = record.filed_at;
        let calendar = Calendar::default();
        let asked = record.act(
            Action::RequestInformation,
            Party::Officer,
            said("Which certificate?"),
            now,
            &calendar,
        );
        assert_eq!(asked.unwrap().public.message.as_deref(), Some("Which certificate?"));
        let answered = record.act(
            Action::ProvideInformation,
            Party::Applicant,
            said("Mine, of 1990"),
            now,
            &calendar,
        );
        let answered = answered.unwrap();
        assert_eq!(
            (answered.public.message, answered.note.as_deref()),
            (None, Some("Mine, of 1990"))
        );
    }

    /// What an act with all its particulars makes of a request, and what it leaves.
    fn with_all(record: &mut Record, action: Action, by: Party, now: &str) -> Deed {
        let particulars = Particulars {
            message: Some("Words".into()),
            note: Some("A note".into()),
            appointment: Some(Appointment {
                at: at("2026-11-30T04:30:00Z"),
                place: None,
            }),
            due_on: Some(day("2026-12-15")),
            reason: Some(RejectionReason::Duplicate),
            rating: Some(4),
        };
        record
            .act(action, by, particulars, at(now), &Calendar::default())
            .unwrap_or_else(|NotAvailable| panic!("{action:?} in {:?}", record.state))
    }

    #[test]
    fn an_act_changes_what_is_its_own() {
        let now = "2026-11-25T05:00:00Z";
        let mut record = filed(TimeLimitKind::WorkingDays, Some(5));
        let deed = with_all(&mut record, Action::SetAppointment, Party::Officer, now);
        assert_eq!(
            record.appointment.as_ref().map(|visit| visit.at),
            Some(at("2026-11-30T04:30:00Z"))
        );
        assert_eq!((record.state, record.updated_at), (State::InProgress, at(now)));
        assert_eq!(
            (record.due_on, record.rating, record.handed_over),
            (Some(day("2026-12-01")), None, false)
        );
        assert_eq!(
            (deed.action, deed.public.due_on),
            ("set_appointment", None),
            "the day did not move"
        );
        assert_eq!(
            (deed.public.message.as_deref(), deed.note.as_deref()),
            (Some("Words"), Some("A note"))
        );
        with_all(&mut record, Action::HandOver, Party::Officer, now);
        assert!(record.handed_over && record.closed_at.is_none());
        let deed = with_all(&mut record, Action::Reject, Party::Officer, now);
        assert_eq!(deed.public.reason.as_deref(), Some("duplicate"));
        assert_eq!(
            (record.reason, record.closed_at),
            (Some(RejectionReason::Duplicate), Some(at(now)))
        );
        let mut record = filed(TimeLimitKind::WorkingDays, Some(5));
        with_all(&mut record, Action::Complete, Party::Officer, now);
        with_all(&mut record, Action::Feedback, Party::Applicant, now);
        assert_eq!((record.rating, record.state), (Some(4), State::Completed));
    }

    #[test]
    fn the_days_it_took_are_those_on_which_it_was_the_offices() {
        let decided = |acts: &[(Action, Party, &str)]| {
            let mut record = filed(TimeLimitKind::WorkingDays, Some(10));
            for (action, by, on) in acts {
                act(&mut record, *action, *by, &format!("{on}T05:00:00Z"));
            }
            record.took_days
        };
        use Action::{Complete, ProvideInformation, Reject, RequestInformation};
        use Party::{Applicant, Officer};
        assert_eq!(
            decided(&[(Complete, Officer, "2026-11-24")]),
            Some(0),
            "on the same day"
        );
        // 25, 26, 29, 30 November
        assert_eq!(decided(&[(Complete, Officer, "2026-11-30")]), Some(4));
        let asked = (RequestInformation, Officer, "2026-11-26");
        assert_eq!(
            decided(&[asked, (Reject, Officer, "2026-12-03")]),
            Some(2),
            "it stood from the 26th"
        );
        let twice = [
            asked,
            (ProvideInformation, Applicant, "2026-11-30"),
            (RequestInformation, Officer, "2026-12-01"),
            (ProvideInformation, Applicant, "2026-12-03"),
            (Complete, Officer, "2026-12-06"),
        ];
        assert_eq!(decided(&twice), Some(4), "25, 26 November, 1 and 6 December");
    }

    proptest! {
        /// Whatever is tried in whatever order: versions count what was done, what is closed stays closed, and the clock
        /// either runs, stands, or has a named day.
        #[test]
        fn any_life_keeps_its_order(tries in proptest::collection::vec((0..11_usize, any::<bool>(), 0..40_i64), 0..40)) {
            let mut record = filed(TimeLimitKind::WorkingDays, Some(5));
            let mut now = record.filed_at;
            let (mut done, mut closed) = (1, None);
            for (action, officer, hours) in tries {
                now += chrono::TimeDelta::hours(hours);
                let by = if officer { Party::Officer } else { Party::Applicant };
                let before = record.clone();
                let particulars = Particulars { due_on: Some(day("2026-12-31")), rating: Some(3), ..Particulars::default() };
                match record.act(Action::ALL[action], by, particulars, now, &Calendar::default()) {
                    Ok(_) => done += 1,
                    Err(NotAvailable) => prop_assert_eq!(&record, &before),
                }
                prop_assert_eq!(record.version, done);
                prop_assert_eq!(record.closed_at.is_some(), !record.state.is_open());
                if let Some(state) = closed {
                    prop_assert_eq!(record.state, state);
                }
                closed = (!record.state.is_open()).then_some(record.state);
                prop_assert!(record.stopped.is_none() || record.due_on.is_none());
                prop_assert!(record.took_days.is_none_or(|days| days >= 0));
            }
        }
    }
}
