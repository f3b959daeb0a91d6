//! What is sent to others: the only place that knows reqwest and lettre.

mod courier;
mod mail;
mod sms;

pub use courier::{AllowedTargets, Outbound};
pub use mail::Mail;
pub use sms::{Sms, SmsGateway};
