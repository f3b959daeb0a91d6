//! Publishes the Citizen's Charters of government offices and keeps the clock of their promises.
//!
//! The layers from the inside out: [`domain`] holds the pure rules, [`store`] the database, [`app`] the use cases,
//! [`http`] the web, [`outbound`] what is sent to others, and [`cli`] the command line. `docs/architecture.md` tells the whole.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

// linked for the engines' libraries, which are compiled in
use libsqlite3_sys as _;
#[cfg(feature = "bundled-libpq")]
use pq_sys as _;

pub mod app;
pub mod cli;
pub mod config;
pub mod domain;
pub mod http;
pub mod outbound;
pub mod store;
