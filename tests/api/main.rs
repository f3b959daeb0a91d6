//! The service as its users meet it: through its real HTTP server and its real program, on both engines.

mod support;

mod architecture;
mod changes;
mod conventions;
mod database;
mod document;
mod import;
mod limits;
mod program;
mod promise;
mod reads;
mod search;
