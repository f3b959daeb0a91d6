//! How a service is delivered (the charter's column 3).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::bangla::fold;
use super::text::Text;

/// A way in which a service is asked for or given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// দাপ্তরিক ওয়েব সাইট
    Website,
    /// টেলিফোন
    Telephone,
    /// ই-মেইল
    Email,
    /// সরাসরি, ব্যক্তিগত উপস্থিতি
    InPerson,
    /// অনলাইন
    Online,
    /// ই-নথি, the government's electronic filing system
    ENothi,
    /// পত্র মারফত
    Letter,
    /// অধিযাচন
    Requisition,
    /// চাহিদা মোতাবেক
    OnDemand,
    /// উর্ধ্বতন কর্তৃপক্ষের নির্দেশনা মোতাবেক
    AsDirected,
    /// বার্ষিক কর্ম পরিকল্পনা অনুযায়ী
    AnnualWorkPlan,
    /// প্রশিক্ষণ সেশন
    TrainingSession,
}

impl Channel {
    /// Every channel, with the Bangla words that name it in published charters.
    pub const ALL: [(Self, &'static [&'static str]); 12] = [
        (Self::Website, &["ওয়েব সাইট"]),
        (Self::Telephone, &["টেলিফোন"]),
        (Self::Email, &["ই-মেইল"]),
        (Self::InPerson, &["সরাসরি", "ব্যক্তিগত উপস্থিতি"]),
        (Self::Online, &["অনলাইন"]),
        (Self::ENothi, &["ই-নথি"]),
        (Self::Letter, &["পত্র মারফত"]),
        (Self::Requisition, &["অধিযাচন"]),
        (Self::OnDemand, &["চাহিদা মোতাবেক"]),
        (Self::AsDirected, &["নির্দেশনা মোতাবেক"]),
        (Self::AnnualWorkPlan, &["কর্ম পরিকল্পনা"]),
        (Self::TrainingSession, &["প্রশিক্ষণ সেশন"]),
    ];

    /// The name in URLs, JSON and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Website => "website",
            Self::Telephone => "telephone",
            Self::Email => "email",
            Self::InPerson => "in_person",
            Self::Online => "online",
            Self::ENothi => "e_nothi",
            Self::Letter => "letter",
            Self::Requisition => "requisition",
            Self::OnDemand => "on_demand",
            Self::AsDirected => "as_directed",
            Self::AnnualWorkPlan => "annual_work_plan",
            Self::TrainingSession => "training_session",
        }
    }

    /// The channel of a name, `None` where there is none such.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .map(|(channel, _)| *channel)
            .find(|c| c.as_str() == name)
    }
}

/// How a service is delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Delivery {
    /// The channels that the published words name, in their order.
    #[schemars(length(min = 1, max = 20), extend("uniqueItems" = true, "examples" = [["in_person", "email"]]))]
    pub channels: Vec<Channel>,
    /// The published words.
    pub text: Text,
}

/// The channels that published Bangla words name, in the order of the words.
pub fn parse(published: &str) -> Vec<Channel> {
    let despaced = |text: &str| fold(text).replace(' ', "");
    let words = despaced(published);
    let mut found: Vec<(usize, Channel)> = Channel::ALL
        .iter()
        .filter_map(|(channel, names)| {
            let first = names.iter().filter_map(|name| words.find(&despaced(name))).min()?;
            Some((first, *channel))
        })
        .collect();
    found.sort_by_key(|(first, _)| *first);
    found.into_iter().map(|(_, channel)| channel).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(words: &str) -> Vec<&'static str> {
        parse(words).into_iter().map(Channel::as_str).collect()
    }

    #[test]
    fn published_words() {
        assert_eq!(names("সরাসরি/ই- মেইল/চাহিদা মোতাবেক"), ["in_person", "email", "on_demand"]);
        assert_eq!(
            names("দাপ্তরিক ওয়েবসাইট/ টেলিফোন/ ই-নথি"),
            ["website", "telephone", "e_nothi"]
        );
        assert_eq!(
            names("অধিযাচন এর মাধ্যমে, সরাসরি যোগাযোগের মাধ্যমে"),
            ["requisition", "in_person"]
        );
        assert_eq!(
            names("উর্ধ্বতন কর্তৃপক্ষের নির্দেশনা মোতাবেক/অধিদপ্তরের বার্ষিক কর্মপরিকল্পনা অনুযায়ী"),
            ["as_directed", "annual_work_plan"]
        );
        assert!(names("ঢোল পিটিয়ে").is_empty());
    }

    #[test]
    fn every_name_leads_back_to_its_channel() {
        for (channel, _) in Channel::ALL {
            assert_eq!(Channel::from_name(channel.as_str()), Some(channel));
            assert_eq!(serde_json::json!(channel), serde_json::json!(channel.as_str()));
        }
    }
}
