//! The monthly report [9(ঙ), form গ-১] and the registers [form গ-২].

use chrono::{Datelike as _, NaiveDate};
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use super::{ComplainantKind, DismissalReason, GrievanceMedium, Outcome};
use crate::domain::contact::{Email, OfficeCode, PhoneE164};
use crate::domain::text::Text;
use crate::domain::words::words;

/// The form of a month.
pub const MONTH_PATTERN: &str = "^20[0-9]{2}-(0[1-9]|1[0-2])$";

/// A month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first: NaiveDate,
    /// Its last day.
    pub last: NaiveDate,
}

impl Month {
    /// The month that is written as `2026-11`. `None` where it is none.
    pub fn read(written: &str) -> Option<Self> {
        let first: NaiveDate = format!("{written}-01").parse().ok()?;
        let (year, month) = (first.year(), first.month());
        let next = match month {
            12 => NaiveDate::from_ymd_opt(year + 1, 1, 1),
            _ => NaiveDate::from_ymd_opt(year, month + 1, 1),
        };
        Some(Self {
            first,
            last: next?.pred_opt()?,
        })
    }

    /// As it is written.
    pub fn written(self) -> String {
        self.first.format("%Y-%m").to_string()
    }
}

words! {
    /// How a stay of a grievance at a desk ended.
    Disposal {
        /// it was decided, and what was directed was done
        Decided,
        /// নথিজাত: it was filed without action
        FiledWithoutAction,
        /// the complainant took it back
        Withdrawn,
        /// it was passed on to another office, or to a level above because it is about whoever handles it
        PassedOn,
    }
}

/// A stay of a grievance at a desk: from when it was received there to when it was disposed of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    /// Whether it was received as an appeal.
    pub is_appeal: bool,
    /// How it came in.
    pub medium: GrievanceMedium,
    /// The day it was received on.
    pub received_on: NaiveDate,
    /// The day it was due on.
    pub due_on: NaiveDate,
    /// The day it was disposed of; absent while it is pending.
    pub disposed_on: Option<NaiveDate>,
}

/// The figures of a month [form গ-১]. What was carried over and what was received is what was disposed of and what is pending.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct ReportFigures {
    /// Received this month by website or application.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64), extend("examples" = [7]))]
    pub received_website: i64,
    /// Received this month by call centre.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64), extend("examples" = [1]))]
    pub received_call_centre: i64,
    /// Received this month by letter or at the front desk.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64), extend("examples" = [2]))]
    pub received_conventional: i64,
    /// Taken up this month on its own motion.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64), extend("examples" = [0]))]
    pub received_own_motion: i64,
    /// Received this month in all.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64), extend("examples" = [10]))]
    pub received: i64,
    /// Carried over from the month before.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64), extend("examples" = [4]))]
    pub carried_over: i64,
    /// Carried over and received together.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64), extend("examples" = [14]))]
    pub total: i64,
    /// Disposed of this month.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64), extend("examples" = [9]))]
    pub disposed: i64,
    /// Pending at its end, and not past the limit.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64), extend("examples" = [4]))]
    pub pending_within_limit: i64,
    /// Pending at its end, and past the limit.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64), extend("examples" = [1]))]
    pub pending_past_limit: i64,
    /// Pending at its end in all.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64), extend("examples" = [5]))]
    pub pending: i64,
    /// Disposed of × 100 / total, to two places; absent where there was nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100), extend("examples" = [64.29]))]
    pub disposal_rate: Option<f64>,
}

impl ReportFigures {
    /// Counts stays that are all alike. `as_of` is the last day that is known: the month's last, or today.
    fn count(&mut self, stay: &Stay, count: i64, month: Month, as_of: NaiveDate) {
        let disposed_before = stay.disposed_on.is_some_and(|on| on < month.first);
        if stay.received_on > month.last || disposed_before {
            return;
        }
        if stay.received_on < month.first {
            self.carried_over += count;
        } else {
            self.received += count;
            *match stay.medium {
                GrievanceMedium::Website | GrievanceMedium::MobileApp => &mut self.received_website,
                GrievanceMedium::CallCentre => &mut self.received_call_centre,
                GrievanceMedium::Conventional => &mut self.received_conventional,
                GrievanceMedium::OwnMotion => &mut self.received_own_motion,
            } += count;
        }
        if stay.disposed_on.is_some_and(|on| on <= month.last) {
            self.disposed += count;
        } else {
            self.pending += count;
            *if stay.due_on < as_of {
                &mut self.pending_past_limit
            } else {
                &mut self.pending_within_limit
            } += count;
        }
        self.total = self.carried_over + self.received;
        let rate = self.disposed as f64 * 100.0 / self.total as f64;
        self.disposal_rate = (self.total > 0).then(|| (rate * 100.0).round() / 100.0);
    }

    /// The figures of grievances and of appeals in a month, as far as they are known on a day. Each stay comes with how many
    /// there are.
    pub fn of(stays: &[(Stay, i64)], month: Month, today: NaiveDate) -> (Self, Self) {
        let as_of = month.last.min(today);
        let (mut grievances, mut appeals) = (Self::default(), Self::default());
        for (stay, count) in stays {
            let figures = if stay.is_appeal { &mut appeals } else { &mut grievances };
            figures.count(stay, *count, month, as_of);
        }
        (grievances, appeals)
    }
}

/// A grievance or an appeal that was disposed of, in the monthly report [form গ-১].
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DisposedGrievance {
    /// The id of the grievance.
    #[schemars(extend("examples" = ["01a20adc-66ff-7b8d-8a7c-0e9d8c7b6a5f"]))]
    pub id: Uuid,
    /// Whether it was received as an appeal.
    #[schemars(extend("examples" = [false]))]
    pub appeal: bool,
    /// What it is about.
    #[schemars(length(max = 200), regex(pattern = r"\S"), extend("examples" = ["সময়মতো সেবা পাইনি"]))]
    pub subject: String,
    /// The day it was received on.
    #[schemars(extend("examples" = ["2026-11-24"]))]
    pub received_on: NaiveDate,
    /// The day it was disposed of.
    #[schemars(extend("examples" = ["2026-12-10"]))]
    pub disposed_on: NaiveDate,
    /// How.
    pub disposal: Disposal,
    /// What was decided; absent where it was filed without action, passed on or withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Why it was filed without action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<DismissalReason>,
    /// The words of the decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4000), regex(pattern = r"\S"), extend("examples" = ["The service was given on 8 December."]))]
    pub summary: Option<String>,
}

/// The monthly report of an office [9(ঙ), form গ-১].
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct GrievanceReport {
    /// The code of the office.
    pub office: OfficeCode,
    /// The name of the office.
    pub name: Text,
    /// The month.
    #[schemars(length(max = 7), regex(pattern = MONTH_PATTERN), extend("examples" = ["2026-11"]))]
    pub month: String,
    /// The last day that it knows: the month's last, or today.
    #[schemars(extend("examples" = ["2026-11-30"]))]
    pub as_of: NaiveDate,
    /// The grievances.
    pub grievances: ReportFigures,
    /// The appeals, at whatever level.
    pub appeals: ReportFigures,
    /// What was disposed of, in order; the registers have everything.
    #[schemars(length(max = 1000))]
    pub disposed: Vec<DisposedGrievance>,
}

/// A line of the register of grievances or appeals [form গ-২].
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RegisterEntry {
    /// The id of the grievance.
    #[schemars(extend("examples" = ["01a20adc-66ff-7b8d-8a7c-0e9d8c7b6a5f"]))]
    pub id: Uuid,
    /// Its tracking code; absent for those whom it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 32), regex(pattern = "^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$"), extend("examples" = ["7ZK3-9QWM-04TD-XB2R"]))]
    pub tracking_code: Option<String>,
    /// The day it was received on.
    #[schemars(extend("examples" = ["2026-11-24"]))]
    pub received_on: NaiveDate,
    /// The complainant's name; absent where it is anonymous, and for those whom it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200), regex(pattern = r"\S"), extend("examples" = ["মোছাঃ রহিমা খাতুন"]))]
    pub complainant: Option<String>,
    /// The complainant's mobile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mobile: Option<PhoneE164>,
    /// The complainant's e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// How it came in.
    pub medium: GrievanceMedium,
    /// Who complains.
    pub complainant_kind: ComplainantKind,
    /// What the service is called that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<Text>,
    /// What it is about.
    #[schemars(length(max = 200), regex(pattern = r"\S"), extend("examples" = ["সময়মতো সেবা পাইনি"]))]
    pub subject: String,
    /// Why it came to this.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2000), regex(pattern = r"\S"), extend("examples" = ["জনবলের স্বল্পতা"]))]
    pub root_cause: Option<String>,
    /// The day it was disposed of; absent while it is pending.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["2026-12-10"]))]
    pub disposed_on: Option<NaiveDate>,
    /// How it was disposed of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disposal: Option<Disposal>,
    /// What was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// The words of the decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4000), regex(pattern = r"\S"), extend("examples" = ["The service was given on 8 December."]))]
    pub decision: Option<String>,
    /// What is to be done so that it does not come to this again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2000), regex(pattern = r"\S"), extend("examples" = ["আবেদন গ্রহণের দিনই দায়িত্ব বণ্টন"]))]
    pub advice: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Days;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_month_has_its_days() {
        let february = Month::read("2028-02").unwrap();
        assert_eq!((february.first, february.last), (day("2028-02-01"), day("2028-02-29")));
        let december = Month::read("2026-12").unwrap();
        assert_eq!(
            (december.last, december.written()),
            (day("2026-12-31"), "2026-12".to_owned())
        );
        for none in ["2026-13", "2026-1-1", "26", "", "2026-11-01"] {
            assert_eq!(Month::read(none), None, "{none}");
        }
    }

    #[test]
    fn each_stay_is_counted_where_it_belongs() {
        let stay = |received: &str, disposed: Option<&str>, due: &str| Stay {
            is_appeal: false,
            medium: GrievanceMedium::MobileApp,
            received_on: day(received),
            due_on: day(due),
            disposed_on: disposed.map(day),
        };
        let month = Month::read("2026-11").unwrap();
        let stays = [
            (stay("2026-09-01", Some("2026-10-31"), "2026-10-20"), 5),
            (stay("2026-10-31", Some("2026-11-01"), "2026-12-01"), 1),
            (stay("2026-11-01", Some("2026-11-30"), "2026-12-01"), 2),
            (stay("2026-11-30", None, "2026-12-20"), 3),
            (stay("2026-10-01", Some("2026-12-01"), "2026-11-10"), 4),
            (stay("2026-12-01", None, "2026-12-20"), 6),
        ];
        let (grievances, appeals) = ReportFigures::of(&stays, month, day("2027-01-15"));
        assert_eq!(
            grievances,
            ReportFigures {
                received_website: 5,
                received: 5,
                carried_over: 5,
                total: 10,
                disposed: 3,
                pending_within_limit: 3,
                pending_past_limit: 4,
                pending: 7,
                disposal_rate: Some(30.0),
                ..ReportFigures::default()
            }
        );
        assert_eq!(appeals, ReportFigures::default());
    }

    #[test]
    fn what_is_due_today_is_not_late_and_each_way_in_has_its_figure() {
        let stay = |medium, due: &str| Stay {
            is_appeal: true,
            medium,
            received_on: day("2026-11-02"),
            due_on: day(due),
            disposed_on: None,
        };
        let stays = [
            (stay(GrievanceMedium::Website, "2026-11-20"), 1),
            (stay(GrievanceMedium::MobileApp, "2026-11-20"), 2),
            (stay(GrievanceMedium::CallCentre, "2026-11-19"), 4),
            (stay(GrievanceMedium::Conventional, "2026-11-21"), 8),
            (stay(GrievanceMedium::OwnMotion, "2026-11-19"), 16),
        ];
        let month = Month::read("2026-11").unwrap();
        let (_, appeals) = ReportFigures::of(&stays, month, day("2026-11-20"));
        assert_eq!(
            appeals,
            ReportFigures {
                received_website: 3,
                received_call_centre: 4,
                received_conventional: 8,
                received_own_motion: 16,
                received: 31,
                total: 31,
                pending_within_limit: 11,
                pending_past_limit: 20,
                pending: 31,
                disposal_rate: Some(0.0),
                ..ReportFigures::default()
            }
        );
    }

    fn stays() -> impl Strategy<Value = Vec<(Stay, i64)>> {
        let stay = (
            any::<bool>(),
            0..5_usize,
            0..400_u64,
            0..90_u64,
            proptest::option::of(0..200_u64),
            1..9_i64,
        );
        let made = stay.prop_map(|(is_appeal, medium, received, limit, took, count)| {
            let received_on = day("2026-01-01") + Days::new(received);
            let stay = Stay {
                is_appeal,
                medium: GrievanceMedium::ALL[medium],
                received_on,
                due_on: received_on + Days::new(limit),
                disposed_on: took.map(|took| received_on + Days::new(took)),
            };
            (stay, count)
        });
        proptest::collection::vec(made, 0..60)
    }

    proptest! {
        /// What comes in is disposed of or pending, in every month, and what is pending at the end of one is carried over into
        /// the next.
        #[test]
        fn the_figures_add_up(stays in stays(), today in 0..500_u64) {
            let today = day("2026-01-01") + Days::new(today);
            let mut before: Option<[i64; 2]> = None;
            for number in 1..=12 {
                let month = Month::read(&format!("2026-{number:02}")).unwrap();
                let (grievances, appeals) = ReportFigures::of(&stays, month, today);
                for figures in [&grievances, &appeals] {
                    prop_assert_eq!(figures.carried_over + figures.received, figures.disposed + figures.pending);
                    prop_assert_eq!(figures.total, figures.carried_over + figures.received);
                    prop_assert_eq!(figures.pending, figures.pending_within_limit + figures.pending_past_limit);
                    let media = figures.received_website + figures.received_call_centre + figures.received_conventional
                        + figures.received_own_motion;
                    prop_assert_eq!(figures.received, media);
                    prop_assert!(figures.disposal_rate.is_none_or(|rate| (0.0..=100.0).contains(&rate)));
                }
                let carried = [grievances.carried_over, appeals.carried_over];
                prop_assert!(before.is_none_or(|pending| pending == carried));
                before = Some([grievances.pending, appeals.pending]);
            }
        }
    }
}
