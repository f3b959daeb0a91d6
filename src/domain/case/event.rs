//! The history of a case: append-only, each row carrying the hash of the row before it, so that tampering shows.

use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The hash before the first row of a history.
pub const GENESIS: &str = "";

/// One row of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The case.
    pub case: Uuid,
    /// Its place in the history, from 1.
    pub number: i32,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What was done.
    pub action: String,
    /// The state from then on.
    pub state: String,
    /// Who did it: the account or client; absent for an applicant and for the clock itself.
    pub actor: Option<Uuid>,
    /// In which role: one of the roles, `applicant` or `system`.
    pub role: String,
    /// The officer for whom an alternate officer did it.
    pub for_officer: Option<Uuid>,
    /// What everybody may know who has the tracking code, in JSON.
    pub public: String,
    /// What only those may know who handle the case, in JSON; absent where it was purged.
    pub private: Option<String>,
    /// The digest of what only they may know: it stays where that is purged, so that the chain stays whole.
    pub private_digest: String,
    /// The hash of the row before.
    pub previous: String,
    /// The hash of this row.
    pub hash: String,
}

/// What the hash of a row is made of, in this order.
#[derive(Serialize)]
struct Hashed<'a> {
    previous: &'a str,
    case: Uuid,
    number: i32,
    at: String,
    action: &'a str,
    state: &'a str,
    actor: Option<Uuid>,
    role: &'a str,
    for_officer: Option<Uuid>,
    public: &'a str,
    private_digest: &'a str,
}

/// A digest in hexadecimal.
fn hex_digest(bytes: &[u8]) -> String {
    let mut hex = String::new();
    for byte in Sha256::digest(bytes) {
        // writing to a string does not fail
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

impl Event {
    /// Seals a row behind the one before: computes its digest and its hash.
    pub fn sealed(mut self, previous: &str) -> Self {
        previous.clone_into(&mut self.previous);
        self.private_digest = hex_digest(self.private.as_deref().unwrap_or_default().as_bytes());
        self.hash = self.computed_hash();
        self
    }

    fn computed_hash(&self) -> String {
        let hashed = Hashed {
            previous: &self.previous,
            case: self.case,
            number: self.number,
            at: self.at.to_rfc3339_opts(SecondsFormat::Micros, true),
            action: &self.action,
            state: &self.state,
            actor: self.actor,
            role: &self.role,
            for_officer: self.for_officer,
            public: &self.public,
            private_digest: &self.private_digest,
        };
        hex_digest(&serde_json::to_vec(&hashed).unwrap_or_default())
    }
}

/// What a case itself says of its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// How many rows there are.
    pub events: i32,
    /// The hash of the last one.
    pub hash: String,
    /// The state after the last one.
    pub state: String,
}

/// The first row of a history that is not as it was written, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The place of the row in the history.
    pub number: i32,
    /// What is wrong.
    pub why: &'static str,
}

/// Checks a history, in the order of its rows, against itself and against what the case says of it.
///
/// # Errors
/// The first row that was edited, deleted, moved or cut off.
pub fn verify(history: &[Event], head: &Head) -> Result<(), Broken> {
    let mut previous = GENESIS;
    for (expected, event) in (1..).zip(history) {
        let broken = |why| Err(Broken { number: expected, why });
        if event.number != expected {
            return broken("is missing");
        }
        if event.previous != previous {
            return broken("does not follow the row before it");
        }
        let kept = event.private.as_deref();
        if kept.is_some_and(|private| hex_digest(private.as_bytes()) != event.private_digest)
            || event.hash != event.computed_hash()
        {
            return broken("was edited");
        }
        previous = &event.hash;
    }
    let number = i32::try_from(history.len()).unwrap_or(i32::MAX);
    if number != head.events {
        let number = number.min(head.events).saturating_add(1);
        return Err(Broken {
            number,
            why: "is missing, or was added",
        });
    }
    if previous != head.hash {
        return Err(Broken {
            number,
            why: "is not the one that the case ends with",
        });
    }
    match history.last() {
        Some(last) if last.state != head.state => Err(Broken {
            number,
            why: "left the case in another state than it is in",
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn history(rows: i32) -> (Vec<Event>, Head) {
        let mut events: Vec<Event> = Vec::new();
        for number in 1..=rows {
            let event = Event {
                case: Uuid::nil(),
                number,
                at: DateTime::from_timestamp(1_795_494_600 + i64::from(number), 0).unwrap(),
                action: "add_note".into(),
                state: "in_progress".into(),
                actor: Some(Uuid::nil()),
                role: "officer".into(),
                for_officer: None,
                public: "{}".into(),
                private: Some(format!("{{\"note\":\"{number}\"}}")),
                private_digest: String::new(),
                previous: String::new(),
                hash: String::new(),
            };
            let previous = events.last().map_or(GENESIS, |event| &event.hash).to_owned();
            events.push(event.sealed(&previous));
        }
        let head = Head {
            events: rows,
            hash: events.last().map_or_else(String::new, |event| event.hash.clone()),
            state: "in_progress".into(),
        };
        (events, head)
    }

    #[test]
    fn a_history_as_it_was_written_is_whole_also_when_purged() {
        let (mut events, head) = history(5);
        assert_eq!(verify(&events, &head), Ok(()));
        events[2].private = None;
        assert_eq!(verify(&events, &head), Ok(()));
    }

    #[test]
    fn every_field_is_under_the_seal() {
        let edits: [fn(&mut Event); 9] = [
            |event| event.at += chrono::TimeDelta::microseconds(1),
            |event| event.action = "complete".into(),
            |event| event.state = "completed".into(),
            |event| event.actor = None,
            |event| event.role = "administrator".into(),
            |event| event.for_officer = Some(Uuid::nil()),
            |event| event.public = "{\"a\":1}".into(),
            |event| event.private = Some("{}".into()),
            |event| event.private_digest = "0".repeat(64),
        ];
        for edit in edits {
            let (mut events, head) = history(4);
            edit(&mut events[1]);
            assert_eq!(verify(&events, &head).unwrap_err().number, 2);
        }
    }

    /// Histories that are kept were sealed like this, and have to verify for ever.
    #[test]
    fn a_hash_is_made_of_the_same_for_ever() {
        let (events, head) = history(2);
        assert_eq!(
            events[0].private_digest,
            "a8dce11c91f0ca7dcc72d71d7ae647acbf1a0cc65404184d0494c52cdef601eb"
        );
        assert_eq!(
            head.hash,
            "0ea748b7a0a5061a0fbd40a2fe44a64d153677fcce57afe047a0381d5db73347"
        );
    }

    #[test]
    fn the_case_says_how_its_history_ends() {
        let why = |change: fn(&mut Head)| {
            let (events, mut head) = history(3);
            change(&mut head);
            let broken = verify(&events, &head).unwrap_err();
            (broken.number, broken.why)
        };
        assert_eq!(why(|head| head.events = 4), (4, "is missing, or was added"));
        assert_eq!(why(|head| head.events = 2), (3, "is missing, or was added"));
        assert_eq!(
            why(|head| head.hash = GENESIS.into()),
            (3, "is not the one that the case ends with")
        );
        assert_eq!(
            why(|head| head.state = "completed".into()),
            (3, "left the case in another state than it is in")
        );
        let nothing = Head {
            events: 0,
            hash: GENESIS.into(),
            state: "submitted".into(),
        };
        assert_eq!(verify(&[], &nothing), Ok(()));
    }

    proptest! {
        #[test]
        fn a_row_that_is_deleted_moved_or_cut_is_found(rows in 3..9_i32, at in 0..8_usize, how in 0..4_u8) {
            let (mut events, head) = history(rows);
            let at = at % events.len();
            match how {
                0 => { events.remove(at); }
                1 => { let other = (at + 1) % events.len(); events.swap(at, other); }
                2 => { events.truncate(at); }
                _ => { let again = events[at].clone(); events.insert(at, again); }
            }
            let broken = verify(&events, &head).unwrap_err();
            prop_assert!(broken.number >= 1 && broken.number <= rows + 1);
        }

        #[test]
        fn a_row_that_is_sealed_anew_breaks_the_next_one(rows in 3..9_i32, at in 0..8_usize) {
            let (mut events, head) = history(rows);
            let at = at % (events.len() - 1);
            events[at].action = "complete".into();
            let previous = events[at].previous.clone();
            events[at] = events[at].clone().sealed(&previous);
            prop_assert_eq!(verify(&events, &head).unwrap_err().number, i32::try_from(at).unwrap() + 2);
        }
    }
}
