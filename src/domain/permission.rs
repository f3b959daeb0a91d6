//! Who may do what: the one table of roles and permissions.

use uuid::Uuid;

use super::contact::OfficeCode;
use super::words::words;

words! {
    /// In which role somebody acts.
    Role {
        /// A system: a portal, an app's backend
        Client,
        /// বিকল্প দায়িত্বপ্রাপ্ত কর্মকর্তা: stands in for the responsible officer
        AlternateOfficer,
        /// দায়িত্বপ্রাপ্ত কর্মকর্তা: answers for services of the office
        Officer,
        /// আপিল কর্মকর্তা: hears the appeals from the offices below
        AppealOfficer,
        /// অভিযোগ ব্যবস্থাপনা সেল: an officer of the Grievance Management Cell
        CellOfficer,
        /// Keeps the deployment: offices, calendar, accounts, clients and keys
        Administrator,
    }
}

impl Role {
    /// Whether whoever has this role has it at an office.
    pub const fn is_of_an_office(self) -> bool {
        matches!(self, Self::AlternateOfficer | Self::Officer | Self::AppealOfficer)
    }
}

words! {
    /// Something that not everybody may do.
    Permission {
        /// See who one is signed in as.
        SeeOwnSession,
        /// Change one's own password.
        ChangeOwnPassword,
        /// Create, change and retire services, officers and upazila offices, and replace a charter.
        EditCharter,
        /// See when the officers of an office are away.
        SeeAbsences,
        /// Record absences, vacancies and hand-overs.
        KeepAbsences,
        /// See the service requests of an office.
        SeeServiceRequests,
        /// Act on service requests: an alternate officer only while standing in.
        ActOnServiceRequests,
        /// See grievances: of the own office; at the Appeal Officer's, those of the offices below that came to level 2 or passed their
        /// limit; at the Cell, those that came to level 3 or passed their limit at level 2.
        SeeGrievances,
        /// Act on grievances at the own level, or answer to one that is about oneself.
        ActOnGrievances,
        /// See the monthly report and the registers of grievances.
        SeeGrievanceReports,
        /// Put complainants on the blacklist, and take them off.
        KeepBlacklist,
        /// Subscribe to what happens.
        KeepWebhooks,
        /// Declare holidays and working days.
        KeepCalendar,
        /// Make, see and disable accounts.
        KeepAccounts,
        /// Make, see and disable clients.
        KeepClients,
        /// See and rotate the keys that sign tokens.
        KeepKeys,
    }
}

/// How far a permission reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It is not given.
    Nowhere,
    /// To what belongs to one's own office, or to oneself.
    Own,
    /// To everything.
    Everywhere,
}

impl Permission {
    /// The table: how far this permission reaches in the hands of a role.
    pub const fn reach(self, role: Role) -> Reach {
        use Permission as P;
        use Reach::{Everywhere, Nowhere, Own};
        use Role as R;
        match (self, role) {
            (P::SeeOwnSession, _) => Own,
            (P::ChangeOwnPassword, R::Client) => Nowhere,
            (P::ChangeOwnPassword, _) => Own,
            (P::EditCharter | P::KeepAbsences, R::Officer) => Own,
            (P::SeeAbsences, R::Officer | R::AlternateOfficer) => Own,
            (P::SeeServiceRequests | P::ActOnServiceRequests, R::Officer | R::AlternateOfficer) => Own,
            (P::SeeGrievances | P::ActOnGrievances, R::Officer | R::AlternateOfficer | R::AppealOfficer) => Own,
            (P::SeeGrievanceReports, R::Officer | R::AppealOfficer) => Own,
            (P::KeepBlacklist, R::AppealOfficer) => Own,
            (P::SeeGrievances | P::ActOnGrievances | P::SeeGrievanceReports, R::CellOfficer) => Everywhere,
            // whoever keeps the deployment is shown nobody's personal data
            (P::SeeServiceRequests | P::ActOnServiceRequests | P::SeeGrievances | P::ActOnGrievances, _) => Nowhere,
            (P::SeeGrievanceReports | P::KeepBlacklist, _) => Nowhere,
            // each keeps one's own
            (P::KeepWebhooks, R::Client | R::Administrator) => Own,
            (_, R::Administrator) => Everywhere,
            _ => Nowhere,
        }
    }
}

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The id of the account, or of the client.
    pub id: Uuid,
    /// In which role.
    pub role: Role,
    /// The office the role is at, where it is at one.
    pub office: Option<OfficeCode>,
    /// The officer of the charter whose account this is, where it is one's.
    pub officer: Option<Uuid>,
    /// The session that the token belongs to.
    pub session: Uuid,
}

/// Why somebody may not do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denial {
    /// The role does not have the permission, or not at this office.
    PermissionDenied,
    /// An alternate officer does not stand in: the responsible officer is there, and the case was not handed over.
    NotStandingIn,
    /// Nobody handles a grievance about oneself.
    AboutOneself,
}

/// A permission in the hands of somebody who has it, at one office at least.
#[derive(Clone, Debug)]
pub struct Permit {
    actor: Actor,
    reach: Reach,
}

impl Permit {
    /// The permit of somebody, where the role has the permission at all.
    ///
    /// # Errors
    /// [`Denial::PermissionDenied`].
    pub fn of(actor: Actor, permission: Permission) -> Result<Self, Denial> {
        match permission.reach(actor.role) {
            Reach::Nowhere => Err(Denial::PermissionDenied),
            reach => Ok(Self { actor, reach }),
        }
    }

    /// Who holds it.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Whether it reaches to what belongs to an office.
    ///
    /// # Errors
    /// [`Denial::PermissionDenied`].
    pub fn over(&self, office: &OfficeCode) -> Result<(), Denial> {
        match self.reach {
            Reach::Everywhere => Ok(()),
            Reach::Own if self.actor.office.as_ref() == Some(office) => Ok(()),
            Reach::Own | Reach::Nowhere => Err(Denial::PermissionDenied),
        }
    }

    /// Whether it reaches everywhere.
    ///
    /// # Errors
    /// [`Denial::PermissionDenied`].
    pub fn everywhere(&self) -> Result<(), Denial> {
        match self.reach {
            Reach::Everywhere => Ok(()),
            Reach::Own | Reach::Nowhere => Err(Denial::PermissionDenied),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table as people read it: the permissions down, the roles across in the order of [`Role::ALL`].
    const TABLE: &str = "
        see_own_session      own own own own own own
        change_own_password  -   own own own own own
        edit_charter         -   -   own -   -   all
        see_absences         -   own own -   -   all
        keep_absences        -   -   own -   -   all
        see_service_requests     -   own own -   -   -
        act_on_service_requests  -   own own -   -   -
        see_grievances           -   own own own all -
        act_on_grievances        -   own own own all -
        see_grievance_reports    -   -   own own all -
        keep_blacklist           -   -   -   own -   -
        keep_webhooks        own -   -   -   -   own
        keep_calendar        -   -   -   -   -   all
        keep_accounts        -   -   -   -   -   all
        keep_clients         -   -   -   -   -   all
        keep_keys            -   -   -   -   -   all
    ";

    #[test]
    fn the_table_is_as_it_is_read() {
        let lines: Vec<Vec<&str>> = TABLE
            .lines()
            .map(|line| line.split_whitespace().collect())
            .filter(|line: &Vec<&str>| !line.is_empty())
            .collect();
        let written: Vec<Vec<&str>> = Permission::ALL
            .iter()
            .map(|permission| {
                let reach = |role| match permission.reach(role) {
                    Reach::Nowhere => "-",
                    Reach::Own => "own",
                    Reach::Everywhere => "all",
                };
                let mut line = vec![permission.as_str()];
                line.extend(Role::ALL.iter().copied().map(reach));
                line
            })
            .collect();
        assert_eq!(written, lines);
    }

    fn actor(role: Role, office: Option<&str>) -> Actor {
        Actor {
            id: Uuid::nil(),
            role,
            office: office.map(OfficeCode::from),
            officer: None,
            session: Uuid::nil(),
        }
    }

    #[test]
    fn an_officer_reaches_no_further_than_the_own_office() {
        let khulna = OfficeCode::from("doict-khulna");
        let edit = |actor| Permit::of(actor, Permission::EditCharter);
        let own = edit(actor(Role::Officer, Some("doict-khulna"))).unwrap();
        assert_eq!(own.over(&khulna), Ok(()));
        assert_eq!(own.over(&"doict-jashore".into()), Err(Denial::PermissionDenied));
        assert_eq!(own.everywhere(), Err(Denial::PermissionDenied));
        let nowhere = edit(actor(Role::Officer, None)).unwrap();
        assert_eq!(
            nowhere.over(&khulna),
            Err(Denial::PermissionDenied),
            "an officer of no office"
        );
        let all = edit(actor(Role::Administrator, None)).unwrap();
        assert_eq!((all.over(&khulna), all.everywhere()), (Ok(()), Ok(())));
        assert_eq!(
            edit(actor(Role::AppealOfficer, Some("doict-khulna"))).unwrap_err(),
            Denial::PermissionDenied
        );
    }
}
