//! A case by its tracking code.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use maud::{Markup, html};

use super::layout::{both, document, heading, number, words};
use super::{Asked, PageError, private_page};
use crate::app::{App, Error};
use crate::domain::case::history::TrackedEvent;
use crate::domain::case::tracking::Tracking;
use crate::domain::office::Office;
use crate::domain::text::Text;
use crate::domain::wording::{day, moment, title_of};
use crate::http::limits::ClientAddress;

pub(super) async fn get(
    app: web::Data<App>,
    request: HttpRequest,
    ClientAddress(from): ClientAddress,
) -> Result<HttpResponse, PageError> {
    let asked = Asked::of_query(&request);
    let code = asked.get("code");
    let title = Text::new("আবেদন বা অভিযোগ অনুসরণ", "Track a request or a grievance");
    let Some(code) = code else {
        let main = html! { (heading(&title)) (form(None)) };
        return Ok(private_page(&request, document(None, &title, main), StatusCode::OK));
    };
    match app.track(code, from).await {
        Ok(tracking) => {
            let office = app.get_office(tracking.office.clone()).await?;
            let main = html! { (heading(&title)) (case(&tracking, &office)) (form(None)) };
            let markup = document(Some(&tracking.office), &title, main);
            Ok(private_page(&request, markup, StatusCode::OK))
        }
        Err(Error::NotFound(_)) => {
            let main = html! {
                (heading(&title))
                p.failed role="alert" { (words("এই কোডে কিছু পাওয়া যায়নি। কোডটি আবার দেখুন।", "Nothing has this code. Look at it once more.")) }
                (form(Some(code)))
            };
            Ok(private_page(
                &request,
                document(None, &title, main),
                StatusCode::NOT_FOUND,
            ))
        }
        Err(error) => Err(error.into()),
    }
}

fn form(code: Option<&str>) -> Markup {
    html! {
        form.search action="/track" method="get" {
            label for="code" { (words("ট্র্যাকিং কোড", "Tracking code")) }
            input id="code" name="code" value=[code] maxlength="40" required autocomplete="off" autocapitalize="characters"
                spellcheck="false" placeholder="7ZK3-9QWM-04TD-XB2R";
            button type="submit" { (words("দেখুন", "Look")) }
        }
    }
}

fn case(tracking: &Tracking, office: &Office) -> Markup {
    let state = title_of(&tracking.state);
    html! {
        section aria-labelledby="case" {
            h2 id="case" { span lang="en" { (tracking.tracking_code) } }
            p.state.late[tracking.overdue] { (both(&state)) }
            dl {
                @if let Some(service) = &tracking.service { (fact("সেবা", "Service", both(&service.name))) }
                (fact("দপ্তর", "Office", both(&office.office.name)))
                @if let Some(handler) = &tracking.handled_by { (fact("যিনি নিষ্পত্তি করবেন", "Handled by", both(&handler.title))) }
                (fact("দাখিলের তারিখ", "Filed on", both(&day(tracking.filed_on))))
                @if let Some(due) = tracking.due_on { (fact("প্রতিশ্রুত তারিখ", "Promised by", both(&day(due)))) }
                @if tracking.overdue { (fact("বিলম্ব", "Late", words("প্রতিশ্রুত তারিখ পার হয়েছে", "The promised day has passed"))) }
                @if let Some(left) = tracking.working_days_left { (fact("বাকি কার্যদিবস", "Working days left", number(left))) }
                @if let Some(appointment) = &tracking.appointment {
                    (fact("সাক্ষাৎ", "Appointment", html! { (both(&moment(appointment.at)))
                        @if let Some(place) = &appointment.place { p { (place) } } }))
                }
                @if let Some(outcome) = &tracking.outcome { (fact("সিদ্ধান্ত", "Decision", both(&title_of(outcome)))) }
                @if let Some(until) = tracking.appeal_until { (fact("আপিলের শেষ তারিখ", "Appeal until", both(&day(until)))) }
            }
            h3 { (words("যা ঘটেছে", "What happened")) }
            ol.events { @for event in &tracking.events { (happened(event)) } }
        }
    }
}

fn fact(bn: &str, en: &str, value: Markup) -> Markup {
    html! { div { dt { (words(bn, en)) } dd { (value) } } }
}

fn happened(event: &TrackedEvent) -> Markup {
    let public = &event.public;
    html! {
        li {
            p.when { time datetime=(event.at.to_rfc3339()) { (both(&moment(event.at))) } }
            p { strong { (both(&title_of(&event.action))) } }
            @if let Some(reason) = &public.reason { p { (both(&title_of(reason))) } }
            @if let Some(outcome) = &public.outcome { p { (both(&title_of(outcome))) } }
            @if let Some(due) = public.due_on { p { (words("প্রতিশ্রুত তারিখ", "Promised by")) ": " (both(&day(due))) } }
            @if let Some(because) = &public.because { p { (both(because)) } }
            @if let Some(message) = &public.message { p.message { (message) } }
        }
    }
}
