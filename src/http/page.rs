//! Pages of lists.

use actix_web::HttpRequest;
use actix_web::http::header::HeaderValue;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::answer::Answer;
use super::cursor;
use super::problem::{Code, Problem};
use super::schemas::{
    Absence, Account, BlacklistEntry, CaseEvent, Client, Grievance, GrievanceLevel, Office, Officer, RegisterEntry,
    Service, ServiceRequest, Showing, SigningKey, UpazilaOffice, Webhook, WebhookDelivery,
};
use crate::domain::contact::OfficeCode;
use crate::store::page::{Order, Page, PageRequest};
use crate::store::served::Served;

/// How many entries a page has where nothing is said.
const DEFAULT_LIMIT: i32 = 50;

/// How many entries a page has at most.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub(super) struct Limit(#[schemars(range(min = 1, max = 100), extend("examples" = [50], "default" = 50))] i32);

/// Where a list goes on.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub(super) struct Cursor(#[schemars(length(min = 1, max = 128), regex(pattern = "^[A-Za-z0-9_-]+$"))] String);

/// In which order cases are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum CaseOrder {
    /// The last one filed first.
    Newest,
    /// Open ones by their due day, and those without one behind them.
    Urgent,
}

impl CaseOrder {
    pub(super) const fn order(self) -> Order {
        match self {
            Self::Newest => Order::Newest,
            Self::Urgent => Order::Urgent,
        }
    }
}

/// A concrete type for each page: generators make bad names of generic ones.
macro_rules! pages {
    ($($(#[$doc:meta])* $page:ident of $item:ident, documented as $documented:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Serialize, ToSchema)]
            pub(super) struct $page {
                /// The entries, in the order of their publication.
                #[schema(max_items = 100, value_type = Vec<$documented>)]
                pub(super) items: Vec<$item>,
                /// Where the list goes on; absent on its last page.
                #[serde(skip_serializing_if = "Option::is_none")]
                #[schema(
                    nullable = false,
                    max_length = 128,
                    pattern = "^[A-Za-z0-9_-]+$",
                    example = "AQAAAAAAAAAyV0mYqJ3sT2c"
                )]
                pub(super) next_cursor: Option<String>,
            }

            impl ListPage<$item> for $page {
                fn json(items: Vec<$item>, next_cursor: Option<String>) -> serde_json::Result<Vec<u8>> {
                    serde_json::to_vec(&Self { items, next_cursor })
                }
            }
        )*
    };
}

pages! {
    /// A page of offices.
    OfficePage of Office, documented as Office;
    /// A page of services.
    ServicePage of Service, documented as Service;
    /// A page of officers.
    OfficerPage of Officer, documented as Officer;
    /// A page of upazila offices.
    UpazilaOfficePage of UpazilaOffice, documented as UpazilaOffice;
    /// A page of grievance levels.
    GrievanceLevelPage of GrievanceLevel, documented as GrievanceLevel;
    /// A page of the versions of a service, from the first. They are kept as they were served at the time.
    ServiceVersionPage of Value, documented as Service;
    /// A page of accounts.
    AccountPage of Account, documented as Account;
    /// A page of clients.
    ClientPage of Client, documented as Client;
    /// A page of absences.
    AbsencePage of Absence, documented as Absence;
    /// A page of service requests.
    ServiceRequestPage of ServiceRequest, documented as ServiceRequest;
    /// A page of grievances.
    GrievancePage of Grievance, documented as Grievance;
    /// A page of a register of grievances or appeals.
    RegisterEntryPage of RegisterEntry, documented as RegisterEntry;
    /// A page of webhooks.
    WebhookPage of Webhook, documented as Webhook;
    /// A page of messages to a webhook, the last one first.
    WebhookDeliveryPage of WebhookDelivery, documented as WebhookDelivery;
    /// A page of a blacklist.
    BlacklistEntryPage of BlacklistEntry, documented as BlacklistEntry;
    /// A page of the history of a case.
    CaseEventPage of CaseEvent, documented as CaseEvent;
    ShowingPage of Showing, documented as Showing;
    /// The keys that sign or verify tokens, the one that signs last.
    SigningKeyPage of SigningKey, documented as SigningKey;
}

/// Which part of a list is asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PageQuery {
    /// How many entries at most.
    pub(super) limit: Option<Limit>,
    /// Where the list goes on: `next_cursor` of the page before.
    pub(super) cursor: Option<Cursor>,
}

/// Which entries of offices are listed: officers, upazila offices.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EntryQuery {
    /// Only entries of this office.
    pub(super) office: Option<OfficeCode>,
    /// Only entries in which all of these words are found. Bangla or English, in any spelling and in Bangla or ASCII
    /// digits; words of one or two characters match the beginnings of words.
    #[schemars(length(min = 1, max = 200), regex(pattern = r"\S"), extend("examples" = ["খুলনা"]))]
    pub(super) q: Option<String>,
    /// How many entries at most.
    pub(super) limit: Option<Limit>,
    /// Where the list goes on: `next_cursor` of the page before, with the same filters.
    pub(super) cursor: Option<Cursor>,
}

/// A page type that can be written of its parts.
pub(super) trait ListPage<T> {
    fn json(items: Vec<T>, next_cursor: Option<String>) -> serde_json::Result<Vec<u8>>;
}

/// The same of entries that are in JSON already.
macro_rules! served_pages {
    ($($page:ident of $item:ident;)*) => {
        $(impl ListPage<Served<$item>> for $page {
            fn json(items: Vec<Served<$item>>, next_cursor: Option<String>) -> serde_json::Result<Vec<u8>> {
                served_page(&items, next_cursor)
            }
        })*
    };
}

served_pages! {
    ServicePage of Service;
    OfficerPage of Officer;
    UpazilaOfficePage of UpazilaOffice;
}

fn served_page<T>(items: &[Served<T>], next_cursor: Option<String>) -> serde_json::Result<Vec<u8>> {
    let length: usize = items.iter().map(|item| item.json().len() + 1).sum();
    let mut page = Vec::with_capacity(length + 200);
    page.extend(br#"{"items":["#);
    for (number, item) in items.iter().enumerate() {
        if number > 0 {
            page.push(b',');
        }
        page.extend(item.json());
    }
    page.push(b']');
    if let Some(cursor) = next_cursor {
        page.extend(br#","next_cursor":"#);
        serde_json::to_writer(&mut page, &cursor)?;
    }
    page.push(b'}');
    Ok(page)
}

/// An entry of a list, on its way out.
pub(super) trait Item {
    /// Writes it in JSON.
    fn write(&self, bytes: &mut Vec<u8>) -> serde_json::Result<()>;

    /// Its parts.
    fn value(&self) -> serde_json::Result<Value>;
}

impl<T: Serialize> Item for T {
    fn write(&self, bytes: &mut Vec<u8>) -> serde_json::Result<()> {
        serde_json::to_writer(bytes, self)
    }

    fn value(&self) -> serde_json::Result<Value> {
        serde_json::to_value(self)
    }
}

impl<T> Item for Served<T> {
    fn write(&self, bytes: &mut Vec<u8>) -> serde_json::Result<()> {
        bytes.extend(self.json());
        Ok(())
    }

    fn value(&self) -> serde_json::Result<Value> {
        serde_json::from_slice(self.json())
    }
}

/// A list with its filters: what its cursors are bound to.
pub(super) struct List {
    name: String,
    pub(super) page: PageRequest,
    /// Whether the client asked for so many entries.
    pub(super) is_limited: bool,
}

impl List {
    /// The list of an operation. `filters` are the values that select its entries.
    pub(super) fn new(
        request: &HttpRequest,
        filters: &impl std::fmt::Debug,
        limit: Option<Limit>,
        cursor: Option<&Cursor>,
    ) -> Result<Self, Problem> {
        let path = request.match_pattern().ok_or_else(|| Problem::new(Code::Internal))?;
        let name = format!("{path} {filters:?}");
        let after = cursor.map_or(Ok(0), |cursor| cursor::open(&name, &cursor.0))?;
        let is_limited = limit.is_some();
        let limit = i64::from(limit.map_or(DEFAULT_LIMIT, |limit| limit.0));
        Ok(Self {
            name,
            page: PageRequest { after, limit },
            is_limited,
        })
    }

    /// What its cursors are bound to.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The cursor of the page that begins behind a number.
    pub(super) fn next_cursor(&self, next: Option<i64>) -> Option<String> {
        Some(cursor::seal(&self.name, next?))
    }

    /// The link to the page that begins behind a number.
    pub(super) fn next_link(&self, request: &HttpRequest, next: Option<i64>) -> Option<HeaderValue> {
        next_link(request, &self.next_cursor(next)?)
    }

    /// The answer with a page of the list, and a link to the next one.
    pub(super) fn answer<T, P: ListPage<T>>(&self, request: &HttpRequest, page: Page<T>) -> Result<Answer, Problem> {
        let next_cursor = self.next_cursor(page.next);
        let link = next_cursor.as_deref().and_then(|cursor| next_link(request, cursor));
        Ok(Answer::written(P::json(page.items, next_cursor))?.link(link))
    }

    /// The same answer for those eyes only that asked: no cache keeps it.
    pub(super) fn look<T, P: ListPage<T>>(&self, request: &HttpRequest, page: Page<T>) -> Result<Answer, Problem> {
        Ok(self.answer::<T, P>(request, page)?.not_kept())
    }
}

/// The request's own URL with the next cursor in it.
fn next_link(request: &HttpRequest, cursor: &str) -> Option<HeaderValue> {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(request.query_string().as_bytes()) {
        if name != "cursor" {
            query.append_pair(&name, &value);
        }
    }
    query.append_pair("cursor", cursor);
    let link = format!("<{}?{}>; rel=\"next\"", request.path(), query.finish());
    HeaderValue::from_str(&link).ok()
}
