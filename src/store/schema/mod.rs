//! The tables, as both engines have them. A test holds these files and the two schemas against each other.

mod case_tables;
mod charter_tables;
mod webhook_tables;

pub(super) use case_tables::*;
pub(super) use charter_tables::*;
pub(super) use webhook_tables::*;
