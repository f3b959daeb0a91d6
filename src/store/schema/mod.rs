//! The tables, as both engines have them. A test holds these files and the two schemas against each other.

mod case_tables;
mod charter_tables;
mod webhook_tables;

pub(super) use case_tables::*;
pub(super) use charter_tables::*;
pub(super) use webhook_tables::*;

diesel::allow_tables_to_appear_in_same_query!(service_requests, services);
diesel::allow_tables_to_appear_in_same_query!(service_requests, case_events);
diesel::allow_tables_to_appear_in_same_query!(grievances, grievance_complainants);
