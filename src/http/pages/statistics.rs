//! How the promises of an office were kept.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::Days;
use maud::{Markup, html};

use super::chart::{Bar, Part, bars, parts};
use super::layout::{both, document, heading, number, words};
use super::{Asked, PageError, office_of, page};
use crate::app::App;
use crate::domain::bangla::to_bangla_digits;
use crate::domain::calendar::dhaka_day;
use crate::domain::grievance::statistics::GrievanceStatistics;
use crate::domain::service_request::statistics::{Figures, Statistics};
use crate::domain::text::Text;
use crate::domain::wording::day;

/// The spans that are offered, in days.
const SPANS: [u64; 3] = [30, 90, 365];

pub(super) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, PageError> {
    let asked = Asked::of_query(&request);
    let days = asked.get("days").and_then(|days| days.parse().ok());
    let days = days.filter(|days| SPANS.contains(days)).unwrap_or(SPANS[0]);
    let code = office_of(&request)?;
    let office = app.get_office(code.clone()).await?;
    let from = dhaka_day(app.now()).checked_sub_days(Days::new(days - 1));
    let statistics = app.get_statistics(code.clone(), from, None).await?;
    let title = Text::new("প্রতিশ্রুতি কতটা রক্ষা হয়েছে", "How promises were kept");
    let main = html! {
        (heading(&title))
        p.parent { (both(&office.office.name)) }
        nav.spans aria-label="সময়কাল" { ul { @for span in SPANS { li {
            a href={"?days=" (span)} aria-current=[(span == days).then_some("true")] {
                (words(&to_bangla_digits(&format!("{span} দিন")), &format!("{span} days"))) }
        } } } }
        p { (both(&day(statistics.from))) " – " (both(&day(statistics.to))) }
        (shown(&statistics))
    };
    Ok(page(&request, document(Some(&code), &title, main)))
}

fn shown(statistics: &Statistics) -> Markup {
    html! {
        section aria-labelledby="requests" {
            h2 id="requests" { (words("সেবার আবেদন", "Service requests")) }
            @match &statistics.total {
                None => p { (too_few()) }
                Some(total) => {
                    (total_figures(total))
                    (services(statistics))
                }
            }
        }
        section aria-labelledby="grievances" {
            h2 id="grievances" { (words("অভিযোগ", "Grievances")) }
            @match &statistics.grievances {
                None => p { (too_few()) }
                Some(grievances) => (grievance_figures(grievances)),
            }
        }
    }
}

fn too_few() -> Markup {
    words(
        "এত কম সংখ্যক যে দেখালে কোনো ব্যক্তিকে চেনা যেতে পারে।",
        "There are so few that figures could point to a person.",
    )
}

fn total_figures(total: &Figures) -> Markup {
    let on_time = total.on_time_rate.map(percent);
    html! {
        @if let Some(rate) = on_time { p.rate { (words(&format!("{} সময়মতো সিদ্ধান্ত হয়েছে", rate.bn), &format!("{} were decided in time", rate.en))) } }
        (parts("কীভাবে শেষ হয়েছে, এবং কী বাকি আছে", "How they ended, and what is open", &[
            Part::new("সম্পন্ন", "Completed", total.completed, "good"),
            Part::new("নামঞ্জুর", "Rejected", total.rejected, "refused"),
            Part::new("প্রত্যাহার", "Withdrawn", total.withdrawn, "withdrawn"),
            Part::new("সময়ের মধ্যে চলমান", "Open, within the limit", total.pending_within_limit, "open"),
            Part::new("সময় পেরিয়ে চলমান", "Open, past the limit", total.pending_past_limit, "late"),
        ]))
        dl {
            (figure("গৃহীত", "Received", Some(number(total.received))))
            (figure("অর্ধেক যত কার্যদিবসে সম্পন্ন", "Half were done within (working days)", total.median_working_days.map(number)))
            (figure("দশটির নয়টি যত কার্যদিবসে সম্পন্ন", "Nine of ten within (working days)", total.p90_working_days.map(number)))
            (figure("সন্তুষ্টি (৫-এর মধ্যে)", "Satisfaction (of 5)", total.satisfaction.map(number)))
        }
    }
}

fn figure(bn: &str, en: &str, value: Option<Markup>) -> Markup {
    html! { @if let Some(value) = value { div { dt { (words(bn, en)) } dd { (value) } } } }
}

/// Each service with its part in time, as bars and as a table.
fn services(statistics: &Statistics) -> Markup {
    let told: Vec<_> = statistics
        .services
        .iter()
        .filter_map(|service| Some((&service.name, service.figures.as_ref()?)))
        .collect();
    let lines: Vec<Bar> = told
        .iter()
        .filter_map(|(name, figures)| {
            Some(Bar {
                name,
                part: figures.on_time_rate?,
            })
        })
        .collect();
    html! {
        @if !told.is_empty() {
            h3 id="by-service" { (words("প্রতিটি সেবা", "Each service")) }
            @if !lines.is_empty() { (bars("সময়মতো সিদ্ধান্তের হার", "Decided in time", &lines)) }
            div.scroll tabindex="0" role="region" aria-labelledby="by-service" {
                table aria-labelledby="by-service" {
                    thead { tr {
                        @for (bn, en) in [("সেবা", "Service"), ("গৃহীত", "Received"), ("সম্পন্ন", "Completed"), ("সময়মতো", "In time"),
                            ("মধ্যক কার্যদিবস", "Median working days")] { th scope="col" { (words(bn, en)) } }
                    } }
                    tbody { @for (name, figures) in told { tr {
                        th scope="row" { (both(name)) }
                        td { (number(figures.received)) }
                        td { (number(figures.completed)) }
                        td { @if let Some(rate) = figures.on_time_rate { (both(&percent(rate))) } @else { "–" } }
                        td { @if let Some(days) = figures.median_working_days { (number(days)) } @else { "–" } }
                    } } }
                }
            }
        }
    }
}

fn grievance_figures(grievances: &GrievanceStatistics) -> Markup {
    html! {
        @if let Some(rate) = grievances.on_time_rate.map(percent) {
            p.rate { (words(&format!("{} সময়মতো নিষ্পত্তি হয়েছে", rate.bn), &format!("{} were disposed of in time", rate.en))) }
        }
        (parts("নিষ্পত্তি", "Disposal", &[
            Part::new("নিষ্পত্তিকৃত", "Disposed of", grievances.disposed, "good"),
            Part::new("সময়ের মধ্যে অনিষ্পন্ন", "Pending, within the limit", grievances.pending_within_limit, "open"),
            Part::new("সময় পেরিয়ে অনিষ্পন্ন", "Pending, past the limit", grievances.pending_past_limit, "late"),
        ]))
        dl {
            (figure("গৃহীত", "Received", Some(number(grievances.received))))
            (figure("আপিল", "Appealed", Some(number(grievances.appealed))))
        }
    }
}

/// A part from 0 to 1, in percent.
fn percent(part: f64) -> Text {
    let percent = format!("{:.0}%", part * 100.0);
    Text::new(to_bangla_digits(&percent), percent)
}
