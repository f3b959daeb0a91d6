//! Upkeep: single entries of a charter that are added, changed and taken out, under the rules of the whole charter.

use uuid::Uuid;

use super::Charter;
use crate::domain::contact::OfficeCode;
use crate::domain::fault::Fault;
use crate::domain::officer::{Officer, OfficerInput};
use crate::domain::service::{CharterService, Service, ServiceInput};
use crate::domain::upazila_office::{UpazilaOffice, UpazilaOfficeInput};

/// Why an entry of a charter cannot be written or taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// What was written is faulty.
    Faults(Vec<Fault>),
    /// Other entries need it; the words say which.
    InUse(&'static str),
}

impl From<Vec<Fault>> for Refusal {
    fn from(faults: Vec<Fault>) -> Self {
        Self::Faults(faults)
    }
}

/// A kind of entry that is kept up one by one.
pub trait Entry {
    /// What somebody writes.
    type Input: Send + 'static;

    /// What one is called.
    const NOUN: &'static str;

    /// The office whose charter it is in.
    fn office(&self) -> &OfficeCode;

    /// The office that is named in what somebody writes.
    fn office_of(input: &Self::Input) -> Option<&OfficeCode>;

    /// The id that is named in what somebody writes.
    fn id_of(input: &Self::Input) -> Option<Uuid>;

    /// Adds a new entry to a charter.
    ///
    /// # Errors
    /// [`Refusal::Faults`], by pointers into the input.
    fn add(charter: &mut Charter, id: Uuid, input: Self::Input) -> Result<(), Refusal>;

    /// Puts what was written in the place of an entry.
    ///
    /// # Errors
    /// [`Refusal::Faults`], by pointers into the input.
    fn change(charter: &mut Charter, id: Uuid, input: Self::Input) -> Result<(), Refusal>;

    /// Takes an entry out of a charter.
    ///
    /// # Errors
    /// [`Refusal::InUse`].
    fn retire(charter: &mut Charter, id: Uuid) -> Result<(), Refusal>;
}

/// The faults of what cannot be chosen or changed: the id of a new entry, the id and office of another.
pub fn fixed_faults<E: Entry>(input: &E::Input, current: Option<(Uuid, &OfficeCode)>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut fault = |at: &str, code: &str, detail: &str| faults.push(Fault::new(at, code, detail));
    match current {
        None => {
            if E::id_of(input).is_some() {
                fault("/id", "read_only", "is given by the service");
            }
            if E::office_of(input).is_none() {
                fault("/office", "required", "is required");
            }
        }
        Some((id, office)) => {
            if E::id_of(input).is_some_and(|sent| sent != id) {
                fault("/id", "read_only", "never changes");
            }
            if E::office_of(input).is_some_and(|sent| sent != office) {
                fault("/office", "read_only", "never changes");
            }
        }
    }
    faults
}

/// The fault of a serial that another entry has.
fn serial_taken(taken: bool, of: &str) -> Result<(), Vec<Fault>> {
    if taken {
        let detail = format!("another {of} has this serial");
        return Err(vec![Fault::new("/serial", "duplicate", detail)]);
    }
    Ok(())
}

fn full(list: usize, most: usize, of: &str) -> Result<(), Vec<Fault>> {
    if list >= most {
        return Err(vec![Fault::new(
            "",
            "too_many",
            format!("a charter has at most {most} {of}"),
        )]);
    }
    Ok(())
}

impl Charter {
    fn serial_of_service_is_free(&self, service: &CharterService) -> Result<(), Vec<Fault>> {
        let taken = self.services.iter().any(|other| {
            other.id != service.id && (other.category, other.serial) == (service.category, service.serial)
        });
        serial_taken(taken, "service of this category")
    }

    fn serial_of_upazila_office_is_free(&self, id: Uuid, serial: i32) -> Result<(), Vec<Fault>> {
        let mut others = self.upazila_offices.iter().filter(|other| other.id != id);
        serial_taken(others.any(|other| other.serial == serial), "upazila office")
    }
}

impl Entry for Service {
    type Input = ServiceInput;

    const NOUN: &'static str = "service";

    fn office(&self) -> &OfficeCode {
        &self.office
    }

    fn office_of(input: &ServiceInput) -> Option<&OfficeCode> {
        input.office.as_ref()
    }

    fn id_of(input: &ServiceInput) -> Option<Uuid> {
        input.id
    }

    /// A new service stands behind those of its category with smaller serials.
    fn add(charter: &mut Charter, id: Uuid, input: ServiceInput) -> Result<(), Refusal> {
        full(charter.services.len(), 1000, "services")?;
        let service = input.entry(id, &charter.officers)?;
        charter.serial_of_service_is_free(&service)?;
        let before = |other: &CharterService| {
            other.category < service.category || (other.category == service.category && other.serial < service.serial)
        };
        let place = charter.services.iter().rposition(before).map_or(0, |place| place + 1);
        charter.services.insert(place, service);
        Ok(())
    }

    fn change(charter: &mut Charter, id: Uuid, input: ServiceInput) -> Result<(), Refusal> {
        let service = input.entry(id, &charter.officers)?;
        charter.serial_of_service_is_free(&service)?;
        charter
            .services
            .iter_mut()
            .filter(|other| other.id == id)
            .for_each(|other| other.clone_from(&service));
        Ok(())
    }

    fn retire(charter: &mut Charter, id: Uuid) -> Result<(), Refusal> {
        charter.services.retain(|service| service.id != id);
        Ok(())
    }
}

impl Entry for Officer {
    type Input = OfficerInput;

    const NOUN: &'static str = "officer";

    fn office(&self) -> &OfficeCode {
        &self.office
    }

    fn office_of(input: &OfficerInput) -> Option<&OfficeCode> {
        input.office.as_ref()
    }

    fn id_of(input: &OfficerInput) -> Option<Uuid> {
        input.id
    }

    fn add(charter: &mut Charter, id: Uuid, input: OfficerInput) -> Result<(), Refusal> {
        full(charter.officers.len(), 200, "officers")?;
        charter.officers.push(input.contact(id)?);
        Ok(())
    }

    /// A change of an officer shows in every service that names the officer.
    fn change(charter: &mut Charter, id: Uuid, input: OfficerInput) -> Result<(), Refusal> {
        let officer = input.contact(id)?;
        let in_services = charter
            .services
            .iter_mut()
            .flat_map(|service| [&mut service.responsible_officer, &mut service.alternate_officer]);
        in_services
            .chain(charter.officers.iter_mut())
            .filter(|other| other.id == id)
            .for_each(|other| other.clone_from(&officer));
        Ok(())
    }

    fn retire(charter: &mut Charter, id: Uuid) -> Result<(), Refusal> {
        let named =
            |service: &CharterService| service.responsible_officer.id == id || service.alternate_officer.id == id;
        if charter.services.iter().any(named) {
            return Err(Refusal::InUse(
                "Services name this officer; give them to another officer first.",
            ));
        }
        if charter
            .grievance_levels
            .iter()
            .any(|level| level.handler.officer_id == Some(id))
        {
            return Err(Refusal::InUse(
                "A grievance level names this officer; replace the charter without it first.",
            ));
        }
        charter.officers.retain(|officer| officer.id != id);
        Ok(())
    }
}

impl Entry for UpazilaOffice {
    type Input = UpazilaOfficeInput;

    const NOUN: &'static str = "upazila office";

    fn office(&self) -> &OfficeCode {
        &self.office
    }

    fn office_of(input: &UpazilaOfficeInput) -> Option<&OfficeCode> {
        input.office.as_ref()
    }

    fn id_of(input: &UpazilaOfficeInput) -> Option<Uuid> {
        input.id
    }

    fn add(charter: &mut Charter, id: Uuid, input: UpazilaOfficeInput) -> Result<(), Refusal> {
        full(charter.upazila_offices.len(), 1000, "upazila offices")?;
        charter.serial_of_upazila_office_is_free(id, input.serial)?;
        let smaller = charter
            .upazila_offices
            .iter()
            .rposition(|other| other.serial < input.serial);
        let place = smaller.map_or(0, |place| place + 1);
        charter.upazila_offices.insert(place, input.entry(id));
        Ok(())
    }

    fn change(charter: &mut Charter, id: Uuid, input: UpazilaOfficeInput) -> Result<(), Refusal> {
        charter.serial_of_upazila_office_is_free(id, input.serial)?;
        let entry = input.entry(id);
        charter
            .upazila_offices
            .iter_mut()
            .filter(|other| other.id == id)
            .for_each(|other| other.clone_from(&entry));
        Ok(())
    }

    fn retire(charter: &mut Charter, id: Uuid) -> Result<(), Refusal> {
        charter.upazila_offices.retain(|other| other.id != id);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
