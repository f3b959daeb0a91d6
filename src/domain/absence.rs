//! Absences: the days on which an alternate officer stands in for the responsible one.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::calendar::{DAY_PATTERN, range_fault};
use super::fault::Fault;
use super::words::words;

words! {
    /// Why the alternate officer stands in.
    AbsenceKind {
        /// the officer is away
        Absence,
        /// nobody holds the post
        Vacancy,
        /// the officer has handed the duties over
        HandOver,
    }
}

/// An absence as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AbsenceInput {
    /// Why the alternate officer stands in.
    pub kind: AbsenceKind,
    /// The first day in Dhaka.
    #[schemars(extend("pattern" = DAY_PATTERN, "examples" = ["2026-12-01"]))]
    pub from: NaiveDate,
    /// The last day in Dhaka; until further notice where it is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = DAY_PATTERN, "examples" = ["2026-12-10"]))]
    pub to: Option<NaiveDate>,
}

impl AbsenceInput {
    /// What the schema cannot say.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults: Vec<Fault> = range_fault(self.from, "/from").into_iter().collect();
        if let Some(to) = self.to {
            faults.extend(range_fault(to, "/to"));
            if to < self.from {
                faults.push(Fault::new("/to", "out_of_range", "must not lie before `from`"));
            }
        }
        faults
    }

    /// Whether it holds on a day.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// The days on which an officer's alternate stands in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Absence {
    /// Identifies the absence.
    #[schemars(extend("examples" = ["01a20adc-3b1e-7d4c-9f2a-8e6d5c4b3a21"]))]
    pub id: Uuid,
    /// The officer.
    #[schemars(extend("examples" = ["01a20ada-2c00-728e-bfe3-ce9bc0aefe0b"]))]
    pub officer: Uuid,
    /// Why, and on which days.
    #[serde(flatten)]
    pub absence: AbsenceInput,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Whether the alternate of an officer with these absences may act on a day: while the officer is away, the post is vacant,
/// or the duties or the case have been handed over.
pub fn is_stood_in_for(absences: &[AbsenceInput], day: NaiveDate, case_handed_over: bool) -> bool {
    case_handed_over || absences.iter().any(|absence| absence.covers(day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::in_short;

    fn absence(from: &str, to: Option<&str>) -> AbsenceInput {
        AbsenceInput {
            kind: AbsenceKind::Absence,
            from: from.parse().unwrap(),
            to: to.map(|to| to.parse().unwrap()),
        }
    }

    #[test]
    fn an_alternate_stands_in_from_the_first_day_to_the_last() {
        let leave = [absence("2026-12-01", Some("2026-12-10"))];
        let on = |day: &str| is_stood_in_for(&leave, day.parse().unwrap(), false);
        assert_eq!(
            ["2026-11-30", "2026-12-01", "2026-12-10", "2026-12-11"].map(on),
            [false, true, true, false]
        );
        assert!(
            is_stood_in_for(&leave, "2026-11-30".parse().unwrap(), true),
            "the case was handed over"
        );
        assert!(!is_stood_in_for(&[], "2026-12-01".parse().unwrap(), false));
    }

    #[test]
    fn without_a_last_day_it_goes_on() {
        let vacancy = absence("2026-12-01", None);
        assert!(vacancy.covers("2099-01-01".parse().unwrap()));
        assert!(!vacancy.covers("2026-11-30".parse().unwrap()));
        assert_eq!(vacancy.faults(), []);
    }

    #[test]
    fn it_does_not_end_before_it_begins() {
        let codes = |absence: AbsenceInput| in_short(absence.faults());
        assert_eq!(codes(absence("2026-12-02", Some("2026-12-01"))), ["/to out_of_range"]);
        let a_day = absence("2026-12-02", Some("2026-12-02"));
        assert_eq!(a_day.faults(), []);
        assert_eq!(
            codes(absence("1999-12-31", Some("2101-01-01"))),
            ["/from out_of_range", "/to out_of_range"]
        );
    }
}
