//! The service as its users meet it: through its real HTTP server and its real program, on both engines.

mod complainants;
mod people;
mod support;

mod administration;
mod architecture;
mod case_history;
mod case_lists;
mod changes;
mod charter_upkeep;
mod conventions;
mod database;
mod document;
mod documented;
mod forged_tokens;
mod grievance_access;
mod grievance_filing;
mod grievance_history;
mod grievance_lists;
mod grievance_reports;
mod grievances;
mod idempotency;
mod import;
mod limits;
mod permissions;
mod program;
mod program_accounts;
mod promise;
mod reads;
mod search;
mod service_requests;
mod sign_in;
mod signing_keys;
mod upkeep;
