//! What all pages have alike.

use maud::{DOCTYPE, Markup, html};

use crate::domain::bangla::to_bangla_digits;
use crate::domain::contact::OfficeCode;
use crate::domain::text::Text;

/// A whole page: about an office, or about none.
pub(super) fn document(office: Option<&OfficeCode>, title: &Text, main: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="bn" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title.bn) " · " (title.en) }
                link rel="stylesheet" href="/style.css";
                link rel="icon" type="image/svg+xml" href="/icon.svg";
            }
            body {
                a.skip href="#main" { "মূল অংশে যান " span lang="en" { "Skip to content" } }
                header {
                    p.brand { (words("সেবা প্রদান প্রতিশ্রুতি", "Citizen's Charter")) }
                    nav aria-label="প্রধান মেনু" {
                        ul {
                            li { a href=(office.map_or_else(|| "/".to_owned(), |code| format!("/offices/{code}"))) {
                                (words("সেবাসমূহ", "Services"))
                            } }
                            li { a href="/track" { (words("আবেদন অনুসরণ", "Track a case")) } }
                            @if let Some(code) = office {
                                li { a href={"/offices/" (code) "/statistics"} { (words("প্রতিশ্রুতি রক্ষা", "Promises kept")) } }
                            }
                        }
                    }
                }
                main id="main" { (main) }
                footer {
                    p { a href="/docs/" { (words("ডেভেলপারদের জন্য এপিআই", "API for developers")) } }
                }
            }
        }
    }
}

/// The heading of a page.
pub(super) fn heading(text: &Text) -> Markup {
    html! { h1 { (both(text)) } }
}

/// A text in both languages: Bangla first, English beside.
pub(super) fn both(text: &Text) -> Markup {
    words(&text.bn, &text.en)
}

/// Words in both languages.
pub(super) fn words(bn: &str, en: &str) -> Markup {
    html! { span.bn { (bn) } " " span.en lang="en" { (en) } }
}

/// A number in both scripts.
pub(super) fn number(number: impl ToString) -> Markup {
    let ascii = number.to_string();
    words(&to_bangla_digits(&ascii), &ascii)
}
