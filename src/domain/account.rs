//! Accounts: the people who sign in.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::contact::{Email, OfficeCode};
use super::fault::Fault;
use super::permission::Role;
use super::secret::Password;

/// The role of an account: every role but that of systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccountRole {
    /// বিকল্প দায়িত্বপ্রাপ্ত কর্মকর্তা: stands in for the responsible officer
    AlternateOfficer,
    /// দায়িত্বপ্রাপ্ত কর্মকর্তা: answers for services of the office
    Officer,
    /// আপিল কর্মকর্তা: hears the appeals from the offices below
    AppealOfficer,
    /// অভিযোগ ব্যবস্থাপনা সেল: an officer of the Grievance Management Cell
    CellOfficer,
    /// keeps the deployment: offices, calendar, accounts, clients and keys
    Administrator,
}

impl From<AccountRole> for Role {
    fn from(role: AccountRole) -> Self {
        match role {
            AccountRole::AlternateOfficer => Self::AlternateOfficer,
            AccountRole::Officer => Self::Officer,
            AccountRole::AppealOfficer => Self::AppealOfficer,
            AccountRole::CellOfficer => Self::CellOfficer,
            AccountRole::Administrator => Self::Administrator,
        }
    }
}

/// A new account.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccountInput {
    /// The e-mail address to sign in with; upper and lower case are alike.
    pub email: Email,
    /// The password to sign in with.
    pub password: Password,
    /// In which role.
    pub role: AccountRole,
    /// The code of the office; required for officers, alternate officers and appeal officers, and for nobody else.
    pub office: Option<OfficeCode>,
    /// The officer of the office's charter whose account it is.
    #[schemars(extend("examples" = ["01a20ada-2c00-728e-bfe3-ce9bc0aefe0b"]))]
    pub officer: Option<Uuid>,
}

impl AccountInput {
    /// What the schema cannot say: only some roles have an office, and those have to.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let role = Role::from(self.role);
        match (&self.office, role.is_of_an_office()) {
            (None, true) => faults.push(Fault::new("/office", "required", "is required for this role")),
            (Some(_), false) => faults.push(Fault::new("/office", "not_allowed", "has no meaning for this role")),
            _ => {}
        }
        if self.officer.is_some() && !matches!(role, Role::Officer | Role::AlternateOfficer) {
            faults.push(Fault::new("/officer", "not_allowed", "has no meaning for this role"));
        }
        faults
    }
}

/// Somebody's account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Account {
    /// Identifies the account.
    #[schemars(extend("examples" = ["01a20adc-11aa-7c3e-8b2d-5f4e3d2c1b0a"]))]
    pub id: Uuid,
    /// The e-mail address to sign in with, in lower case.
    pub email: Email,
    /// In which role.
    pub role: AccountRole,
    /// The code of the office, where the role has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<OfficeCode>,
    /// The officer of the office's charter whose account it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["01a20ada-2c00-728e-bfe3-ce9bc0aefe0b"]))]
    pub officer: Option<Uuid>,
    /// Whether it may not sign in.
    #[schemars(extend("examples" = [false]))]
    pub disabled: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A new password for somebody else's account.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordInput {
    /// The new password.
    pub password: Password,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::in_short;

    fn faults(role: AccountRole, office: Option<&str>, officer: Option<Uuid>) -> Vec<String> {
        let input = AccountInput {
            email: "somebody@example.org".into(),
            password: "a long password".into(),
            role,
            office: office.map(OfficeCode::from),
            officer,
        };
        in_short(input.faults())
    }

    #[test]
    fn a_role_has_an_office_or_has_none() {
        let none: [&str; 0] = [];
        assert_eq!(
            faults(AccountRole::Officer, Some("doict-khulna"), Some(Uuid::nil())),
            none
        );
        assert_eq!(faults(AccountRole::Officer, None, None), ["/office required"]);
        assert_eq!(faults(AccountRole::AppealOfficer, None, None), ["/office required"]);
        assert_eq!(faults(AccountRole::Administrator, None, None), none);
        assert_eq!(
            faults(AccountRole::CellOfficer, Some("doict-khulna"), Some(Uuid::nil())),
            ["/office not_allowed", "/officer not_allowed"]
        );
    }
}
