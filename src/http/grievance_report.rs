//! The monthly report and the registers of grievances, for programs and for spreadsheets.

use actix_web::{HttpRequest, web};
use schemars::JsonSchema;
use serde::Deserialize;

use super::answer::Answer;
use super::authenticate::{May, to};
use super::csv;
use super::extract::Query;
use super::format::Format;
use super::page::{Cursor, Limit, List, RegisterEntryPage};
use super::problem::Problem;
use super::schemas::GrievanceReport;
use crate::app::App;
use crate::app::grievance::report::RegisterSearch;
use crate::domain::case::Language;
use crate::domain::contact::OfficeCode;
use crate::domain::grievance::form;
use crate::domain::grievance::report::MONTH_PATTERN;

/// Which report is asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReportQuery {
    /// The office; an officer's own one where it is not given. Required of those who look at the work of offices below.
    office: Option<OfficeCode>,
    /// The month.
    #[schemars(length(min = 7, max = 7), regex(pattern = MONTH_PATTERN), extend("examples" = ["2026-11"]))]
    month: String,
    /// The language of the CSV, in Bangla with Bangla digits; `bn` where it is not given. JSON has both languages.
    language: Option<Language>,
}

/// Which register is asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RegisterQuery {
    /// The office; an officer's own one where it is not given. Required of those who look at the work of offices below.
    office: Option<OfficeCode>,
    /// The month in which it was received.
    #[schemars(length(min = 7, max = 7), regex(pattern = MONTH_PATTERN), extend("examples" = ["2026-11"]))]
    month: String,
    /// `true`: the register of appeals; else that of grievances.
    #[schemars(extend("examples" = [false]))]
    appeals: Option<bool>,
    /// The language of the CSV, in Bangla with Bangla digits; `bn` where it is not given. JSON has both languages.
    language: Option<Language>,
    /// How many entries at most. The CSV is always whole.
    limit: Option<Limit>,
    /// Where the list goes on: `next_cursor` of the page before, with the same filters.
    cursor: Option<Cursor>,
}

/// Get a monthly report
///
/// The guideline's form গ-১ [9(ঙ)]: what was received by which medium, carried over, disposed of and is pending, grievances and
/// appeals, and what was disposed of. What was carried over and received is what was disposed of and is pending. With
/// `Accept: text/csv` it comes as a table, in Bangla with Bangla digits or in English.
#[utoipa::path(get, path = "/v1/grievance-reports", operation_id = "get_grievance_report",
    responses((status = 200, description = "The report.", body = GrievanceReport)),
    extensions(("x-media-types" = json!(["text/csv"]))))]
pub(super) async fn get_grievance_report(
    app: web::Data<App>,
    request: HttpRequest,
    May { permit, .. }: May<to::SeeGrievanceReports>,
    Query(query): Query<ReportQuery>,
) -> Result<Answer, Problem> {
    let report = app.get_grievance_report(permit, query.office, &query.month).await?;
    if Format::wanted(&request, &[Format::Csv]) == Format::Csv {
        return csv::answer(form::report(&report, query.language.unwrap_or_default()));
    }
    Ok(Answer::json(&report)?.not_kept())
}

/// List a register
///
/// The guideline's form গ-২: every grievance, or appeal, that was received in a month. With `Accept: text/csv` it comes whole as a
/// table, in Bangla with Bangla digits or in English. Those whom a grievance is about do not see who complained.
#[utoipa::path(get, path = "/v1/grievance-registers", operation_id = "list_grievance_register",
    responses((status = 200, description = "A page of the register.", body = RegisterEntryPage)),
    extensions(("x-media-types" = json!(["text/csv"]))))]
pub(super) async fn list_grievance_register(
    app: web::Data<App>,
    request: HttpRequest,
    May { permit, .. }: May<to::SeeGrievanceReports>,
    Query(query): Query<RegisterQuery>,
) -> Result<Answer, Problem> {
    let asked = RegisterSearch {
        office: query.office,
        month: query.month,
        appeals: query.appeals == Some(true),
    };
    if Format::wanted(&request, &[Format::Csv]) == Format::Csv {
        let language = query.language.unwrap_or_default();
        let entries = app.whole_grievance_register(permit, asked).await?;
        let rows = entries.iter().map(|entry| form::register_row(entry, language));
        return csv::answer([form::register_headings(language)].into_iter().chain(rows).collect());
    }
    let list = List::new(&request, &asked, query.limit, query.cursor.as_ref())?;
    let page = app.list_grievance_register(permit, asked, list.page).await?;
    list.look::<_, RegisterEntryPage>(&request, page)
}
