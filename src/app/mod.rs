//! The use cases: each opens one transaction, asks the domain, and writes through the store.

mod error;
mod search;

pub mod calendar;
pub mod change;
pub mod charter;
pub mod grievance_level;
pub mod office;
pub mod officer;
pub mod seed;
pub mod service;
pub mod upazila_office;

use std::sync::Arc;

use chrono::{DateTime, Utc};

pub use error::Error;

use crate::store::Store;

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
}

impl App {
    /// The application over a database, at the time the clock tells.
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }

    /// The time it is.
    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// The database beneath.
    pub const fn store(&self) -> &Store {
        &self.store
    }
}
