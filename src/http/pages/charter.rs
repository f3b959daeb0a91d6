//! The charter as citizens read it: the sections and the eight columns of the published one.

use std::collections::HashSet;

use actix_web::{HttpRequest, HttpResponse, web};
use maud::{Markup, html};
use uuid::Uuid;

use super::layout::{both, document, heading, number, words};
use super::{Asked, PageError, office_of, public_page};
use crate::app::service::{OF_A_CHARTER, ServiceSearch};
use crate::app::{App, Error};
use crate::domain::bangla::to_bangla_digits;
use crate::domain::charter::Charter;
use crate::domain::contact::{Email, OfficeCode, Phone, PhoneE164, Website};
use crate::domain::grievance_level::CharterGrievanceLevel;
use crate::domain::officer::OfficerContact;
use crate::domain::service::{Category, CharterService};
use crate::domain::text::Text;

/// The columns of the charter's section 2.
const COLUMNS: [(&str, &str); 8] = [
    ("ক্রমিক নং", "No."),
    ("সেবার নাম", "Service"),
    ("সেবা প্রদান পদ্ধতি", "How it is given"),
    (
        "প্রয়োজনীয় কাগজপত্র ও প্রাপ্তিস্থান",
        "Required documents, and where to get them",
    ),
    ("সেবার মূল্য ও পরিশোধ পদ্ধতি", "Fee and payment"),
    ("সেবা প্রদানের সময়সীমা", "Time limit"),
    ("দায়িত্বপ্রাপ্ত কর্মকর্তা", "Responsible officer"),
    ("বিকল্প দায়িত্বপ্রাপ্ত কর্মকর্তা", "Alternate officer"),
];

pub(super) async fn get(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, PageError> {
    shown(&app, &request, office_of(&request)?).await
}

/// The charter of an office, with the services that the words in the address find.
pub(super) async fn shown(app: &App, request: &HttpRequest, office: OfficeCode) -> Result<HttpResponse, PageError> {
    let charter = app.get_charter(office).await?;
    let asked = Asked::of_query(request);
    let query = asked.get("q");
    let found = match query {
        Some(query) => Some(found(app, &charter.office.code, query).await?),
        None => None,
    };
    let markup = document(
        Some(&charter.office.code),
        &charter.office.name,
        main(&charter, query, found.as_ref()),
    );
    Ok(public_page(request, markup))
}

/// The services that words find; none where the words have no letter.
async fn found(app: &App, office: &OfficeCode, query: &str) -> Result<HashSet<Uuid>, PageError> {
    let asked = ServiceSearch {
        office: Some(office.clone()),
        query: Some(query.to_owned()),
        ..ServiceSearch::default()
    };
    match app.list_services(asked, OF_A_CHARTER).await {
        Ok(page) => {
            let found = page.try_map(|served| served.read()).map_err(Error::from)?;
            Ok(found.items.into_iter().map(|entry| entry.service.id).collect())
        }
        Err(Error::InvalidParameter(_)) => Ok(HashSet::new()),
        Err(error) => Err(error.into()),
    }
}

/// How many services were found.
fn told(count: usize) -> Text {
    let bn = format!("{count}টি সেবা পাওয়া গেছে।");
    let en = if count == 1 {
        "1 service was found.".to_owned()
    } else {
        format!("{count} services were found.")
    };
    Text::new(to_bangla_digits(&bn), en)
}

fn main(charter: &Charter, query: Option<&str>, found: Option<&HashSet<Uuid>>) -> Markup {
    html! {
        (heading(&charter.office.name))
        @if let Some(parent) = &charter.office.parent { p.parent { (both(&parent.name)) } }
        p.title { (both(&charter.title)) }
        form.search role="search" action={"/offices/" (charter.office.code)} method="get" {
            label for="q" { (words("সেবা খুঁজুন", "Find a service")) }
            input id="q" name="q" type="search" value=[query] maxlength="200";
            button type="submit" { (words("খুঁজুন", "Search")) }
        }
        @if let Some(found) = found {
            p role="status" { (both(&told(found.len()))) " "
                a href={"/offices/" (charter.office.code)} { (words("সকল সেবা", "All services")) } }
        } @else {
            section aria-labelledby="vision" {
                h2 id="vision" { (words("১. ভিশন ও মিশন", "1. Vision and mission")) }
                h3 { (words("ভিশন", "Vision")) }
                p { (both(&charter.vision)) }
                h3 { (words("মিশন", "Mission")) }
                p { (both(&charter.mission)) }
            }
        }
        section aria-labelledby="services" {
            h2 id="services" { (words("২. প্রতিশ্রুত সেবাসমূহ", "2. Promised services")) }
            @for (number, category) in [Category::Citizen, Category::Institutional, Category::Internal].into_iter().enumerate() {
                (services(charter, number + 1, category, found))
            }
        }
        @if found.is_none() { (rest(charter)) }
    }
}

/// The services of one category, in the eight columns.
fn services(charter: &Charter, place: usize, category: Category, found: Option<&HashSet<Uuid>>) -> Markup {
    let entries: Vec<&CharterService> = charter
        .services
        .iter()
        .filter(|service| service.category == category && found.is_none_or(|found| found.contains(&service.id)))
        .collect();
    let title = category.title();
    let id = category.as_str();
    html! {
        @if !entries.is_empty() {
            h3 id=(id) { span.bn { "২." (to_bangla_digits(&place.to_string())) " " (title.bn) } " " span.en lang="en" { (title.en) } }
            table.services role="table" aria-labelledby=(id) {
                thead role="rowgroup" { tr role="row" {
                    @for (bn, en) in COLUMNS { th role="columnheader" scope="col" { (words(bn, en)) } }
                } }
                tbody role="rowgroup" {
                    @for service in entries { (row(service)) }
                }
            }
        }
    }
}

fn row(service: &CharterService) -> Markup {
    let cells = [
        number(service.serial),
        html! { strong { (both(&service.name)) } },
        both(&service.delivery.text),
        both(&service.documents.text),
        both(&service.fee.text),
        both(&service.time_limit.text),
        officer(&service.responsible_officer),
        officer(&service.alternate_officer),
    ];
    html! {
        tr role="row" id=(service.id) {
            @for (cell, (bn, en)) in cells.into_iter().zip(COLUMNS) {
                // on a narrow screen each cell says itself what it is
                td role="cell" { span.label aria-hidden="true" { (words(bn, en)) } div { (cell) } }
            }
        }
    }
}

fn officer(officer: &OfficerContact) -> Markup {
    html! {
        p { (both(&officer.name)) }
        p { (both(&officer.designation)) }
        (contacts(Some((&officer.phone, &officer.phone_e164)), Some(&officer.email), officer.website.as_ref()))
    }
}

fn contacts(phone: Option<(&Phone, &PhoneE164)>, email: Option<&Email>, website: Option<&Website>) -> Markup {
    html! {
        @if let Some((phone, dialled)) = phone { p { a href={"tel:" (dialled)} { (phone) } } }
        @if let Some(email) = email { p { a.long href={"mailto:" (email)} lang="en" { (email) } } }
        @if let Some(website) = website { p { a.long href=(website) lang="en" { (website) } } }
    }
}

/// Sections 3 to 5, and who signed.
fn rest(charter: &Charter) -> Markup {
    html! {
        @if !charter.upazila_offices.is_empty() {
            section aria-labelledby="upazila" {
                h2 id="upazila" { (words("৩. আওতাধীন দপ্তর কর্তৃক প্রদত্ত সেবা", "3. Offices under this one")) }
                ol.upazila { @for office in &charter.upazila_offices {
                    li { p { (both(&office.name)) } @if let Some(website) = &office.website { p { a.long href=(website) lang="en" { (website) } } } }
                } }
            }
        }
        @if !charter.expectations.is_empty() {
            section aria-labelledby="expectations" {
                h2 id="expectations" { (words("৪. আপনার কাছে আমাদের প্রত্যাশা", "4. What we expect of you")) }
                ol { @for expectation in &charter.expectations { li { (both(&expectation.text)) } } }
            }
        }
        @if !charter.grievance_levels.is_empty() {
            section aria-labelledby="grievances" {
                h2 id="grievances" { (words("৫. অভিযোগ প্রতিকার ব্যবস্থাপনা (GRS)", "5. If a promise is not kept")) }
                ol.levels { @for level in &charter.grievance_levels { (grievance_level(level)) } }
            }
        }
        p.signatory {
            (both(&charter.signatory.name)) br; (both(&charter.signatory.designation)) br;
            (both(&charter.signatory.organisation)) br; (both(&charter.signatory.office))
        }
    }
}

fn grievance_level(level: &CharterGrievanceLevel) -> Markup {
    let handler = &level.handler;
    let named = [
        &handler.name,
        &handler.designation,
        &handler.organisation,
        &handler.address,
    ];
    let phone = handler.phone.as_ref().zip(handler.phone_e164.as_ref());
    let days = Text::new(
        to_bangla_digits(&format!("{} কার্যদিবস", level.working_days)),
        format!("{} working days", level.working_days),
    );
    html! {
        li {
            h3 { (both(&level.title)) }
            p { (both(&level.when)) }
            @for text in named.into_iter().flatten() { p { (both(text)) } }
            (contacts(phone, handler.email.as_ref(), handler.website.as_ref()))
            p { strong { (words("নিষ্পত্তির সময়সীমা", "Settled within")) ": " (both(&days)) } }
        }
    }
}
