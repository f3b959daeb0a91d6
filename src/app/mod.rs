//! The use cases: each opens one transaction, asks the domain, and writes through the store.

mod error;
mod handling;
mod keyring;
mod password;
mod search;
mod token;

pub mod absence;
pub mod account;
pub mod calendar;
pub mod case;
pub mod change;
pub mod charter;
pub mod client;
pub mod courier;
pub mod grievance;
pub mod grievance_level;
pub mod idempotency;
pub mod notice;
pub mod office;
pub mod officer;
pub mod open311;
pub mod personal_data;
pub mod seed;
pub mod service;
pub mod service_request;
pub mod session;
pub mod signing_key;
pub mod statistics;
pub mod throttle;
pub mod tracking;
pub mod upazila_office;
pub mod upkeep;
pub mod webhook;

use std::sync::Arc;

use chrono::{DateTime, SubsecRound as _, Utc};

use courier::{Courier, Nobody};
pub use error::Error;
pub use keyring::Keyring;
use service::LastServices;
use token::{Signatures, no_signatures};

use crate::store::Store;
use crate::store::calendar::LastCalendar;

/// Tells the time. Injected, so that tests choose it.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The clock of the machine.
pub fn system_clock() -> Clock {
    Arc::new(Utc::now)
}

/// What every use case needs. Cheap to clone.
#[derive(Clone)]
pub struct App {
    store: Store,
    clock: Clock,
    /// Who gives out access tokens.
    issuer: Arc<str>,
    courier: Arc<dyn Courier>,
    /// Where the public reaches the service.
    public_url: Arc<str>,
    calendar: Arc<LastCalendar>,
    services: Arc<LastServices>,
    /// Signatures of access tokens that were found good.
    signatures: Arc<Signatures>,
    /// What personal data is sealed by.
    keys: Keyring,
}

/// Who gives out access tokens, where nothing else is said.
pub const ISSUER: &str = "citizens-charter";

impl App {
    /// The application over a database, at the time the clock tells.
    pub fn new(store: Store, clock: Clock) -> Self {
        Self {
            store,
            clock,
            issuer: ISSUER.into(),
            courier: Arc::new(Nobody),
            public_url: "".into(),
            calendar: Arc::default(),
            services: Arc::default(),
            signatures: Arc::new(no_signatures()),
            keys: Keyring::default(),
        }
    }

    /// The same application, which gives out access tokens in this name.
    pub fn issuing_as(self, issuer: &str) -> Self {
        Self {
            issuer: issuer.into(),
            ..self
        }
    }

    /// The same application, which seals personal data by these keys.
    pub fn sealing_by(self, keys: Keyring) -> Self {
        Self { keys, ..self }
    }

    /// The same application, whose messages this one brings.
    pub fn sending_by(self, courier: Arc<dyn Courier>) -> Self {
        Self { courier, ..self }
    }

    /// The same application, which the public reaches at this address.
    pub fn reached_at(self, public_url: &str) -> Self {
        Self {
            public_url: public_url.trim_end_matches('/').into(),
            ..self
        }
    }

    /// Where the public reaches the service, without a slash at its end; empty where that is not known.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    fn issuer(&self) -> Arc<str> {
        self.issuer.clone()
    }

    /// The time it is, to the microsecond: what is answered is what is kept.
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)().trunc_subsecs(6)
    }

    /// The database beneath.
    pub const fn store(&self) -> &Store {
        &self.store
    }
}

/// What the targets in `tests/fuzz` try of this layer.
#[cfg(fuzzing)]
pub mod fuzzing {
    /// Whether a token may be one of ours, before its signature is verified.
    pub fn reads_as_token(token: &str) -> bool {
        super::token::Unverified::read(token, &super::token::no_signatures()).is_ok()
    }
}
