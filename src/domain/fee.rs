//! What a service costs (the charter's column 5).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::bangla::fold;
use super::fault::Fault;
use super::text::Text;
use super::words::words;

words! {
    /// How the fee of a service is set.
    FeeKind {
        /// বিনামূল্যে
        Free,
        /// নীতিমালা অনুযায়ী
        ByPolicy,
        /// an amount in taka
        Fixed,
    }
}

/// The fee of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// How the fee is set.
    pub kind: FeeKind,
    /// The amount in Bangladeshi taka; present only where the kind is `fixed`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1_000_000_000_i64), extend("examples" = [100]))]
    pub amount_bdt: Option<i64>,
    /// The published words.
    pub text: Text,
}

/// The fee that published Bangla words name: its kind and, where it is fixed, the amount in taka. `None` where the
/// words are not understood.
pub fn parse(published: &str) -> Option<(FeeKind, Option<i64>)> {
    let folded = fold(published);
    if folded.contains(&fold("বিনামূল্যে")) || folded.contains(&fold("বিনা মূল্যে"))
    {
        return Some((FeeKind::Free, None));
    }
    if folded.contains(&fold("নীতিমালা")) {
        return Some((FeeKind::ByPolicy, None));
    }
    let words: Vec<&str> = folded.split(' ').collect();
    let taka = words.iter().position(|w| *w == "টাকা" || *w == "৳")?;
    // a fold parts "১,০০০" at its comma: take every group of digits in front of the word
    let mut digits = String::new();
    for word in words[..taka]
        .iter()
        .rev()
        .take_while(|w| w.chars().all(|c| c.is_ascii_digit()))
    {
        digits.insert_str(0, word);
    }
    let amount = digits.parse().ok().filter(|amount| *amount > 0)?;
    Some((FeeKind::Fixed, Some(amount)))
}

impl Fee {
    /// How much it is in taka; `None` where a policy says it.
    pub const fn taka(&self) -> Option<i64> {
        match self.kind {
            FeeKind::Free => Some(0),
            FeeKind::Fixed => self.amount_bdt,
            FeeKind::ByPolicy => None,
        }
    }

    /// What the schema cannot say: the amount goes with the kind, and both with the published words.
    pub(super) fn faults(&self, at: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        match (self.kind, self.amount_bdt) {
            (FeeKind::Fixed, None) => faults.push(Fault::new(
                format!("{at}/amount_bdt"),
                "required",
                "a fixed fee needs its amount in taka",
            )),
            (FeeKind::Free | FeeKind::ByPolicy, Some(_)) => faults.push(Fault::new(
                format!("{at}/amount_bdt"),
                "not_allowed",
                "only a fixed fee has an amount",
            )),
            _ => {}
        }
        if let Some((kind, amount)) = parse(&self.text.bn)
            && (kind, amount) != (self.kind, self.amount_bdt)
            && faults.is_empty()
        {
            faults.push(Fault::new(
                format!("{at}/kind"),
                "contradicts_text",
                format!("the published words say `{}`", kind.as_str()),
            ));
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::in_short;

    #[test]
    fn published_words() {
        for (words, fee) in [
            ("বিনামূল্যে", Some((FeeKind::Free, None))),
            ("বিনামুল্যে", Some((FeeKind::Free, None))),
            ("বিদ্যমান সরকারী নীতিমালা অনুযায়ী", Some((FeeKind::ByPolicy, None))),
            ("নীতিমালা অনুযায়ী", Some((FeeKind::ByPolicy, None))),
            ("১০০ টাকা", Some((FeeKind::Fixed, Some(100)))),
            ("আবেদন ফি ১,৫০০ টাকা", Some((FeeKind::Fixed, Some(1500)))),
            ("টাকা", None),
            ("০ টাকা", None),
            ("আলোচনা সাপেক্ষে", None),
        ] {
            assert_eq!(parse(words), fee, "{words}");
        }
    }
    fn fee(kind: FeeKind, amount_bdt: Option<i64>, published: &str) -> Fee {
        Fee {
            kind,
            amount_bdt,
            text: Text::new(published, "Fee"),
        }
    }

    #[test]
    fn what_is_free_costs_nothing_and_a_policy_says_nothing() {
        assert_eq!(fee(FeeKind::Free, None, "বিনামূল্যে").taka(), Some(0));
        assert_eq!(fee(FeeKind::Fixed, Some(100), "১০০ টাকা").taka(), Some(100));
        assert_eq!(fee(FeeKind::ByPolicy, None, "নীতিমালা অনুযায়ী").taka(), None);
    }

    #[test]
    fn an_amount_goes_with_its_kind_and_both_with_the_words() {
        let faults = |kind, amount, published| in_short(fee(kind, amount, published).faults("/fee"));
        let none: [&str; 0] = [];
        assert_eq!(faults(FeeKind::Free, None, "বিনামূল্যে"), none);
        assert_eq!(faults(FeeKind::Fixed, Some(100), "১০০ টাকা"), none);
        assert_eq!(
            faults(FeeKind::Fixed, Some(100), "আলোচনা সাপেক্ষে"),
            none,
            "words not understood"
        );
        assert_eq!(faults(FeeKind::Fixed, None, "১০০ টাকা"), ["/fee/amount_bdt required"]);
        assert_eq!(
            faults(FeeKind::Free, Some(1), "বিনামূল্যে"),
            ["/fee/amount_bdt not_allowed"]
        );
        assert_eq!(
            faults(FeeKind::ByPolicy, Some(1), "নীতিমালা"),
            ["/fee/amount_bdt not_allowed"]
        );
        assert_eq!(
            faults(FeeKind::ByPolicy, None, "বিনামূল্যে"),
            ["/fee/kind contradicts_text"]
        );
        assert_eq!(
            faults(FeeKind::Fixed, Some(99), "১০০ টাকা"),
            ["/fee/kind contradicts_text"]
        );
    }
}
