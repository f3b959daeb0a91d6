//! The monthly report and the registers [9(ঙ), forms গ-১ and গ-২].

use uuid::Uuid;

use super::super::{App, Error};
use super::seat::redress_officer;
use super::{levels_of, reaches};
use crate::domain::calendar::dhaka_day;
use crate::domain::contact::OfficeCode;
use crate::domain::fault::Fault;
use crate::domain::grievance::KeptComplainant;
use crate::domain::grievance::report::{GrievanceReport, Month, RegisterEntry, ReportFigures};
use crate::domain::office::CharterOffice;
use crate::domain::permission::{Permit, Role};
use crate::store::grievance_stay::{self, RegisterFilter};
use crate::store::page::{Page, PageRequest};
use crate::store::{AnyConnection, office};

/// How many lines the report lists of what was disposed of.
const LISTED: i64 = 1000;

/// Which register is asked for.
#[derive(Clone, Debug)]
pub struct RegisterSearch {
    /// The office; the own one where nothing is said.
    pub office: Option<OfficeCode>,
    /// The month in which it was received, as `2026-11`.
    pub month: String,
    /// Whether it is that of the appeals.
    pub appeals: bool,
}

fn month(written: &str) -> Result<Month, Error> {
    let fault = || {
        Fault::new(
            "/query/month",
            "out_of_range",
            "must be a month of the years 2000 to 2099",
        )
    };
    Month::read(written).ok_or_else(|| Error::InvalidParameter(vec![fault()]))
}

/// The office that is asked for, where somebody's remit reaches to it.
fn asked(permit: &Permit, office: Option<OfficeCode>, connection: &mut AnyConnection) -> Result<CharterOffice, Error> {
    let own = || match permit.actor().role {
        Role::Officer => permit.actor().office.clone(),
        // it is not their own work that they look at
        _ => None,
    };
    let Some(code) = office.or_else(own) else {
        return Err(Error::InvalidParameter(vec![Fault::new(
            "/query/office",
            "required",
            "is required of those who look at the work of offices below",
        )]));
    };
    // there is nothing to say of an office that nobody knows
    let office = office::get(code.as_str(), connection)?.ok_or(Error::NotFound("office"))?;
    reaches(permit, &code, connection)?;
    Ok(office.office)
}

impl App {
    /// The monthly report of an office.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::InvalidParameter`], [`Error::Store`].
    pub async fn get_grievance_report(
        &self,
        permit: Permit,
        office: Option<OfficeCode>,
        written: &str,
    ) -> Result<GrievanceReport, Error> {
        let month = month(written)?;
        let today = dhaka_day(self.now());
        self.store
            .read(move |connection| {
                let CharterOffice { code, name, .. } = asked(&permit, office, connection)?;
                let stays = grievance_stay::about(code.as_str(), (month.first, month.last), connection)?;
                let (grievances, appeals) = ReportFigures::of(&stays, month, today);
                Ok(GrievanceReport {
                    disposed: grievance_stay::disposed(code.as_str(), month, LISTED, connection)?,
                    office: code,
                    name,
                    month: month.written(),
                    as_of: month.last.min(today),
                    grievances,
                    appeals,
                })
            })
            .await
    }

    /// A page of a register.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`], [`Error::InvalidParameter`], [`Error::Store`].
    pub async fn list_grievance_register(
        &self,
        permit: Permit,
        search: RegisterSearch,
        page: PageRequest,
    ) -> Result<Page<RegisterEntry>, Error> {
        let month = month(&search.month)?;
        let (actor, keys) = (permit.actor().clone(), self.keys.clone());
        let page = self
            .store
            .read(move |connection| {
                let CharterOffice { code, .. } = asked(&permit, search.office, connection)?;
                let levels = levels_of(&code, connection)?;
                let filter = RegisterFilter {
                    office: code.to_string(),
                    month,
                    appeals: search.appeals,
                    from_level: match permit.actor().role {
                        Role::AppealOfficer => 2,
                        Role::CellOfficer => 3,
                        _ => 1,
                    },
                };
                let redress = redress_officer(&levels);
                let (officer, role) = (permit.actor().officer, permit.actor().role);
                // an officer sees who complained where the grievance is the Grievance Redress Officer's to handle, and not
                // about that one; those above see who appealed to them
                let shows = move |about: &[Uuid]| match role {
                    Role::Officer => {
                        let me = officer.or(redress);
                        (redress.is_none() || me == redress) && me.is_none_or(|me| !about.contains(&me))
                    }
                    _ => officer.is_none_or(|me| !about.contains(&me)),
                };
                let opens = |of, kept: &KeptComplainant| keys.open_complainant(of, kept);
                grievance_stay::register(&filter, (&shows, &opens), page, connection)
            })
            .await?;
        let shown = page.items.iter().filter(|entry| entry.mobile.is_some());
        self.note_showing(shown.map(|entry| entry.id).collect(), &actor, self.now())
            .await?;
        Ok(page)
    }

    /// A whole register.
    ///
    /// # Errors
    /// Those of [`App::list_grievance_register`].
    pub async fn whole_grievance_register(
        &self,
        permit: Permit,
        search: RegisterSearch,
    ) -> Result<Vec<RegisterEntry>, Error> {
        const TOGETHER: i64 = 1000;
        let mut entries = Vec::new();
        let mut after = 0;
        loop {
            let request = PageRequest { after, limit: TOGETHER };
            let page = self
                .list_grievance_register(permit.clone(), search.clone(), request)
                .await?;
            entries.extend(page.items);
            match page.next {
                Some(next) => after = next,
                None => return Ok(entries),
            }
        }
    }
}
