//! The first page: the charter of the one office, or the list of the offices.

use actix_web::{HttpRequest, HttpResponse, web};
use maud::html;

use super::layout::{both, document, heading, words};
use super::{Asked, PageError, charter, public_page};
use crate::app::{App, Error};
use crate::domain::text::Text;
use crate::http::cursor;
use crate::store::page::{Page, PageRequest};

/// How many offices a page has.
const OFFICES: i64 = 50;

pub(super) async fn home(app: web::Data<App>, request: HttpRequest) -> Result<HttpResponse, PageError> {
    let asked = Asked::of_query(&request);
    let query = asked.get("q");
    let name = format!("pages {query:?}");
    let after = asked.get("cursor").map_or(Ok(0), |text| cursor::open(&name, text))?;
    let first = PageRequest { after, limit: OFFICES };
    let found = match app.list_offices(None, query, first).await {
        // words without a letter find nothing
        Err(Error::InvalidParameter(_)) => Page {
            items: Vec::new(),
            next: None,
        },
        found => found?,
    };
    if let ([only], None, None, 0) = (&*found.items, found.next, query, after) {
        return charter::shown(&app, &request, only.office.code.clone()).await;
    }
    let title = Text::new("দপ্তরসমূহ", "Offices");
    let more = found.next.map(|next| {
        let mut query_string = form_urlencoded::Serializer::new(String::new());
        if let Some(query) = query {
            query_string.append_pair("q", query);
        }
        query_string.append_pair("cursor", &cursor::seal(&name, next)).finish()
    });
    let main = html! {
        (heading(&title))
        form.search role="search" action="/" method="get" {
            label for="q" { (words("দপ্তর খুঁজুন", "Find an office")) }
            input id="q" name="q" type="search" value=[query] maxlength="200";
            button type="submit" { (words("খুঁজুন", "Search")) }
        }
        @if found.items.is_empty() {
            p role="status" { (words("কোনো দপ্তর পাওয়া যায়নি।", "No office was found.")) }
        }
        ul.offices {
            @for entry in &found.items {
                li {
                    a href={"/offices/" (entry.office.code)} { (both(&entry.office.name)) }
                    @if let Some(parent) = &entry.office.parent { p { (both(&parent.name)) } }
                }
            }
        }
        @if let Some(more) = more { p { a rel="next" href={"/?" (more)} { (words("আরও দপ্তর", "More offices")) } } }
    };
    Ok(public_page(&request, document(None, &title, main)))
}
