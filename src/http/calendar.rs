//! The working calendar.

use actix_web::web;
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::Answer;
use super::extract::Query;
use super::problem::Problem;
use super::schemas::CalendarDay;
use crate::app::App;
use crate::domain::calendar::DAY_PATTERN;

/// Which days are asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CalendarQuery {
    /// The first day; today in Dhaka where it is not given.
    #[schemars(extend("pattern" = DAY_PATTERN, "examples" = ["2026-12-01"]))]
    from: Option<NaiveDate>,
    /// The last day, at most 366 days in all; 30 days after the first where it is not given.
    #[schemars(extend("pattern" = DAY_PATTERN, "examples" = ["2026-12-31"]))]
    to: Option<NaiveDate>,
}

/// A stretch of the working calendar.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CalendarSpan {
    /// The first day.
    #[schema(max_length = 10, example = "2026-12-01")]
    from: NaiveDate,
    /// The last day.
    #[schema(max_length = 10, example = "2026-12-31")]
    to: NaiveDate,
    /// Whether every public holiday of the years touched is recorded. Holidays that follow the moon, and days that are
    /// declared by executive order, are entered when they are gazetted.
    #[schema(example = false)]
    complete: bool,
    /// Every day from the first to the last.
    #[schema(max_items = 366)]
    items: Vec<CalendarDay>,
}

/// Get the calendar
///
/// What each day is: working, weekend (Friday and Saturday) or holiday. A day that was declared a holiday, or a weekend
/// day that was declared working, says the occasion and its source.
#[utoipa::path(get, path = "/v1/calendar", operation_id = "get_calendar",
    responses((status = 200, description = "The days.", body = CalendarSpan)))]
pub(super) async fn get_calendar(app: web::Data<App>, Query(query): Query<CalendarQuery>) -> Result<Answer, Problem> {
    let span = app.get_calendar(query.from, query.to).await?;
    Answer::json(&CalendarSpan {
        from: span.from,
        to: span.to,
        complete: span.complete,
        items: span.days,
    })
}
