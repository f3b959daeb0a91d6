//! Pages for people: the charter as citizens read it, a case by its tracking code, and how promises were kept. They are whole
//! without JavaScript, and load one stylesheet.

mod chart;
mod charter;
mod layout;
mod offices;
mod statistics;
mod tracking;

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, Responder as _, ResponseError, web};
use maud::{Markup, html};

use super::answer::{About, Answer};
use super::asked::Asked;
use super::operation::reading;
use super::problem::{Code, Problem};
use crate::app;
use crate::domain::contact::OfficeCode;
use crate::domain::text::Text;

/// A page loads its stylesheet from here, and nothing from elsewhere; its forms lead here only.
const CONTENT_SECURITY_POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const HTML: &str = "text/html; charset=utf-8";
const STYLE: &str = include_str!("style.css");
const ICON: &str = include_str!("icon.svg");

/// Serves the pages.
pub(super) fn register(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/").route(reading().to(offices::home)))
        .service(web::resource("/offices/{office}").route(reading().to(charter::get)))
        .service(web::resource("/offices/{office}/statistics").route(reading().to(statistics::get)))
        .service(web::resource("/track").route(reading().to(tracking::get)))
        .service(web::resource("/style.css").route(reading().to(style)))
        .service(web::resource("/icon.svg").route(reading().to(icon)));
}

async fn style() -> Answer {
    Answer::of(Bytes::from_static(STYLE.as_bytes()), "text/css; charset=utf-8").about(About::Anything)
}

async fn icon() -> Answer {
    Answer::of(Bytes::from_static(ICON.as_bytes()), "image/svg+xml").about(About::Anything)
}

/// The office in the path of a page.
fn office_of(request: &HttpRequest) -> Result<OfficeCode, Problem> {
    let code = request.match_info().get("office").and_then(OfficeCode::read);
    code.ok_or_else(|| app::Error::NotFound("office").into())
}

/// A page that anybody may keep, and asks about anew each time.
fn page(request: &HttpRequest, markup: Markup) -> HttpResponse {
    finished(Answer::of(markup.into_string().into(), HTML), request)
}

/// The same of public data only: this service keeps it too, until any of that changes.
fn public_page(request: &HttpRequest, markup: Markup) -> HttpResponse {
    finished(
        Answer::of(markup.into_string().into(), HTML).about(About::Anything),
        request,
    )
}

/// A page for those eyes only that asked.
fn private_page(request: &HttpRequest, markup: Markup, status: StatusCode) -> HttpResponse {
    let mut response = finished(Answer::of(markup.into_string().into(), HTML).not_kept(), request);
    *response.status_mut() = status;
    response
}

fn finished(answer: Answer, request: &HttpRequest) -> HttpResponse {
    let mut response = answer.respond_to(request);
    let policy = HeaderValue::from_static(CONTENT_SECURITY_POLICY);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}

/// A problem, told to people.
#[derive(Debug)]
struct PageError(Problem);

impl<E: Into<Problem>> From<E> for PageError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        self.0.code.status()
    }

    fn error_response(&self) -> HttpResponse {
        let told = match self.0.code {
            Code::NotFound => Text::new("এখানে কিছু পাওয়া যায়নি।", "There is nothing here."),
            Code::TooManyAttempts => Text::new(
                "অনেকবার চেষ্টা করা হয়েছে। কিছুক্ষণ পর আবার চেষ্টা করুন।",
                "There were too many attempts. Try again later.",
            ),
            Code::Unavailable => Text::new(
                "সেবাটি এখন ব্যস্ত। কিছুক্ষণ পর আবার চেষ্টা করুন।",
                "The service is busy. Try again later.",
            ),
            code if code.status().is_server_error() => Text::new("সেবায় ত্রুটি হয়েছে।", "The service failed."),
            _ => Text::new("ঠিকানাটি সঠিক নয়।", "The address is not valid."),
        };
        let markup = layout::document(None, &told, html! { (layout::heading(&told)) });
        let mut response = HttpResponse::build(self.status_code());
        if let Some(seconds) = self.0.seconds() {
            response.insert_header((header::RETRY_AFTER, seconds));
        }
        response
            .insert_header((header::CONTENT_TYPE, HTML))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
            .body(markup.into_string())
    }
}
