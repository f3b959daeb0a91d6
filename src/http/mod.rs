//! The web: the only place that knows actix and utoipa.

mod absence;
mod account;
mod answer;
mod asked;
mod authenticate;
mod blacklist;
mod body;
mod calendar;
mod change;
mod charter;
mod client;
mod csv;
mod cursor;
mod docs;
mod extract;
mod format;
mod grievance;
mod grievance_level;
mod grievance_report;
mod health;
mod hsds;
mod kept;
mod limits;
mod linked_data;
mod metrics;
mod oauth;
mod observe;
mod office;
mod officer;
mod open311;
mod openapi;
mod operation;
mod page;
mod pages;
mod problem;
mod routes;
mod schemas;
mod server;
mod service;
mod service_request;
mod session;
mod signing_key;
mod tracking;
mod upazila_office;
mod webhook;
mod whole;
mod written;

pub use limits::{RateLimit, TrustedProxies};
pub use openapi::{document, document_3_0};
pub use server::{Application, Options};

/// What the targets in `tests/fuzz` try of this layer.
#[cfg(fuzzing)]
pub mod fuzzing {
    /// Where a list goes on behind a cursor.
    pub fn open_cursor(list: &str, cursor: &str) -> Option<i64> {
        super::cursor::open(list, cursor).ok()
    }

    /// The cursor of a place in a list.
    pub fn seal_cursor(list: &str, seq: i64) -> String {
        super::cursor::seal(list, seq)
    }
}
