//! One thing that is wrong with what was sent, and where it stands.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One fault of a document or a request. A refusal lists all of them, not the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fault {
    /// Where the fault stands: a JSON Pointer (RFC 6901) into the body, or `/query/…` and `/path/…` for the URL.
    #[schemars(length(max = 1024), regex(pattern = "^(/.*)?$"), extend("examples" = ["/query/limit"]))]
    pub pointer: String,
    /// A stable word for the kind of fault, for programs.
    #[schemars(length(max = 64), regex(pattern = "^[a-z_]+$"), extend("examples" = ["out_of_range"]))]
    pub code: String,
    /// What is wrong and what would be right, for people. It never repeats what was sent.
    #[schemars(length(max = 1024), regex(pattern = r"\S"), extend("examples" = ["must be at most 100"]))]
    pub detail: String,
}

impl Fault {
    /// A fault of the given kind at the given place.
    pub fn new(pointer: impl Into<String>, code: &str, detail: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            code: code.to_owned(),
            detail: detail.into(),
        }
    }

    /// The same fault, seen from the document that holds this one at `prefix`.
    pub fn under(mut self, prefix: &str) -> Self {
        self.pointer = format!("{prefix}{}", self.pointer);
        self
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = if self.pointer.is_empty() {
            "(the whole document)"
        } else {
            &self.pointer
        };
        write!(f, "{place}: {} [{}]", self.detail, self.code)
    }
}

/// Each fault as its place and its code, for tests.
#[cfg(test)]
pub fn in_short(faults: impl IntoIterator<Item = Fault>) -> Vec<String> {
    let short = |fault: Fault| format!("{} {}", fault.pointer, fault.code);
    faults.into_iter().map(short).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_says_where_it_stands() {
        let fault = Fault::new("/days", "out_of_range", "must be at most 100");
        assert_eq!(fault.to_string(), "/days: must be at most 100 [out_of_range]");
        assert_eq!(fault.under("/services/3").pointer, "/services/3/days");
        let whole = Fault::new("", "invalid_json", "is no JSON");
        assert_eq!(whole.to_string(), "(the whole document): is no JSON [invalid_json]");
    }
}
