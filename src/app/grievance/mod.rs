//! Grievances: filed by anybody, handled level by level.

mod act;
mod filing;
mod seat;

pub mod blacklist;
pub mod report;

pub(super) use act::do_it;
pub(super) use seat::levels_of;

use chrono::NaiveDate;
use uuid::Uuid;

use super::case::{due_span, handlers_event};
use super::handling::Among;
use super::handling::stands_behind;
use super::{App, Error, search};
use crate::domain::calendar::{Calendar, dhaka_day};
use crate::domain::case::Showing;
use crate::domain::case::history::CaseEvent;
use crate::domain::contact::OfficeCode;
use crate::domain::grievance::record::TOLD_WITHIN;
use crate::domain::grievance::{Action, Grievance, State};
use crate::domain::permission::{Denial, Permit, Role};
use crate::store::grievance::{self, GrievanceFilter};
use crate::store::page::{Order, Page, PageRequest};
use crate::store::{AnyConnection, calendar, case_event, office, service, showing};
use seat::{Hall, seen};

/// Which grievances are asked for; see [`GrievanceFilter`].
#[derive(Clone, Debug, Default)]
pub struct GrievanceSearch {
    /// Only those at this office; those of the own remit where nothing is said.
    pub office: Option<OfficeCode>,
    /// Only those at this level; where nothing is said, the own one of an Appeal Officer and of the Cell.
    pub level: Option<i32>,
    /// Only those in this state.
    pub state: Option<State>,
    /// Only those about this service.
    pub service: Option<Uuid>,
    /// Only open ones that are due on this day or later.
    pub due_from: Option<NaiveDate>,
    /// Only open ones that are due on this day or earlier.
    pub due_to: Option<NaiveDate>,
    /// Only open ones whose due day has passed; or only others.
    pub overdue: Option<bool>,
    /// Only those whose complainant should have been told the decision by now.
    pub telling_overdue: bool,
    /// Only those whose complainant was recommended for the blacklist.
    pub blacklisting_recommended: bool,
    /// Only those found by these words.
    pub query: Option<String>,
    /// The order; by what else is asked for, where nothing is said.
    pub order: Option<Order>,
}

impl App {
    /// A page of the grievances that somebody may see.
    ///
    /// # Errors
    /// [`Error::Denied`], [`Error::InvalidParameter`], [`Error::Store`].
    pub async fn list_grievances(
        &self,
        permit: Permit,
        asked: GrievanceSearch,
        page: PageRequest,
    ) -> Result<Page<Grievance>, Error> {
        let now = self.now();
        let today = dhaka_day(now);
        let patterns = search::beginnings(asked.query.as_deref())?;
        if !patterns.is_empty() {
            self.store.index_words().await?;
        }
        let keys = self.keys.clone();
        self.store
            .read(move |connection| {
                let filter = filter(&permit, &asked, patterns, today, connection)?;
                let page = grievance::list(&filter, page, connection)?;
                let hall = Hall::of(page.items.iter(), permit.actor(), today, connection)?;
                page.try_map(|record| hall.shown(record, (permit.actor(), Among::Others), &keys, now))
            })
            .await
    }

    /// One grievance.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::Store`].
    pub async fn get_grievance(&self, permit: Permit, id: Uuid) -> Result<Grievance, Error> {
        let now = self.now();
        let today = dhaka_day(now);
        let (actor, keys) = (permit.actor().clone(), self.keys.clone());
        let shown = self
            .store
            .read(move |connection| {
                let record = seen(&permit, id, today, connection)?;
                let hall = Hall::of([&record].into_iter(), permit.actor(), today, connection)?;
                hall.shown(record, (permit.actor(), Among::None), &keys, now)
            })
            .await?;
        if shows_who(&shown) {
            self.note_showing(vec![id], &actor, now).await?;
        }
        Ok(shown)
    }

    /// A page of the history of a grievance.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::Store`].
    pub async fn list_grievance_events(
        &self,
        permit: Permit,
        id: Uuid,
        page: PageRequest,
    ) -> Result<Page<CaseEvent>, Error> {
        let today = dhaka_day(self.now());
        self.store
            .read(move |connection| {
                let record = seen(&permit, id, today, connection)?;
                let hall = Hall::of([&record].into_iter(), permit.actor(), today, connection)?;
                let bare = hall.seat(&record, permit.actor(), today).hides;
                let page = case_event::list(id, page, connection)?;
                let shown = |event| {
                    let mut event = handlers_event(event)?;
                    // those whom it is about see what they are asked and what they said, not what was said to those who judge
                    let theirs =
                        event.event.action == Action::AskOpinion.as_str() || event.actor == Some(permit.actor().id);
                    event.note = event.note.filter(|_| theirs || !bare);
                    Ok::<_, Error>(event)
                };
                Ok(Page {
                    items: page.items.into_iter().map(shown).collect::<Result<_, _>>()?,
                    next: page.next,
                })
            })
            .await
    }

    /// A page of the showings of a grievance.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::Store`].
    pub async fn list_grievance_showings(
        &self,
        permit: Permit,
        id: Uuid,
        page: PageRequest,
    ) -> Result<Page<Showing>, Error> {
        let today = dhaka_day(self.now());
        self.store
            .read(move |connection| {
                seen(&permit, id, today, connection)?;
                Ok(showing::list(id, page, connection)?)
            })
            .await
    }
}

/// Whether personal data is shown as it is.
fn shows_who(grievance: &Grievance) -> bool {
    grievance
        .complainant
        .as_ref()
        .is_some_and(|complainant| !complainant.masked)
}

/// The office whose Appeal Officer hears the appeals from an office: the one above, or itself where there is none.
///
/// # Errors
/// [`Error::NotFound`] where the office publishes no charter; [`Error::Store`].
pub(super) fn appeal_office(code: &OfficeCode, connection: &mut AnyConnection) -> Result<OfficeCode, Error> {
    let office = office::get(code.as_str(), connection)?.ok_or(Error::NotFound("office"))?;
    Ok(office.office.parent.map_or(office.office.code, |parent| parent.code))
}

/// Who stands in for the Grievance Redress Officer of an office: the alternate officer of the services that this one answers for.
fn stands_in_for(
    redress: Option<Uuid>,
    office: &OfficeCode,
    connection: &mut AnyConnection,
) -> Result<Option<Uuid>, Error> {
    match redress {
        Some(redress) => Ok(service::alternate_of(office.as_str(), redress, connection)?),
        None => Ok(None),
    }
}

/// Whether somebody's remit reaches to an office: the own one; of an Appeal Officer those below; of the Cell all.
pub(super) fn reaches(permit: &Permit, code: &OfficeCode, connection: &mut AnyConnection) -> Result<(), Error> {
    match permit.actor().role {
        Role::AppealOfficer if Some(&appeal_office(code, connection)?) == permit.actor().office.as_ref() => Ok(()),
        Role::AppealOfficer => Err(Denial::PermissionDenied.into()),
        _ => Ok(permit.over(code)?),
    }
}

/// Which grievances somebody may see, of those that are asked for.
fn filter(
    permit: &Permit,
    asked: &GrievanceSearch,
    patterns: Vec<String>,
    today: NaiveDate,
    connection: &mut AnyConnection,
) -> Result<GrievanceFilter, Error> {
    let actor = permit.actor();
    if let Some(office) = &asked.office {
        reaches(permit, office, connection)?;
    }
    let mut filter = GrievanceFilter {
        office: asked.office.as_ref().map(OfficeCode::to_string),
        level: asked.level,
        state: asked.state,
        service: asked.service,
        due_from: asked.due_from,
        due_to: asked.due_to,
        blacklisting_recommended: asked.blacklisting_recommended,
        patterns,
        ..GrievanceFilter::default()
    };
    let own_office = || actor.office.as_ref().map(OfficeCode::to_string);
    let mut overdue = asked.overdue;
    match actor.role {
        Role::AppealOfficer => {
            filter.appeal_office = own_office();
            filter.level = filter.level.or((!asked.blacklisting_recommended).then_some(2));
            // a level below is its own business until it misses its limit [5.2.2(গ)]
            if filter.level == Some(1) && !asked.blacklisting_recommended {
                overdue = Some(true);
            }
        }
        Role::CellOfficer => {
            filter.level = filter.level.or(Some(3));
            match filter.level {
                // [5.3.2]
                Some(2) => overdue = Some(true),
                Some(..2) => return Err(Denial::PermissionDenied.into()),
                _ => {}
            }
        }
        _ => {
            filter.office = filter.office.or_else(own_office);
            filter.alternate_officer = stands_behind(actor);
        }
    }
    if filter.office.is_none() && filter.appeal_office.is_none() && actor.role != Role::CellOfficer {
        return Err(Denial::PermissionDenied.into());
    }
    (filter.due_from, filter.due_to) = due_span((filter.due_from, filter.due_to), overdue, today);
    if asked.telling_overdue {
        filter.untold_to = Some(untold_since(today, connection)?);
    }
    let by_day = filter.due_from.is_some() || filter.due_to.is_some();
    filter.order = asked
        .order
        .unwrap_or(if by_day { Order::Urgent } else { Order::Newest });
    Ok(filter)
}

/// The last day of a decision whose complainant should have been told by now [7.4(ছ)].
pub(super) fn untold_since(today: NaiveDate, connection: &mut AnyConnection) -> Result<NaiveDate, Error> {
    /// More days than the telling takes, whatever holidays there are.
    const LONG_AGO: chrono::Days = chrono::Days::new(120);
    let first = today.checked_sub_days(LONG_AGO).unwrap_or(today);
    let calendar = calendar::load(first, connection)?;
    Ok(last_to_be_told(today, first, &calendar))
}

fn last_to_be_told(today: NaiveDate, first: NaiveDate, calendar: &Calendar) -> NaiveDate {
    let days = std::iter::successors(today.pred_opt(), NaiveDate::pred_opt).take_while(|day| *day > first);
    let passed = |day: &NaiveDate| calendar.due_on(*day, TOLD_WITHIN).is_some_and(|by| by < today);
    days.into_iter().find(passed).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_should_have_been_told_is_known_by_the_day_of_the_decision() {
        let calendar = Calendar::default();
        let day = |text: &str| -> NaiveDate { text.parse().unwrap() };
        // a decision of Tuesday 24 November is told by Thursday 3 December
        let last = |today: &str| last_to_be_told(day(today), day("2026-08-01"), &calendar);
        assert_eq!(calendar.due_on(day("2026-11-24"), TOLD_WITHIN), Some(day("2026-12-03")));
        assert_eq!(last("2026-12-03"), day("2026-11-23"));
        assert_eq!(last("2026-12-04"), day("2026-11-24"));
    }
}
