//! Those who complained, in a table of their own: an anonymous grievance has no row there.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use crate::domain::contact::Email;
use crate::domain::grievance::{Complainant, Identity};
use crate::store::connection::{AnyConnection, Backend};
use crate::store::error::Error;
use crate::store::schema::grievance_complainants;
use crate::store::texts::named;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = grievance_complainants, check_for_backend(Backend))]
pub(super) struct ComplainantRow {
    grievance_id: String,
    name: String,
    identity_kind: String,
    identity_number: String,
    permanent_address: String,
    present_address: String,
    mobile: String,
    email: Option<String>,
    relation: String,
    served_name: Option<String>,
}

impl ComplainantRow {
    pub(super) fn of(grievance: Uuid, complainant: &Complainant) -> Self {
        Self {
            grievance_id: grievance.to_string(),
            name: complainant.name.clone(),
            identity_kind: complainant.identity.kind.as_str().to_owned(),
            identity_number: complainant.identity.number.clone(),
            permanent_address: complainant.permanent_address.clone(),
            present_address: complainant.present_address.clone(),
            mobile: complainant.mobile.to_string(),
            email: complainant.email.as_ref().map(Email::to_string),
            relation: complainant.relation.as_str().to_owned(),
            served_name: complainant.served_name.clone(),
        }
    }

    pub(super) fn complainant(self) -> Result<Complainant, Error> {
        Ok(Complainant {
            name: self.name,
            identity: Identity {
                kind: named(&self.identity_kind)?,
                number: self.identity_number,
            },
            permanent_address: self.permanent_address,
            present_address: self.present_address,
            mobile: self.mobile.into(),
            email: self.email.map(Email::from),
            relation: named(&self.relation)?,
            served_name: self.served_name,
        })
    }
}

/// Those who complained in grievances, by the id of the grievance.
pub(in crate::store) fn complainants(
    ids: Vec<String>,
    connection: &mut AnyConnection,
) -> Result<HashMap<String, Complainant>, Error> {
    let rows: Vec<ComplainantRow> = grievance_complainants::table
        .filter(grievance_complainants::grievance_id.eq_any(ids))
        .select(ComplainantRow::as_select())
        .load(connection)?;
    let named = rows.into_iter().map(|row| {
        let grievance = row.grievance_id.clone();
        Ok((grievance, row.complainant()?))
    });
    named.collect()
}
