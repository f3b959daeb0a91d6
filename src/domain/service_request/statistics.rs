//! How an office kept its promises: counts and working days, without pointing to a person.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use crate::domain::contact::OfficeCode;
use crate::domain::grievance::statistics::GrievanceStatistics;
use crate::domain::text::Text;

/// Below this many a figure could point to a person.
const FEW: i64 = 5;

/// What was counted of one service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Filed within the span.
    pub received: i64,
    /// Completed within the span.
    pub completed: i64,
    /// Rejected within the span.
    pub rejected: i64,
    /// Withdrawn within the span.
    pub withdrawn: i64,
    /// Open now, and not past the limit.
    pub pending_within_limit: i64,
    /// Open now, and past the limit.
    pub pending_past_limit: i64,
    /// Decided within the span, with a day by which they were due.
    pub promised: i64,
    /// Of these, decided by that day.
    pub on_time: i64,
    /// How many were completed in so many working days, by the days.
    pub working_days: Vec<(i32, i64)>,
    /// How many gave a rating.
    pub ratings: i64,
    /// The sum of the ratings.
    pub rating_sum: i64,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.received += other.received;
        self.completed += other.completed;
        self.rejected += other.rejected;
        self.withdrawn += other.withdrawn;
        self.pending_within_limit += other.pending_within_limit;
        self.pending_past_limit += other.pending_past_limit;
        self.promised += other.promised;
        self.on_time += other.on_time;
        self.ratings += other.ratings;
        self.rating_sum += other.rating_sum;
        self.working_days.extend_from_slice(&other.working_days);
    }

    /// How many requests its figures are about.
    fn size(&self) -> i64 {
        let decided = self.completed + self.rejected + self.withdrawn;
        self.received
            .max(decided + self.pending_within_limit + self.pending_past_limit)
    }

    /// The least number of working days within which a part of the completed ones was done.
    fn percentile(&self, part: f64) -> Option<i32> {
        let total: i64 = self.working_days.iter().map(|(_, count)| count).sum();
        if total < FEW {
            return None;
        }
        let mut by_days = self.working_days.clone();
        by_days.sort_unstable();
        // the nearest rank
        let rank = (part * total as f64).ceil() as i64;
        let mut seen = 0;
        by_days.into_iter().find_map(|(days, count)| {
            seen += count;
            (seen >= rank).then_some(days)
        })
    }

    fn figures(&self) -> Figures {
        let rate = |part: i64, of: i64| (of >= FEW).then(|| round(part as f64 / of as f64, 1000.0));
        Figures {
            received: self.received,
            completed: self.completed,
            rejected: self.rejected,
            withdrawn: self.withdrawn,
            pending_within_limit: self.pending_within_limit,
            pending_past_limit: self.pending_past_limit,
            on_time_rate: rate(self.on_time, self.promised),
            median_working_days: self.percentile(0.5),
            p90_working_days: self.percentile(0.9),
            satisfaction: (self.ratings >= FEW).then(|| round(self.rating_sum as f64 / self.ratings as f64, 100.0)),
        }
    }
}

fn round(value: f64, to: f64) -> f64 {
    (value * to).round() / to
}

/// What can be said without pointing to a person.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Figures {
    /// Filed within the span.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64), extend("examples" = [120]))]
    pub received: i64,
    /// Completed within the span.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64), extend("examples" = [100]))]
    pub completed: i64,
    /// Rejected within the span.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64), extend("examples" = [8]))]
    pub rejected: i64,
    /// Withdrawn within the span.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64), extend("examples" = [2]))]
    pub withdrawn: i64,
    /// Open at the moment of asking, and not past the limit.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64), extend("examples" = [9]))]
    pub pending_within_limit: i64,
    /// Open at the moment of asking, and past the limit.
    #[schemars(range(min = 0, max = 9_007_199_254_740_991_i64), extend("examples" = [1]))]
    pub pending_past_limit: i64,
    /// The part of those decided within the span that was decided by the due day, from 0 to 1. Absent below 5 of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 1), extend("examples" = [0.963]))]
    pub on_time_rate: Option<f64>,
    /// The working days within which half of the completed ones were done, without those for which the clock stood.
    /// Absent below 5 of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100_000), extend("examples" = [2]))]
    pub median_working_days: Option<i32>,
    /// The same for nine of ten.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 100_000), extend("examples" = [4]))]
    pub p90_working_days: Option<i32>,
    /// How the applicants rated the service, from 1 to 5 on average. Absent below 5 ratings.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 5), extend("examples" = [4.6]))]
    pub satisfaction: Option<f64>,
}

/// The figures of one service.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ServiceStatistics {
    /// The service.
    #[schemars(extend("examples" = ["01a20ada-2c02-7403-8776-ea055f760188"]))]
    pub service_id: Uuid,
    /// What it is called.
    pub name: Text,
    /// What can be said of it; absent where it is about so few that it could point to a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub figures: Option<Figures>,
}

/// How the promises of an office were kept.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Statistics {
    /// The code of the office.
    pub office: OfficeCode,
    /// The first day in Dhaka.
    #[schemars(extend("examples" = ["2026-11-01"]))]
    pub from: NaiveDate,
    /// The last day in Dhaka.
    #[schemars(extend("examples" = ["2026-11-30"]))]
    pub to: NaiveDate,
    /// Everything together; absent where it is about so few that it could point to a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<Figures>,
    /// How grievances about the office were redressed; absent where there are so few that it could point to a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grievances: Option<GrievanceStatistics>,
    /// The services for which something was filed, open or decided.
    #[schemars(length(max = 1000))]
    pub services: Vec<ServiceStatistics>,
}

/// Puts together what may be told. A service of which there are fewer than five is withheld, and where only one is, the
/// next smallest with it: it could be had by subtraction from the total.
pub fn told(
    office: OfficeCode,
    (from, to): (NaiveDate, NaiveDate),
    services: Vec<(Uuid, Text, Tally)>,
    grievances: Option<GrievanceStatistics>,
) -> Statistics {
    let mut total = Tally::default();
    for (.., tally) in &services {
        total.add(tally);
    }
    let mut sizes: Vec<(i64, usize)> = services
        .iter()
        .enumerate()
        .map(|(i, (.., tally))| (tally.size(), i))
        .collect();
    sizes.sort_unstable();
    let few = sizes.iter().filter(|(size, _)| *size < FEW).count();
    let withheld: Vec<usize> = sizes
        .into_iter()
        .take(if few == 1 { 2 } else { few })
        .map(|(_, i)| i)
        .collect();
    Statistics {
        office,
        from,
        to,
        total: (total.size() >= FEW).then(|| total.figures()),
        grievances,
        services: services
            .into_iter()
            .enumerate()
            .map(|(i, (service_id, name, tally))| ServiceStatistics {
                service_id,
                name,
                figures: (!withheld.contains(&i)).then(|| tally.figures()),
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(received: i64, working_days: &[(i32, i64)]) -> (Uuid, Text, Tally) {
        let completed = working_days.iter().map(|(_, count)| count).sum();
        let tally = Tally {
            received,
            completed,
            promised: completed,
            on_time: completed - 1,
            working_days: working_days.to_vec(),
            ratings: 5,
            rating_sum: 23,
            ..Tally::default()
        };
        (Uuid::now_v7(), Text::new("সেবা", "Service"), tally)
    }

    fn span() -> (NaiveDate, NaiveDate) {
        ("2026-11-01".parse().unwrap(), "2026-11-30".parse().unwrap())
    }

    #[test]
    fn the_figures_are_what_was_counted() {
        let told = told(
            "doict-khulna".into(),
            span(),
            vec![of(12, &[(1, 5), (2, 4), (9, 1)])],
            None,
        );
        let figures = told.services[0].figures.clone().unwrap();
        assert_eq!(
            (figures.median_working_days, figures.p90_working_days),
            (Some(1), Some(2))
        );
        assert_eq!((figures.on_time_rate, figures.satisfaction), (Some(0.9), Some(4.6)));
        assert_eq!(told.total, Some(figures));
    }

    #[test]
    fn what_could_point_to_a_person_is_withheld() {
        let shown = |services: Vec<(Uuid, Text, Tally)>| -> Vec<bool> {
            let told = told("doict-khulna".into(), span(), services, None);
            told.services.iter().map(|service| service.figures.is_some()).collect()
        };
        assert_eq!(
            shown(vec![of(4, &[]), of(20, &[]), of(9, &[])]),
            [false, true, false],
            "one more, against subtraction"
        );
        assert_eq!(shown(vec![of(4, &[]), of(3, &[]), of(9, &[])]), [false, false, true]);
        assert_eq!(shown(vec![of(5, &[]), of(9, &[])]), [true, true]);
        let few = told("doict-khulna".into(), span(), vec![of(4, &[(1, 2)])], None);
        assert_eq!((few.total, &few.services[0].figures), (None, &None));
        let six = told("doict-khulna".into(), span(), vec![of(6, &[(1, 4)])], None)
            .total
            .unwrap();
        assert_eq!(
            (six.median_working_days, six.on_time_rate),
            (None, None),
            "four completed ones are too few"
        );
    }

    #[test]
    fn the_total_is_the_sum_of_the_services() {
        let tally = |by: i64| Tally {
            received: 10 * by,
            completed: 11 * by,
            rejected: 12 * by,
            withdrawn: 13 * by,
            pending_within_limit: 14 * by,
            pending_past_limit: 15 * by,
            promised: 20 * by,
            on_time: 10 * by,
            working_days: vec![(i32::try_from(by).unwrap(), 3)],
            ratings: 5 * by,
            rating_sum: 20 * by,
        };
        let service = |by| (Uuid::now_v7(), Text::new("সেবা", "Service"), tally(by));
        let told = told("doict-khulna".into(), span(), vec![service(1), service(2)], None);
        let total = told.total.unwrap();
        let counted = Figures {
            received: 30,
            completed: 33,
            rejected: 36,
            withdrawn: 39,
            pending_within_limit: 42,
            pending_past_limit: 45,
            on_time_rate: Some(0.5),
            median_working_days: Some(1),
            p90_working_days: Some(2),
            satisfaction: Some(4.0),
        };
        assert_eq!(total, counted);
        assert_eq!(
            told.services[0].figures.as_ref().unwrap().median_working_days,
            None,
            "three are too few"
        );
    }

    #[test]
    fn a_service_is_as_large_as_what_is_known_of_it() {
        let size = |change: fn(&mut Tally)| {
            let mut tally = Tally::default();
            change(&mut tally);
            tally.size()
        };
        assert_eq!(size(|tally| tally.received = 6), 6);
        let all = size(|tally| {
            tally.received = 14;
            (tally.completed, tally.rejected, tally.withdrawn) = (1, 2, 3);
            (tally.pending_within_limit, tally.pending_past_limit) = (4, 5);
        });
        assert_eq!(all, 15);
        let few = |size| {
            told("doict-khulna".into(), span(), vec![of(size, &[])], None)
                .total
                .is_none()
        };
        assert!(few(4) && !few(5));
    }

    #[test]
    fn five_are_enough_for_a_figure() {
        let figures = |count| {
            let mut tally = of(20, &[(3, count)]).2;
            (tally.ratings, tally.rating_sum) = (count, 4 * count);
            tally.figures()
        };
        let (four, five) = (figures(4), figures(5));
        assert_eq!(
            (four.on_time_rate, four.median_working_days, four.satisfaction),
            (None, None, None)
        );
        assert_eq!(
            (five.on_time_rate, five.median_working_days, five.satisfaction),
            (Some(0.8), Some(3), Some(4.0))
        );
    }
}
