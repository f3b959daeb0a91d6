//! What the service sends to others: the only place that knows reqwest.

mod courier;

pub use courier::{AllowedTargets, Outbound};
