//! The working calendar.

use actix_web::{HttpResponse, web};
use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{About, Answer};
use super::authenticate::{May, to};
use super::body::{Body, Condition};
use super::extract::{DayPath, NoQuery, Path, Query, YearPath};
use super::problem::Problem;
use super::schemas::{CalendarDay, DeclaredYear};
use super::written::{Written, nothing};
use crate::app::App;
use crate::domain::calendar::{DAY_PATTERN, DeclaredDayInput};

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
    let answer = Answer::json(&CalendarSpan {
        from: span.from,
        to: span.to,
        complete: span.complete,
        items: span.days,
    })?;
    // without a first day it begins today
    Ok(match query.from {
        Some(_) => answer.about(About::Anything),
        None => answer,
    })
}

/// Get a year of the calendar
///
/// The days of a year that are not what their weekday says, and whether all of them are recorded.
#[utoipa::path(get, path = "/v1/calendar/years/{year}", operation_id = "get_calendar_year",
    responses((status = 200, description = "The year.", body = DeclaredYear)))]
pub(super) async fn get_calendar_year(
    app: web::Data<App>,
    Path(path): Path<YearPath>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Answer, Problem> {
    Ok(Answer::json(&app.get_calendar_year(path.year).await?)?.about(About::Anything))
}

/// Replace a year of the calendar
///
/// Enters the gazette of a year whole: these days are declared from now on, and no others of the year. `If-Match` names the
/// state that is replaced; a year of which nothing is recorded is entered with `If-None-Match: *`.
#[utoipa::path(put, path = "/v1/calendar/years/{year}", operation_id = "replace_calendar_year",
    responses(
        (status = 200, description = "The year as it is from now on.", body = DeclaredYear),
        (status = 201, description = "The year, of which nothing was recorded before.", body = DeclaredYear),
    ))]
pub(super) async fn replace_calendar_year(
    app: web::Data<App>,
    May { permit, .. }: May<to::KeepCalendar>,
    Path(path): Path<YearPath>,
    Query(NoQuery {}): Query<NoQuery>,
    Condition(condition): Condition,
    body: Body<DeclaredYear>,
) -> Result<Written, Problem> {
    let (year, created) = app
        .replace_calendar_year(permit, path.year, condition, body.value)
        .await?;
    Written::put(&year, None, created)
}

/// Get a day of the calendar
///
/// What one day is: working, weekend or holiday, and why.
#[utoipa::path(get, path = "/v1/calendar/days/{date}", operation_id = "get_calendar_day",
    responses((status = 200, description = "The day.", body = CalendarDay)))]
pub(super) async fn get_calendar_day(
    app: web::Data<App>,
    Path(path): Path<DayPath>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Answer, Problem> {
    Ok(Answer::json(&app.get_calendar_day(path.date).await?)?.about(About::Anything))
}

/// Replace a day of the calendar
///
/// Declares a day a holiday or, on a weekend, a working day: by an executive order, say. `If-Match` names the state of the day
/// that is replaced.
#[utoipa::path(put, path = "/v1/calendar/days/{date}", operation_id = "replace_calendar_day",
    responses((status = 200, description = "The day as it is from now on.", body = CalendarDay)))]
pub(super) async fn replace_calendar_day(
    app: web::Data<App>,
    May { permit, .. }: May<to::KeepCalendar>,
    Path(path): Path<DayPath>,
    Query(NoQuery {}): Query<NoQuery>,
    Condition(condition): Condition,
    body: Body<DeclaredDayInput>,
) -> Result<Written, Problem> {
    let declared = Some(body.value);
    Written::changed(&app.declare_calendar_day(permit, path.date, condition, declared).await?)
}

/// Delete a declaration of a day
///
/// Takes back what the day was declared to be: it is again what its weekday says. `If-Match` names the state of the day.
#[utoipa::path(delete, path = "/v1/calendar/days/{date}", operation_id = "delete_calendar_day",
    responses((status = 204, description = "The day is what its weekday says.")))]
pub(super) async fn delete_calendar_day(
    app: web::Data<App>,
    May { permit, .. }: May<to::KeepCalendar>,
    Path(path): Path<DayPath>,
    Query(NoQuery {}): Query<NoQuery>,
    Condition(condition): Condition,
) -> Result<HttpResponse, Problem> {
    app.declare_calendar_day(permit, path.date, condition, None).await?;
    Ok(nothing())
}
