//! How the promises of an office were kept.

use chrono::{Days, NaiveDate};

use super::grievance::untold_since;
use super::{App, Error};
use crate::domain::calendar::{dhaka_day, span_faults};
use crate::domain::contact::OfficeCode;
use crate::domain::grievance::statistics as redress;
use crate::domain::service_request::statistics::{self, Statistics};
use crate::store::{grievance_stay, office, statistics as store};

/// How many days there are before the last one where no first day is asked for.
const DEFAULT_DAYS: u64 = 29;

impl App {
    /// The statistics of an office over a span of days: up to today where no last day is given, 30 days where no first
    /// one is.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the office publishes no charter; [`Error::InvalidParameter`] for a span that is reversed,
    /// longer than 366 days or outside the years 2000 to 2100; [`Error::Store`].
    pub async fn get_statistics(
        &self,
        code: OfficeCode,
        from: Option<NaiveDate>,
        to: Option<NaiveDate>,
    ) -> Result<Statistics, Error> {
        let today = dhaka_day(self.now());
        let to = to.unwrap_or(today);
        let from = from
            .or_else(|| to.checked_sub_days(Days::new(DEFAULT_DAYS)))
            .unwrap_or(to);
        let faults = span_faults(from, to);
        if !faults.is_empty() {
            return Err(Error::InvalidParameter(faults));
        }
        self.store
            .read(move |connection| {
                office::get(code.as_str(), connection)?.ok_or(Error::NotFound("office"))?;
                let tallies = store::tallies(code.as_str(), (from, to), today, connection)?;
                let stays = grievance_stay::about(code.as_str(), (from, to.max(today)), connection)?;
                let untold = store::untold(code.as_str(), untold_since(today, connection)?, connection)?;
                let grievances = redress::told(&stays, (from, to), today, untold);
                Ok(statistics::told(code, (from, to), tallies, grievances))
            })
            .await
    }
}
