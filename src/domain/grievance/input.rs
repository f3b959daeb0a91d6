//! What complainants send [forms ক-১ and ক-২].

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::{AboutHandler, Attachment, ComplainantKind, GrievanceMedium, Identity, Relation};
use crate::domain::calendar::{DAY_PATTERN, range_fault};
use crate::domain::case::Language;
use crate::domain::contact::{Email, OfficeCode, Phone, PhoneE164};
use crate::domain::fault::Fault;
use crate::domain::phone;

/// A grievance [form ক-১]. Whoever is named gives name, identity, both addresses and mobile; an anonymous grievance gives none
/// of them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GrievanceInput {
    /// The office. It may be left out where the service, the service request or the officer says it.
    pub office: Option<OfficeCode>,
    /// The service that it is about.
    #[schemars(extend("examples" = ["01a20ada-2c02-7403-8776-ea055f760188"]))]
    pub service_id: Option<Uuid>,
    /// The tracking code of the service request that it is about.
    #[schemars(length(min = 1, max = 64), regex(pattern = r"\S"), extend("examples" = ["7ZK3-9QWM-04TD-XB2R"]))]
    pub service_request: Option<String>,
    /// The officer whom it is about.
    #[schemars(extend("examples" = ["01a20ada-2c01-79c0-8273-a277d6ca015b"]))]
    pub officer_id: Option<Uuid>,
    /// Which of those who redress grievances it is about, where it is about one of them.
    pub about_handler: Option<AboutHandler>,
    /// The day on which the service was applied for, where that was not by a service request of this system.
    #[schemars(extend("pattern" = DAY_PATTERN, "examples" = ["2026-11-02"]))]
    pub applied_on: Option<NaiveDate>,
    /// Whether a decision on that application has been made already [6.1(ঙ)].
    #[schemars(extend("examples" = [false]))]
    pub decision_made: Option<bool>,
    /// Who complains; `citizen` where nothing is said.
    pub complainant_kind: Option<ComplainantKind>,
    /// Whether nobody is to know who complains [7.1.1(খ)].
    #[schemars(extend("examples" = [false]))]
    pub anonymous: Option<bool>,
    /// The complainant's name.
    #[schemars(length(min = 1, max = 200), regex(pattern = r"\S"), extend("examples" = ["মোছাঃ রহিমা খাতুন"]))]
    pub name: Option<String>,
    /// The number of the national identity card, birth registration or passport.
    pub identity: Option<Identity>,
    /// The permanent address.
    #[schemars(length(min = 1, max = 1000), regex(pattern = r"\S"), extend("examples" = ["গ্রাম: চালনা, দাকোপ, খুলনা"]))]
    pub permanent_address: Option<String>,
    /// The present address.
    #[schemars(length(min = 1, max = 1000), regex(pattern = r"\S"), extend("examples" = ["খালিশপুর, খুলনা"]))]
    pub present_address: Option<String>,
    /// The mobile, in Bangla or ASCII digits.
    #[schemars(extend("examples" = ["০১৭১১-১২৩৪৫৬"]))]
    pub mobile: Option<Phone>,
    /// The e-mail address.
    pub email: Option<Email>,
    /// What the complainant is to the person who was to be served; `oneself` where nothing is said [6.1(চ)].
    pub relation: Option<Relation>,
    /// The name of that person or institution, where it is not the complainant.
    #[schemars(length(min = 1, max = 200), regex(pattern = r"\S"), extend("examples" = ["মোঃ আব্দুল করিম"]))]
    pub served_name: Option<String>,
    /// What it is about, in a line.
    #[schemars(length(min = 1, max = 200), regex(pattern = r"\S"), extend("examples" = ["সময়মতো সেবা পাইনি"]))]
    pub subject: String,
    /// What happened.
    #[schemars(length(min = 1, max = 8000), regex(pattern = r"\S"), extend("examples" = ["নির্ধারিত সময়সীমা পার হলেও সেবা দেওয়া হয়নি।"]))]
    pub description: String,
    /// The papers that belong to it.
    #[schemars(length(max = 10))]
    pub attachments: Option<Vec<Attachment>>,
    /// Whether the matter is before a court or under its investigation: then it is not admissible [6.1].
    #[schemars(extend("examples" = [false]))]
    pub before_court: Option<bool>,
    /// Whether it is about the right to information: then it is not admissible [6.1].
    #[schemars(extend("examples" = [false]))]
    pub about_right_to_information: Option<bool>,
    /// Whether a law gives a review or an appeal of the order: then it is not admissible [6.1].
    #[schemars(extend("examples" = [false]))]
    pub legal_remedy: Option<bool>,
    /// The declaration that all of it is true: it has to be true.
    #[schemars(extend("examples" = [true]))]
    pub declared_true: bool,
    /// How it came in; `website` where nothing is said.
    pub medium: Option<GrievanceMedium>,
    /// In which language the complainant wants to be written to; `bn` where nothing is said.
    pub language: Option<Language>,
}

impl GrievanceInput {
    /// What the schema cannot say. `signed_in` is whether somebody is, and whether that is staff.
    pub fn faults(&self, today: NaiveDate, signed_in: bool, staff: bool) -> Vec<Fault> {
        let mut faults = Vec::new();
        let subject = [
            self.office.is_some(),
            self.service_id.is_some(),
            self.service_request.is_some(),
            self.officer_id.is_some(),
        ];
        if subject.iter().all(|there| !there) {
            faults.push(Fault::new(
                "/office",
                "required",
                "is required where no service, service request or officer says it",
            ));
        }
        faults.extend(self.person_faults());
        faults.extend(self.relation_fault());
        if self.mobile.is_some() && self.mobile_e164().is_none() {
            faults.push(Fault::new(
                "/mobile",
                "invalid_format",
                "cannot be read as a telephone number",
            ));
        }
        if !self.declared_true {
            faults.push(Fault::new(
                "/declared_true",
                "not_confirmed",
                "has to be true: whoever complains declares that it is",
            ));
        }
        if let Some(applied_on) = self.applied_on {
            faults.extend(range_fault(applied_on, "/applied_on"));
            if applied_on > today {
                faults.push(Fault::new("/applied_on", "out_of_range", "must not lie ahead"));
            }
        }
        if !self.medium().is_open_to(signed_in, staff) {
            faults.push(Fault::new(
                "/medium",
                "not_allowed",
                "is typed in by those who are signed in",
            ));
        }
        faults
    }

    /// Whoever is named says who that is; an anonymous grievance cannot be linked to a person.
    fn person_faults(&self) -> Vec<Fault> {
        let required = [
            ("/name", self.name.is_some()),
            ("/identity", self.identity.is_some()),
            ("/permanent_address", self.permanent_address.is_some()),
            ("/present_address", self.present_address.is_some()),
            ("/mobile", self.mobile.is_some()),
        ];
        let linking = [
            ("/email", self.email.is_some()),
            ("/served_name", self.served_name.is_some()),
            // the request has its applicant's name
            ("/service_request", self.service_request.is_some()),
        ];
        if self.is_anonymous() {
            let there = required.into_iter().chain(linking).filter(|(_, there)| *there);
            return there
                .map(|(at, _)| Fault::new(at, "not_allowed", "would tell who complains: this one is anonymous"))
                .collect();
        }
        let missing = required.into_iter().filter(|(_, there)| !there);
        missing
            .map(|(at, _)| Fault::new(at, "required", "is required unless the grievance is anonymous"))
            .collect()
    }

    fn relation_fault(&self) -> Option<Fault> {
        if self.is_anonymous() {
            return None;
        }
        match (self.relation(), &self.served_name) {
            (Relation::Oneself, Some(_)) => Some(Fault::new(
                "/served_name",
                "not_allowed",
                "has no meaning for whoever complains for oneself",
            )),
            (Relation::Oneself, None) | (_, Some(_)) => None,
            (_, None) => Some(Fault::new(
                "/served_name",
                "required",
                "is required of whoever complains for another",
            )),
        }
    }

    /// Whether it says of itself that it is not admissible [6.1, last list].
    pub fn is_inadmissible(&self) -> bool {
        [self.before_court, self.about_right_to_information, self.legal_remedy].contains(&Some(true))
    }

    /// The mobile as a telephone dials it.
    pub fn mobile_e164(&self) -> Option<PhoneE164> {
        let mobile = self.mobile.as_ref()?;
        phone::to_e164(mobile.as_str()).map(Into::into)
    }

    /// Whether nobody is to know who complains.
    pub fn is_anonymous(&self) -> bool {
        self.anonymous == Some(true)
    }

    /// How it came in.
    pub fn medium(&self) -> GrievanceMedium {
        self.medium.unwrap_or(GrievanceMedium::Website)
    }

    /// What the complainant is to the person who was to be served.
    pub fn relation(&self) -> Relation {
        self.relation.unwrap_or(Relation::Oneself)
    }
}

/// An appeal of the complainant [form ক-২].
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AppealInput {
    /// The grounds, for those only who handle it.
    #[schemars(length(min = 1, max = 4000), regex(pattern = r"\S"), extend("examples" = ["সিদ্ধান্তে আমার সমস্যার সমাধান হয়নি।"]))]
    pub message: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::in_short;
    use crate::domain::json_schema;
    use serde_json::{Value, json};

    fn read(change: fn(&mut Value)) -> GrievanceInput {
        let mut input = json!({
            "service_id": "01a20ada-2c02-7403-8776-ea055f760188", "name": "রহিমা", "permanent_address": "দাকোপ",
            "identity": {"kind": "national_id", "number": "১৯৯০৪৭১২৩৪৫৬৭৮৯০১"}, "present_address": "খুলনা",
            "mobile": "০১৭১১-১২৩৪৫৬", "subject": "বিলম্ব", "description": "সেবা পাইনি", "declared_true": true,
        });
        change(&mut input);
        json_schema::read(input).unwrap()
    }

    fn faults(change: fn(&mut Value), signed_in: bool, staff: bool) -> Vec<String> {
        in_short(read(change).faults("2026-11-24".parse().unwrap(), signed_in, staff))
    }

    #[test]
    fn whoever_is_named_says_who_that_is() {
        assert_eq!(faults(|_| {}, false, false), [""; 0]);
        let nobody: fn(&mut Value) = |i| {
            for field in ["name", "identity", "permanent_address", "present_address", "mobile"] {
                i.as_object_mut().unwrap().remove(field);
            }
        };
        assert_eq!(
            faults(nobody, false, false),
            [
                "/name required",
                "/identity required",
                "/permanent_address required",
                "/present_address required",
                "/mobile required"
            ]
        );
        let anonymous: fn(&mut Value) = |i| {
            *i = json!({
                "office": "doict-khulna", "anonymous": true, "subject": "x", "description": "x", "declared_true": true,
            });
        };
        assert_eq!(faults(anonymous, false, false), [""; 0]);
        let half: fn(&mut Value) = |i| {
            i["anonymous"] = json!(true);
            i["service_request"] = json!("7ZK3-9QWM-04TD-XB2R");
        };
        assert_eq!(
            faults(half, false, false),
            [
                "/name not_allowed",
                "/identity not_allowed",
                "/permanent_address not_allowed",
                "/present_address not_allowed",
                "/mobile not_allowed",
                "/service_request not_allowed"
            ]
        );
    }

    #[test]
    fn the_form_is_filled_in_whole() {
        let other: fn(&mut Value) = |i| {
            i["relation"] = json!("parent");
            i["declared_true"] = json!(false);
            i["applied_on"] = json!("2026-11-25");
            i["mobile"] = json!("123");
            i["medium"] = json!("own_motion");
        };
        let today: fn(&mut Value) = |i| i["applied_on"] = json!("2026-11-24");
        assert_eq!(faults(today, false, false), [""; 0]);
        assert_eq!(
            faults(other, true, false),
            [
                "/served_name required",
                "/mobile invalid_format",
                "/declared_true not_confirmed",
                "/applied_on out_of_range",
                "/medium not_allowed"
            ]
        );
        let for_oneself: fn(&mut Value) = |i| i["served_name"] = json!("করিম");
        assert_eq!(faults(for_oneself, false, false), ["/served_name not_allowed"]);
        let about_nothing: fn(&mut Value) = |i| {
            i.as_object_mut().unwrap().remove("service_id");
        };
        assert_eq!(faults(about_nothing, false, false), ["/office required"]);
    }

    #[test]
    fn what_is_left_out_is_the_usual() {
        let input = read(|_| {});
        assert_eq!(input.medium(), GrievanceMedium::Website);
        assert_eq!(input.relation(), Relation::Oneself);
        assert!(!input.is_anonymous() && !input.is_inadmissible());
        assert_eq!(input.mobile_e164(), Some("+8801711123456".into()));
        let other = read(|i| {
            i["medium"] = json!("call_centre");
            i["relation"] = json!("parent");
            i["anonymous"] = json!(false);
        });
        assert_eq!(
            (other.medium(), other.relation()),
            (GrievanceMedium::CallCentre, Relation::Parent)
        );
        assert!(!other.is_anonymous());
    }

    #[test]
    fn what_another_law_is_for_is_inadmissible() {
        assert!(read(|i| i["before_court"] = json!(true)).is_inadmissible());
        assert!(read(|i| i["about_right_to_information"] = json!(true)).is_inadmissible());
        assert!(read(|i| i["legal_remedy"] = json!(true)).is_inadmissible());
        assert!(!read(|i| i["legal_remedy"] = json!(false)).is_inadmissible());
    }
}
