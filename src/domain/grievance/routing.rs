//! At which level a grievance begins: nobody judges a grievance about oneself.

use uuid::Uuid;

use super::AboutHandler;
use crate::domain::grievance_level::CharterGrievanceLevel;

/// Whom a grievance is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The officers of the charter: the one who is named, and the one who answers for the service.
    pub officers: Vec<Uuid>,
    /// The one who is named by the role of redressing grievances.
    pub handler: Option<AboutHandler>,
}

impl About {
    /// Whether it is about whoever handles grievances at a level.
    fn is_about_handler_of(&self, level: &CharterGrievanceLevel) -> bool {
        self.handler.is_some_and(|handler| handler.level() == level.level)
            || level.handler.officer_id.is_some_and(|id| self.officers.contains(&id))
    }
}

/// The level at which a grievance begins [7.1, 7.1.1]: the first one of the charter, unless it is about the handler of a
/// level; then the one behind that. A charter that ends there leaves it at its last one. `None` where the charter describes
/// no levels.
pub fn first_level(levels: &[CharterGrievanceLevel], about: &About) -> Option<i32> {
    let conflict = levels.iter().filter(|level| about.is_about_handler_of(level));
    let beyond = conflict.map(|level| level.level).max().unwrap_or(0);
    let numbers = || levels.iter().map(|level| level.level);
    numbers().filter(|level| *level > beyond).min().or(numbers().max())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::charter::Charter;

    fn khulna() -> Charter {
        let document = serde_json::from_str(include_str!("../../../charters/doict-khulna.json")).unwrap();
        Charter::read(document).unwrap()
    }

    #[test]
    fn in_khulna_every_service_is_the_redress_officers_own() {
        let charter = khulna();
        for service in &charter.services {
            let about = About {
                officers: vec![service.responsible_officer.id],
                handler: None,
            };
            assert_eq!(
                first_level(&charter.grievance_levels, &about),
                Some(2),
                "{}",
                service.name.en
            );
        }
        assert_eq!(charter.services.len(), 26);
    }

    #[test]
    fn nobody_judges_oneself() {
        let charter = khulna();
        let begins = |officers: &[usize], handler| {
            let about = About {
                officers: officers.iter().map(|i| charter.officers[*i].id).collect(),
                handler,
            };
            first_level(&charter.grievance_levels, &about)
        };
        assert_eq!(begins(&[], None), Some(1), "the office or the procedure");
        assert_eq!(begins(&[1], None), Some(1), "another officer");
        assert_eq!(begins(&[0], None), Some(2), "the GRO by name");
        assert_eq!(begins(&[], Some(AboutHandler::GrievanceRedressOfficer)), Some(2));
        assert_eq!(begins(&[], Some(AboutHandler::AppealOfficer)), Some(3));
        assert_eq!(begins(&[0], Some(AboutHandler::AppealOfficer)), Some(3));
        let two = &charter.grievance_levels[..2];
        let about = About {
            officers: Vec::new(),
            handler: Some(AboutHandler::AppealOfficer),
        };
        assert_eq!(first_level(two, &about), Some(2), "there is no level behind it");
        assert_eq!(first_level(&[], &about), None);
    }
}
