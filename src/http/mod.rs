//! The web: the only place that knows actix and utoipa.

mod absence;
mod account;
mod answer;
mod authenticate;
mod body;
mod calendar;
mod change;
mod charter;
mod client;
mod cursor;
mod docs;
mod extract;
mod grievance_level;
mod health;
mod limits;
mod metrics;
mod oauth;
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
mod session;
mod signing_key;
mod upazila_office;
mod written;

pub use limits::{RateLimit, TrustedProxies};
pub use openapi::{document, document_3_0};
pub use server::{Application, Options};
