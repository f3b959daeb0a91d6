//! By when a service is promised (the charter's column 6).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::bangla::fold;
use super::fault::Fault;
use super::text::Text;
use super::words::words;

words! {
    /// How the time limit of a service is counted.
    TimeLimitKind {
        /// তাৎক্ষণিক / কার্যদিবস: by the end of the first working day
        Immediate,
        /// a number of working days
        WorkingDays,
        /// নির্দেশনা অনুযায়ী: no day until the officer names one
        AsDirected,
    }
}

/// The time limit of a service, in working days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TimeLimit {
    /// How the limit is counted.
    pub kind: TimeLimitKind,
    /// The limit in working days; present only where the kind is `working_days`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 366), extend("examples" = [5]))]
    pub working_days: Option<i32>,
    /// Whether the charter adds "where applicable" (প্রযোজ্য ক্ষেত্রে).
    #[schemars(extend("examples" = [true]))]
    pub where_applicable: bool,
    /// The published words.
    pub text: Text,
}

/// What published Bangla words promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// How the limit is counted.
    pub kind: TimeLimitKind,
    /// The number of working days, where it is counted in them.
    pub working_days: Option<i32>,
    /// Whether the words add "where applicable".
    pub where_applicable: bool,
}

/// Reads the published Bangla words of a time limit, in any of their spellings. `None` where they are not understood.
pub fn parse(published: &str) -> Option<Parsed> {
    let folded = fold(published);
    let where_applicable = folded.contains(&fold("প্রযোজ্য"));
    let parsed = |kind, working_days| Parsed {
        kind,
        working_days,
        where_applicable,
    };
    if folded.contains(&fold("তাৎক্ষণিক")) {
        return Some(parsed(TimeLimitKind::Immediate, None));
    }
    if folded.replace(' ', "").contains(&fold("কার্যদিবস")) {
        let number = folded.split(' ').find(|w| w.chars().all(|c| c.is_ascii_digit()))?;
        let days = number.parse().ok().filter(|days| (1..=366).contains(days))?;
        return Some(parsed(TimeLimitKind::WorkingDays, Some(days)));
    }
    folded
        .contains(&fold("নির্দেশনা"))
        .then(|| parsed(TimeLimitKind::AsDirected, None))
}

impl TimeLimit {
    /// What the schema cannot say: the days go with the kind, and all of it with the published words.
    pub(super) fn faults(&self, at: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        match (self.kind, self.working_days) {
            (TimeLimitKind::WorkingDays, None) => faults.push(Fault::new(
                format!("{at}/working_days"),
                "required",
                "a limit in working days needs their number",
            )),
            (TimeLimitKind::Immediate | TimeLimitKind::AsDirected, Some(_)) => faults.push(Fault::new(
                format!("{at}/working_days"),
                "not_allowed",
                "only a limit of kind `working_days` has a number of days",
            )),
            _ => {}
        }
        let Some(words) = parse(&self.text.bn) else {
            return faults;
        };
        if words.kind != self.kind {
            faults.push(Fault::new(
                format!("{at}/kind"),
                "contradicts_text",
                format!("the published words say `{}`", words.kind.as_str()),
            ));
        } else if let (Some(said), Some(given)) = (words.working_days, self.working_days)
            && said != given
        {
            faults.push(Fault::new(
                format!("{at}/working_days"),
                "contradicts_text",
                format!("the published words say {said}"),
            ));
        }
        if words.where_applicable != self.where_applicable {
            faults.push(Fault::new(
                format!("{at}/where_applicable"),
                "contradicts_text",
                format!("the published words say `{}`", words.where_applicable),
            ));
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::bangla::to_bangla_digits;
    use crate::domain::fault::in_short;
    use proptest::prelude::*;

    fn read(words: &str) -> Option<(&'static str, Option<i32>, bool)> {
        parse(words).map(|p| (p.kind.as_str(), p.working_days, p.where_applicable))
    }

    #[test]
    fn published_words() {
        for (words, expected) in [
            ("তাৎক্ষণিক/ কার্যদিবস (প্রয়োজ্য ক্ষেত্রে)", Some(("immediate", None, true))),
            ("তাৎক্ষনিক/কার্যদিবস (প্রযোজ্য ক্ষেত্রে)", Some(("immediate", None, true))),
            ("তাৎক্ষণিক", Some(("immediate", None, false))),
            ("০৫ (পাঁচ) কার্যদিবস (প্রয়োজ্য ক্ষেত্রে)", Some(("working_days", Some(5), true))),
            ("০৩ (তিন) কার্য দিবস", Some(("working_days", Some(3), false))),
            ("৩০ কার্যদিবস", Some(("working_days", Some(30), false))),
            ("নির্দেশনা অনুযায়ী", Some(("as_directed", None, false))),
            ("কার্যদিবস", None),
            ("০ কার্যদিবস", None),
            ("শীঘ্রই", None),
        ] {
            assert_eq!(read(words), expected, "{words}");
        }
    }

    fn faults(kind: TimeLimitKind, working_days: Option<i32>, where_applicable: bool, published: &str) -> Vec<String> {
        let limit = TimeLimit {
            kind,
            working_days,
            where_applicable,
            text: Text::new(published, "Time limit"),
        };
        in_short(limit.faults("/time_limit"))
    }

    #[test]
    fn the_days_go_with_the_kind() {
        use TimeLimitKind::{AsDirected, Immediate, WorkingDays};
        let none: [&str; 0] = [];
        let words = "শীঘ্রই";
        assert_eq!(faults(WorkingDays, Some(5), true, words), none, "words not understood");
        assert_eq!(faults(Immediate, None, false, words), none);
        assert_eq!(
            faults(WorkingDays, None, false, words),
            ["/time_limit/working_days required"]
        );
        for kind in [Immediate, AsDirected] {
            assert_eq!(
                faults(kind, Some(5), false, words),
                ["/time_limit/working_days not_allowed"]
            );
        }
    }

    #[test]
    fn the_limit_is_what_the_words_say() {
        use TimeLimitKind::{Immediate, WorkingDays};
        let none: [&str; 0] = [];
        let words = "০৫ (পাঁচ) কার্যদিবস";
        assert_eq!(faults(WorkingDays, Some(5), false, words), none);
        assert_eq!(
            faults(WorkingDays, Some(6), false, words),
            ["/time_limit/working_days contradicts_text"]
        );
        assert_eq!(
            faults(Immediate, None, false, words),
            ["/time_limit/kind contradicts_text"]
        );
        assert_eq!(
            faults(WorkingDays, Some(5), true, words),
            ["/time_limit/where_applicable contradicts_text"]
        );
        assert_eq!(
            faults(WorkingDays, None, false, words),
            ["/time_limit/working_days required"]
        );
    }

    proptest! {
        #[test]
        fn any_number_of_days_is_read_in_both_scripts(days in 1..=366_i32, zeros in 0..3_usize) {
            let digits = format!("{}{days}", "0".repeat(zeros));
            for number in [digits.clone(), to_bangla_digits(&digits)] {
                prop_assert_eq!(
                    read(&format!("{number} কার্যদিবস")),
                    Some(("working_days", Some(days), false))
                );
            }
        }

        #[test]
        fn no_words_make_it_panic(words in "\\PC{0,80}") {
            if let Some(parsed) = parse(&words) {
                prop_assert_eq!(parsed.working_days.is_some(), parsed.kind == TimeLimitKind::WorkingDays);
            }
        }
    }
}
