//! Those who complained, in a table of their own: an anonymous grievance has no row there.

use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use crate::domain::grievance::KeptComplainant;
use crate::domain::personal_data::Sealed;
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
    relation: String,
    served_name: Option<String>,
    personal: String,
    personal_key: String,
}

impl ComplainantRow {
    pub(super) fn of(grievance: Uuid, complainant: &KeptComplainant) -> Self {
        Self {
            grievance_id: grievance.to_string(),
            name: complainant.name.clone(),
            identity_kind: complainant.identity_kind.as_str().to_owned(),
            relation: complainant.relation.as_str().to_owned(),
            served_name: complainant.served_name.clone(),
            personal: complainant.personal.text.clone(),
            personal_key: complainant.personal.key.clone(),
        }
    }

    pub(super) fn complainant(self) -> Result<KeptComplainant, Error> {
        Ok(KeptComplainant {
            name: self.name,
            identity_kind: named(&self.identity_kind)?,
            relation: named(&self.relation)?,
            served_name: self.served_name,
            personal: Sealed {
                key: self.personal_key,
                text: self.personal,
            },
        })
    }
}

/// Those who complained in grievances, by the id of the grievance.
pub(in crate::store) fn complainants(
    ids: Vec<String>,
    connection: &mut AnyConnection,
) -> Result<HashMap<String, KeptComplainant>, Error> {
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
