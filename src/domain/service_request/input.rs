//! What applicants and officers send about service requests.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::Deserialize;
use uuid::Uuid;

use super::{Action, RejectionReason};
use crate::domain::calendar::{DAY_PATTERN, range_fault};
use crate::domain::case::{Language, Medium};
use crate::domain::contact::{Email, Phone, PhoneE164};
use crate::domain::fault::Fault;
use crate::domain::phone;

/// An application for a service.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceRequestInput {
    /// The id of the service.
    #[schemars(extend("examples" = ["01a20ada-2c02-7403-8776-ea055f760188"]))]
    pub service_id: Uuid,
    /// The applicant's name (the charter's section 4, 2).
    #[schemars(length(min = 1, max = 200), regex(pattern = r"\S"), extend("examples" = ["মোছাঃ রহিমা খাতুন"]))]
    pub name: String,
    /// The applicant's address (the charter's section 4, 2).
    #[schemars(length(min = 1, max = 1000), regex(pattern = r"\S"), extend("examples" = ["খালিশপুর, খুলনা"]))]
    pub address: String,
    /// The applicant's mobile (the charter's section 4, 2), in Bangla or ASCII digits.
    #[schemars(extend("examples" = ["০১৭১১-১২৩৪৫৬"]))]
    pub mobile: Phone,
    /// The applicant's e-mail address.
    pub email: Option<Email>,
    /// What is asked for, in the applicant's words.
    #[schemars(length(min = 1, max = 4000), regex(pattern = r"\S"), extend("examples" = ["সুরক্ষা অ্যাপে জন্ম তারিখ সংশোধন করতে চাই।"]))]
    pub request: String,
    /// That every document that the service requires is there (the charter's section 4, 1): it has to be true.
    #[schemars(extend("examples" = [true]))]
    pub documents_confirmed: bool,
    /// How it came in; `website` where nothing is said.
    pub medium: Option<Medium>,
    /// In which language the applicant wants to be written to; `bn` where nothing is said.
    pub language: Option<Language>,
}

impl ServiceRequestInput {
    /// What the schema cannot say. `signed_in` is whether somebody is, and whether that is staff.
    pub fn faults(&self, signed_in: bool, staff: bool) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.mobile_e164().is_none() {
            faults.push(Fault::new(
                "/mobile",
                "invalid_format",
                "cannot be read as a telephone number",
            ));
        }
        if !self.documents_confirmed {
            faults.push(Fault::new(
                "/documents_confirmed",
                "not_confirmed",
                "has to be true: the service needs every document that it names",
            ));
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

    /// The mobile as a telephone dials it.
    pub fn mobile_e164(&self) -> Option<PhoneE164> {
        phone::to_e164(self.mobile.as_str()).map(Into::into)
    }

    /// How it came in.
    pub fn medium(&self) -> Medium {
        self.medium.unwrap_or(Medium::Website)
    }
}

/// An act of an officer.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransitionInput {
    /// What is done.
    pub action: Action,
    /// The version that was read, in the place of `If-Match`.
    #[schemars(range(min = 1, max = 9_007_199_254_740_991_i64), extend("examples" = [1]))]
    pub version: Option<i64>,
    /// Words to the applicant, shown to whoever has the tracking code: write nothing about a person. Required to request
    /// information. With `provide_information` it is what the applicant said, which is not shown.
    #[schemars(length(min = 1, max = 4000), regex(pattern = r"\S"), extend("examples" = ["Please send the certificate as a scan."]))]
    pub message: Option<String>,
    /// Words for the office only; required to add a note.
    #[schemars(length(min = 1, max = 4000), regex(pattern = r"\S"), extend("examples" = ["Called the applicant."]))]
    pub note: Option<String>,
    /// When the appointment is; required to set one.
    pub at: Option<DateTime<Utc>>,
    /// Where the appointment is, and what to bring.
    #[schemars(length(min = 1, max = 2000), regex(pattern = r"\S"), extend("examples" = ["কক্ষ ২০৩"]))]
    pub place: Option<String>,
    /// The day by which the service is given; required to set a promise.
    #[schemars(extend("pattern" = DAY_PATTERN, "examples" = ["2026-12-15"]))]
    pub due_on: Option<NaiveDate>,
    /// Why it is refused; required to reject.
    pub reason: Option<RejectionReason>,
}

impl TransitionInput {
    /// What the schema cannot say: each act has the fields that it needs and no others.
    pub fn faults(&self, now: DateTime<Utc>, today: NaiveDate) -> Vec<Fault> {
        use Action as A;
        let (required, optional): (&[&str], &[&str]) = match self.action {
            A::RequestInformation | A::ProvideInformation => (&["message"], &["note"]),
            A::SetAppointment => (&["at"], &["place", "message", "note"]),
            A::SetPromise => (&["due_on"], &["message", "note"]),
            A::AddNote => (&["note"], &[]),
            A::Reject => (&["reason"], &["message", "note"]),
            A::Acknowledge | A::HandOver | A::Complete => (&[], &["message", "note"]),
            // these are the applicant's own
            A::Withdraw | A::Feedback => (&[], &[]),
        };
        let mut faults = Vec::new();
        for (field, there) in [
            ("message", self.message.is_some()),
            ("note", self.note.is_some()),
            ("at", self.at.is_some()),
            ("place", self.place.is_some()),
            ("due_on", self.due_on.is_some()),
            ("reason", self.reason.is_some()),
        ] {
            let at = format!("/{field}");
            if required.contains(&field) && !there {
                faults.push(Fault::new(at, "required", "is required for this act"));
            } else if there && !required.contains(&field) && !optional.contains(&field) {
                faults.push(Fault::new(at, "not_allowed", "has no meaning for this act"));
            }
        }
        if self.at.is_some_and(|at| at <= now) {
            faults.push(Fault::new("/at", "out_of_range", "must lie ahead"));
        }
        if let Some(due_on) = self.due_on {
            faults.extend(range_fault(due_on, "/due_on"));
            if due_on < today {
                faults.push(Fault::new("/due_on", "out_of_range", "must not have passed"));
            }
        }
        faults
    }
}

/// The information that the applicant was asked for.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InformationInput {
    /// The applicant's answer, for the office only.
    #[schemars(length(min = 1, max = 4000), regex(pattern = r"\S"), extend("examples" = ["জন্ম সনদের নম্বর পাঠালাম।"]))]
    pub message: String,
}

/// Why the applicant takes the request back.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawalInput {
    /// The reason, for the office only.
    #[schemars(length(min = 1, max = 4000), regex(pattern = r"\S"), extend("examples" = ["আর প্রয়োজন নেই।"]))]
    pub message: Option<String>,
}

/// How the applicant rates the service.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeedbackInput {
    /// From 1, bad, to 5, good.
    #[schemars(range(min = 1, max = 5), extend("examples" = [5]))]
    pub rating: i32,
    /// Words about it, for the office only.
    #[schemars(length(min = 1, max = 4000), regex(pattern = r"\S"), extend("examples" = ["দ্রুত সেবা পেয়েছি।"]))]
    pub message: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::in_short;
    use crate::domain::json_schema;
    use serde_json::{Value, json};

    #[test]
    fn an_application_says_who_asks_and_confirms_the_documents() {
        let faults = |change: fn(&mut Value), signed_in: bool, staff: bool| {
            let mut input = json!({
                "service_id": "01a20ada-2c02-7403-8776-ea055f760188", "name": "রহিমা", "address": "খুলনা",
                "mobile": "০১৭১১-১২৩৪৫৬", "request": "সংশোধন", "documents_confirmed": true,
            });
            change(&mut input);
            let input: ServiceRequestInput = json_schema::read(input).unwrap();
            in_short(input.faults(signed_in, staff))
        };
        assert_eq!(faults(|_| {}, false, false), [""; 0]);
        let faulty: fn(&mut Value) = |i| {
            i["documents_confirmed"] = json!(false);
            i["mobile"] = json!("123");
        };
        assert_eq!(
            faults(faulty, false, false),
            ["/mobile invalid_format", "/documents_confirmed not_confirmed"]
        );
        let by_letter: fn(&mut Value) = |i| i["medium"] = json!("conventional");
        assert_eq!(faults(by_letter, true, false), ["/medium not_allowed"]);
        assert_eq!(faults(by_letter, true, true), [""; 0]);
        let by_call: fn(&mut Value) = |i| i["medium"] = json!("call_centre");
        assert_eq!(faults(by_call, false, false), ["/medium not_allowed"]);
        assert_eq!(faults(by_call, true, false), [""; 0]);
    }

    #[test]
    fn each_act_has_the_fields_that_it_needs() {
        let now: DateTime<Utc> = "2026-11-24T04:30:00Z".parse().unwrap();
        let faults = |input: Value| {
            let input: TransitionInput = json_schema::read(input).unwrap();
            in_short(input.faults(now, now.date_naive()))
        };
        assert_eq!(faults(json!({"action": "acknowledge"})), [""; 0]);
        assert_eq!(
            faults(json!({"action": "acknowledge", "reason": "other"})),
            ["/reason not_allowed"]
        );
        assert_eq!(faults(json!({"action": "request_information"})), ["/message required"]);
        assert_eq!(
            faults(json!({"action": "add_note", "message": "x"})),
            ["/message not_allowed", "/note required"]
        );
        assert_eq!(
            faults(json!({"action": "reject", "message": "x"})),
            ["/reason required"]
        );
        assert_eq!(
            faults(json!({"action": "set_appointment", "at": "2026-11-24T04:30:00Z"})),
            ["/at out_of_range"]
        );
        assert_eq!(
            faults(json!({"action": "set_appointment", "at": "2026-11-24T04:30:01Z", "place": "x"})),
            [""; 0]
        );
        assert_eq!(
            faults(json!({"action": "set_promise", "due_on": "2026-11-24"})),
            [""; 0]
        );
        assert_eq!(
            faults(json!({"action": "set_promise", "due_on": "2026-11-23"})),
            ["/due_on out_of_range"]
        );
    }

    #[test]
    fn what_is_left_out_is_the_usual() {
        let read = |medium: Option<&str>| -> ServiceRequestInput {
            let mut input = json!({
                "service_id": "01a20ada-2c02-7403-8776-ea055f760188", "name": "রহিমা", "address": "খুলনা",
                "mobile": "০১৭১১-১২৩৪৫৬", "request": "সংশোধন", "documents_confirmed": true,
            });
            if let Some(medium) = medium {
                input["medium"] = json!(medium);
            }
            json_schema::read(input).unwrap()
        };
        assert_eq!(read(None).medium(), Medium::Website);
        assert_eq!(read(Some("mobile_app")).medium(), Medium::MobileApp);
        assert_eq!(read(None).mobile_e164(), Some("+8801711123456".into()));
    }
}
