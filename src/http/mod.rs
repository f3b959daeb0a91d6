//! The web: the only place that knows actix and utoipa.

mod answer;
mod calendar;
mod change;
mod charter;
mod cursor;
mod docs;
mod extract;
mod grievance_level;
mod health;
mod limits;
mod metrics;
mod observe;
mod office;
mod officer;
mod openapi;
mod operation;
mod page;
mod problem;
mod routes;
mod schemas;
mod server;
mod service;
mod upazila_office;

pub use limits::{RateLimit, TrustedProxies};
pub use openapi::{document, document_3_0};
pub use server::{Application, Options};
