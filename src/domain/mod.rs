//! The pure rules: what a charter is, how its words are read, how its clock runs.
//!
//! Nothing here knows a database, the web or the time of day; every instant is handed in.

pub mod absence;
pub mod account;
pub mod bangla;
pub mod calendar;
pub mod case;
pub mod change;
pub mod charter;
pub mod client;
pub mod contact;
pub mod delivery;
pub mod entity_tag;
pub mod fault;
pub mod fee;
pub mod grievance;
pub mod grievance_level;
pub mod json_schema;
pub mod message;
pub mod office;
pub mod officer;
pub mod permission;
pub mod personal_data;
pub mod phone;
pub mod promise;
pub mod secret;
pub mod service;
pub mod service_request;
pub mod session;
pub mod signing_key;
pub mod strict_json;
pub mod text;
pub mod time_limit;
pub mod upazila_office;
pub mod webhook;
pub mod wording;
mod words;
