//! Grievances: somebody says that a promise was broken, and three levels answer for it one after another.
//!
//! The rules are those of the Cabinet Division's Grievance Redress System Guidelines, 2015 (revised 2018); each says in its
//! doc comment which paragraph it comes from. How many working days a level has is data of the charter.

pub mod act;
pub mod admission;
pub mod blacklist;
mod complainant;
#[cfg(test)]
mod examples;
pub mod form;
mod input;
pub mod machine;
pub mod record;
pub mod report;
pub mod routing;
mod served;
pub mod statistics;
mod transition;

pub use complainant::{Complainant, KeptComplainant, Particulars, ShownComplainant, ShownIdentity};
pub use input::{AppealInput, GrievanceInput};
pub use machine::{Action, Facts, Party, State};
pub use served::{Grievance, GrievanceReceipt, Investigation, Who};
pub use transition::GrievanceTransitionInput;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::case::Medium;
use super::contact::Website;
use super::text::Text;
use super::words::words;

words! {
    /// Who complains [form ক-১]: they mirror the three categories of service.
    ComplainantKind {
        /// নাগরিক
        Citizen,
        /// দাপ্তরিক: one office about another
        Official,
        /// কর্মকর্তা-কর্মচারী
        Staff,
    }
}

words! {
    /// How a grievance came in [form গ-১].
    GrievanceMedium {
        /// ওয়েবসাইট
        Website,
        /// an application on a telephone; the monthly report counts it with the website
        MobileApp,
        /// কল সেন্টার (333): typed in by whoever is signed in
        CallCentre,
        /// প্রচলিত পদ্ধতি, a letter or the front desk: typed in by staff
        Conventional,
        /// স্ব-প্রণোদিত: taken up by the office itself
        OwnMotion,
    }
}

impl GrievanceMedium {
    /// Whether a grievance may come in so from somebody.
    pub const fn is_open_to(self, signed_in: bool, staff: bool) -> bool {
        match self {
            Self::Website => Medium::Website.is_open_to(signed_in, staff),
            Self::MobileApp => Medium::MobileApp.is_open_to(signed_in, staff),
            Self::CallCentre => Medium::CallCentre.is_open_to(signed_in, staff),
            Self::Conventional => Medium::Conventional.is_open_to(signed_in, staff),
            Self::OwnMotion => staff,
        }
    }

    /// Whether somebody sends it alone, with nobody of the office between.
    pub const fn is_online(self) -> bool {
        matches!(self, Self::Website | Self::MobileApp)
    }
}

words! {
    /// What proves who somebody is [form ক-১].
    IdentityKind {
        /// জাতীয় পরিচয়পত্র
        NationalId,
        /// জন্ম নিবন্ধন
        BirthRegistration,
        /// পাসপোর্ট
        Passport,
    }
}

/// The number of a paper that proves who somebody is [form ক-১].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Which paper.
    pub kind: IdentityKind,
    /// Its number, in Bangla or ASCII digits.
    #[schemars(length(min = 4, max = 40), regex(pattern = "^[০-৯0-9A-Za-z -]*[০-৯0-9A-Za-z][০-৯0-9A-Za-z -]*$"), extend("examples" = ["১৯৯০৪৭১২৩৪৫৬৭৮৯০১"]))]
    pub number: String,
}

words! {
    /// What the complainant is to the person who was to be served [form ক-১; 6.1(চ)].
    Relation {
        /// that person
        Oneself,
        /// a representative of the institution
        Institution,
        /// a parent
        Parent,
        /// the husband or wife
        Spouse,
        /// a child
        Child,
    }
}

words! {
    /// Which of those who redress grievances a grievance is about.
    AboutHandler {
        /// অভিযোগ নিষ্পত্তি কর্মকর্তা (অনিক): level 1
        GrievanceRedressOfficer,
        /// আপিল কর্মকর্তা: level 2
        AppealOfficer,
    }
}

impl AboutHandler {
    /// The level at which this one redresses.
    pub const fn level(self) -> i32 {
        match self {
            Self::GrievanceRedressOfficer => 1,
            Self::AppealOfficer => 2,
        }
    }
}

/// A paper that belongs to a grievance [form ক-১], kept by the complainant where the office can get it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// What it is.
    #[schemars(length(min = 1, max = 200), regex(pattern = r"\S"), extend("examples" = ["আবেদনের কপি"]))]
    pub title: String,
    /// Where it is.
    pub url: Website,
}

/// Somebody who investigates, by name or post [7.1.2].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Investigator(
    #[schemars(length(min = 1, max = 200), regex(pattern = r"\S"), extend("examples" = ["অতিরিক্ত জেলা প্রশাসক"]))] String,
);

impl From<&str> for Investigator {
    fn from(who: &str) -> Self {
        Self(who.to_owned())
    }
}

words! {
    /// Why a grievance is filed without action (নথিজাত) [6.1, last list; 7.1; 8].
    DismissalReason {
        /// before a court or under its investigation
        BeforeCourt,
        /// about the right to information, which has a law of its own
        RightToInformation,
        /// a law gives a review or an appeal of the order
        LegalRemedy,
        /// the time limit of the service had not passed [6.1(ঙ)]
        TooEarly,
        /// anonymous, and neither of a kind nor of a gravity to act on [7.1.1(খ)]
        Anonymous,
        /// from somebody who is on the blacklist [8]
        Blacklisted,
        /// the same was filed before
        Duplicate,
        /// anything else, as the message says
        Other,
    }
}

words! {
    /// What is decided about a grievance [7.1(ঙ), 7.2(ঙ)].
    Outcome {
        /// the service was given meanwhile
        ServiceGiven,
        /// more time was granted, up to a day
        TimeGranted,
        /// the officer's reply satisfies
        ReplySatisfactory,
        /// the officer was directed to give the service
        ServiceDirected,
        /// the decision of the level below stands
        Upheld,
        /// the officer was directed to comply with the decision of the level below
        ComplianceDirected,
        /// another decision takes the place of that of the level below
        Replaced,
        /// departmental action was recommended [7.4(ঘ)]
        DepartmentalActionRecommended,
        /// referred to the head of the office or to another authority
        Referred,
    }
}

impl Outcome {
    /// Whether somebody has to comply with it before the grievance is closed.
    pub const fn awaits_compliance(self) -> bool {
        matches!(
            self,
            Self::TimeGranted | Self::ServiceDirected | Self::ComplianceDirected
        )
    }

    /// What it is called in the registers.
    pub fn title(self) -> Text {
        let (bn, en) = match self {
            Self::ServiceGiven => ("সেবা প্রদান করা হয়েছে", "Service given since"),
            Self::TimeGranted => ("সময় মঞ্জুর", "More time granted"),
            Self::ReplySatisfactory => ("জবাব সন্তোষজনক", "Reply satisfactory"),
            Self::ServiceDirected => ("সেবা প্রদানের নির্দেশ", "Directed to give the service"),
            Self::Upheld => ("সিদ্ধান্ত বহাল", "Decision upheld"),
            Self::ComplianceDirected => ("সিদ্ধান্ত প্রতিপালনের নির্দেশ", "Directed to comply with the decision"),
            Self::Replaced => ("সিদ্ধান্ত পরিবর্তন", "Decision replaced"),
            Self::DepartmentalActionRecommended => ("বিভাগীয় ব্যবস্থার সুপারিশ", "Departmental action recommended"),
            Self::Referred => ("অন্য কর্তৃপক্ষের নিকট প্রেরণ", "Referred"),
        };
        Text::new(bn, en)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn how_a_grievance_comes_in() {
        let ways = |medium: &GrievanceMedium| {
            let open = [(false, false), (true, false), (true, true)]
                .map(|(signed_in, staff)| medium.is_open_to(signed_in, staff));
            (open, medium.is_online())
        };
        let of_all: Vec<([bool; 3], bool)> = GrievanceMedium::ALL.iter().map(ways).collect();
        assert_eq!(
            of_all,
            [
                ([true; 3], true),
                ([true; 3], true),
                ([false, true, true], false),
                ([false, false, true], false),
                ([false, false, true], false)
            ]
        );
    }

    #[test]
    fn those_who_redress_do_so_at_a_level() {
        let levels: Vec<i32> = AboutHandler::ALL.iter().map(|handler| handler.level()).collect();
        assert_eq!(levels, [1, 2]);
    }

    #[test]
    fn an_outcome_has_its_own_title_and_some_await_compliance() {
        let titles: Vec<Text> = Outcome::ALL.iter().map(|outcome| outcome.title()).collect();
        assert!(titles.iter().all(|title| !title.bn.is_empty() && !title.en.is_empty()));
        let bangla: HashSet<&str> = titles.iter().map(|title| title.bn.as_str()).collect();
        let english: HashSet<&str> = titles.iter().map(|title| title.en.as_str()).collect();
        assert_eq!((bangla.len(), english.len()), (titles.len(), titles.len()));
        let awaiting: Vec<&Outcome> = Outcome::ALL
            .iter()
            .filter(|outcome| outcome.awaits_compliance())
            .collect();
        assert_eq!(
            awaiting,
            [
                &Outcome::TimeGranted,
                &Outcome::ServiceDirected,
                &Outcome::ComplianceDirected
            ]
        );
    }
}
