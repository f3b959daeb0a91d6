//! What both kinds of case share: the code it is followed by, its clock, its history.

pub mod clock;
pub mod event;
pub mod history;
pub mod tracking;
pub mod tracking_code;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::contact::{Email, PhoneE164};
use crate::domain::permission::Role;
use crate::domain::personal_data::Sealed;
use crate::domain::words::words;

/// How whoever filed a case is reached.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Contact {
    /// The mobile, as a telephone dials it.
    pub mobile: PhoneE164,
    /// The e-mail address.
    pub email: Option<Email>,
}

/// That somebody was shown what is sealed of whoever filed a case, as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Showing {
    /// When it was shown.
    pub shown_at: DateTime<Utc>,
    /// The account that it was shown to.
    #[schemars(extend("examples" = ["01a20adc-66ff-7b8d-8a7c-0e9d8c7b6a5f"]))]
    pub shown_to: Uuid,
    /// In which role.
    pub role: Role,
}

/// A case of either kind, as far as its history is concerned.
pub trait Case {
    /// Identifies the case.
    fn id(&self) -> Uuid;
    /// The name of the state that it is in.
    fn state_name(&self) -> &'static str;
    /// How many rows its history has, and the hash of the last one.
    fn history(&mut self) -> &mut (i32, String);
    /// The account or client that filed it.
    fn filed_by(&self) -> Option<Uuid>;
    /// What is sealed of whoever filed it, a [`Contact`] with more; nobody is where it is anonymous.
    fn personal(&self) -> Option<&Sealed>;
}

words! {
    /// How a case came in.
    Medium {
        /// ওয়েবসাইট
        Website,
        /// an application on a telephone
        MobileApp,
        /// কল সেন্টার (333): typed in by whoever is signed in
        CallCentre,
        /// প্রচলিত পদ্ধতি, a letter or the front desk: typed in by staff
        Conventional,
    }
}

impl Medium {
    /// Whether a case may come in so from somebody: what is typed in for others is typed in by those who are signed in.
    pub const fn is_open_to(self, signed_in: bool, staff: bool) -> bool {
        match self {
            Self::Website | Self::MobileApp => true,
            Self::CallCentre => signed_in,
            Self::Conventional => staff,
        }
    }
}

words! {
    /// In which language somebody wants to be written to.
    #[derive(Default)]
    Language {
        /// বাংলা
        #[default]
        Bn,
        /// English
        En,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_in_for_others_is_typed_in_by_those_who_are_signed_in() {
        let ways = |medium: &Medium| {
            [(false, false), (true, false), (true, true)].map(|(signed_in, staff)| medium.is_open_to(signed_in, staff))
        };
        let open: Vec<[bool; 3]> = Medium::ALL.iter().map(ways).collect();
        assert_eq!(open, [[true; 3], [true; 3], [false, true, true], [false, false, true]]);
    }
}
