//! Messages to whoever filed a case, by e-mail and SMS: when one is due, and what it says in their language.

use super::case::Language;
use super::case::history::PublicPart;
use super::case::tracking::Appointment;
use super::text::Text;
use super::wording::{day, moment, title_of};
use super::words::words;

words! {
    /// How a message is brought.
    Channel {
        /// to a webhook
        Webhook,
        /// by e-mail
        Email,
        /// as a text message
        Sms,
    }
}

words! {
    /// What whoever filed a case is told.
    Notice {
        /// it came in, with its code and the promised day
        Receipt,
        /// the office asks for information
        InformationAsked,
        /// when and where to come
        Appointment,
        /// how it ended
        Decision,
    }
}

impl Notice {
    /// What an act is told as; most are not told.
    pub fn of(action: &str) -> Option<Self> {
        match action {
            "file" => Some(Self::Receipt),
            "request_information" => Some(Self::InformationAsked),
            "set_appointment" => Some(Self::Appointment),
            "complete" | "reject" | "decide" | "file_without_action" => Some(Self::Decision),
            _ => None,
        }
    }
}

/// By which channels messages can be brought: webhooks always, the others where they are set up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Channels {
    /// Whether e-mail is set up.
    pub email: bool,
    /// Whether SMS is set up.
    pub sms: bool,
}

impl Channels {
    /// Those that there are.
    pub fn all(self) -> impl Iterator<Item = Channel> {
        [Channel::Webhook]
            .into_iter()
            .chain(self.email.then_some(Channel::Email))
            .chain(self.sms.then_some(Channel::Sms))
    }
}

/// What a message is about.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// What it tells.
    pub notice: Notice,
    /// Whether it is about a grievance.
    pub is_grievance: bool,
    /// The code that the case is followed by.
    pub tracking_code: &'a str,
    /// The office.
    pub office: &'a Text,
    /// The service, where it is about one.
    pub service: Option<&'a Text>,
    /// What was done, as a word.
    pub action: &'a str,
    /// What everybody may know of it who has the code.
    pub public: &'a PublicPart,
    /// The appointment that there is.
    pub appointment: Option<&'a Appointment>,
    /// Where the public reaches the service; empty where that is not known.
    pub public_url: &'a str,
}

/// A message in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The subject of an e-mail.
    pub subject: String,
    /// The text of an e-mail.
    pub text: String,
    /// The same as short as a text message is.
    pub short: String,
}

/// How many characters of the office's own words a text message takes.
const SHORT: usize = 120;

impl Told<'_> {
    /// The message in a language.
    pub fn written(&self, language: Language) -> Written {
        let say = |bn: &str, en: &str| match language {
            Language::Bn => bn.to_owned(),
            Language::En => en.to_owned(),
        };
        let of = |text: &Text| say(&text.bn, &text.en);
        let headline = self.headline(&say);
        let mut facts = Vec::new();
        if let Some(service) = self.service {
            facts.push(format!("{}: {}", say("সেবা", "Service"), of(service)));
        }
        facts.push(format!("{}: {}", say("দপ্তর", "Office"), of(self.office)));
        facts.push(format!(
            "{}: {}",
            say("ট্র্যাকিং কোড", "Tracking code"),
            self.tracking_code
        ));
        let due = self
            .public
            .due_on
            .filter(|_| self.notice == Notice::Receipt)
            .map(|due| {
                let label = say("প্রতিশ্রুত তারিখ", "Promised by");
                format!("{label}: {}", of(&day(due)))
            });
        facts.extend(due.clone());
        let visit = self.appointment.filter(|_| self.notice == Notice::Appointment);
        let when = visit.map(|visit| format!("{}: {}", say("সময়", "When"), of(&moment(visit.at))));
        facts.extend(when.clone());
        if let Some(place) = visit.and_then(|visit| visit.place.as_deref()) {
            facts.push(format!("{}: {place}", say("স্থান", "Where")));
        }
        let mut paragraphs = vec![headline.clone()];
        paragraphs.extend(self.public.message.clone());
        paragraphs.push(facts.join("\n"));
        if !self.public_url.is_empty() {
            let follow = say("অনুসরণ করুন", "Follow it at");
            paragraphs.push(format!(
                "{follow}: {}/track?code={}",
                self.public_url, self.tracking_code
            ));
        }
        paragraphs.push(say(
            "যার কাছে এই কোড আছে সে আপনার পক্ষে কাজ করতে পারে: কোডটি কাউকে দেবেন না।",
            "Whoever has this code can act for you: give it to nobody.",
        ));
        let mut brief = vec![format!("{}: {headline}", of(self.office))];
        brief.extend(self.public.message.as_deref().map(shortened));
        brief.push(format!("{}: {}", say("কোড", "Code"), self.tracking_code));
        brief.extend(due);
        brief.extend(when);
        Written {
            subject: format!("{headline} ({})", self.tracking_code),
            text: paragraphs.join("\n\n") + "\n",
            short: brief.join(" "),
        }
    }

    /// What happened, in a sentence.
    fn headline(&self, say: &impl Fn(&str, &str) -> String) -> String {
        match (self.notice, self.is_grievance) {
            (Notice::Receipt, false) => say("আপনার আবেদন গৃহীত হয়েছে।", "Your request was received."),
            (Notice::Receipt, true) => say("আপনার অভিযোগ গৃহীত হয়েছে।", "Your grievance was received."),
            (Notice::InformationAsked, _) => say("আপনার কাছে তথ্য চাওয়া হয়েছে।", "The office asks you for information."),
            (Notice::Appointment, _) => say("আপনার সাক্ষাতের সময় নির্ধারিত হয়েছে।", "You have an appointment."),
            (Notice::Decision, is_grievance) => {
                let what = self.public.outcome.as_deref().unwrap_or(self.action);
                let title = title_of(what);
                let reason = self.public.reason.as_deref().map(title_of);
                let (bn, en) = match reason {
                    Some(reason) => (
                        format!("{} ({})", title.bn, reason.bn),
                        format!("{} ({})", title.en, reason.en),
                    ),
                    None => (title.bn, title.en),
                };
                if is_grievance {
                    say(
                        &format!("আপনার অভিযোগের সিদ্ধান্ত: {bn}।"),
                        &format!("The decision on your grievance: {en}."),
                    )
                } else {
                    say(
                        &format!("আপনার আবেদনের সিদ্ধান্ত: {bn}।"),
                        &format!("The decision on your request: {en}."),
                    )
                }
            }
        }
    }
}

/// The beginning of words, cut behind a whole word.
fn shortened(words: &str) -> String {
    if words.chars().count() <= SHORT {
        return words.to_owned();
    }
    let cut: String = words.chars().take(SHORT).collect();
    let end = cut.rfind(char::is_whitespace).unwrap_or(cut.len());
    format!("{}…", cut[..end].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{grievance, service_request};

    fn told<'a>(notice: Notice, public: &'a PublicPart, office: &'a Text) -> Told<'a> {
        Told {
            notice,
            is_grievance: false,
            tracking_code: "7ZK3-9QWM-04TD-XB2R",
            office,
            service: None,
            action: "reject",
            public,
            appointment: None,
            public_url: "https://charter.example.gov.bd",
        }
    }

    #[test]
    fn a_receipt_has_the_code_and_the_promised_day() {
        let office = Text::new("জেলা কার্যালয়, খুলনা", "District Office, Khulna");
        let public = PublicPart {
            due_on: Some("2026-12-01".parse().unwrap()),
            ..PublicPart::default()
        };
        let bn = told(Notice::Receipt, &public, &office).written(Language::Bn);
        assert_eq!(
            bn.short,
            "জেলা কার্যালয়, খুলনা: আপনার আবেদন গৃহীত হয়েছে। কোড: 7ZK3-9QWM-04TD-XB2R প্রতিশ্রুত তারিখ: ১ ডিসেম্বর ২০২৬"
        );
        let en = told(Notice::Receipt, &public, &office).written(Language::En);
        assert_eq!(
            en.text,
            "Your request was received.\n\nOffice: District Office, Khulna\nTracking code: 7ZK3-9QWM-04TD-XB2R\nPromised by: 1 \
             December 2026\n\nFollow it at: https://charter.example.gov.bd/track?code=7ZK3-9QWM-04TD-XB2R\n\nWhoever has this \
             code can act for you: give it to nobody.\n"
        );
    }

    #[test]
    fn a_decision_says_why() {
        let office = Text::new("খুলনা", "Khulna");
        let public = PublicPart {
            reason: Some("incomplete".into()),
            message: Some("শব্দ ".repeat(60)),
            ..PublicPart::default()
        };
        let bn = told(Notice::Decision, &public, &office).written(Language::Bn);
        assert!(
            bn.subject.starts_with("আপনার আবেদনের সিদ্ধান্ত: নামঞ্জুর (আবেদন অসম্পূর্ণ)।"),
            "{}",
            bn.subject
        );
        assert!(
            bn.text.contains(&"শব্দ ".repeat(60)) && bn.short.contains("শব্দ…"),
            "{}",
            bn.short
        );
        assert!(bn.short.chars().count() < 250);
        let unbroken = "ক".repeat(500);
        assert_eq!(shortened(&unbroken).chars().count(), SHORT + 1);
        let just = "ক ".repeat(SHORT / 2);
        assert_eq!(shortened(&just), just);
    }

    #[test]
    fn an_appointment_has_its_time_and_place() {
        let (office, service) = (Text::new("খুলনা", "Khulna"), Text::new("সেবা", "A service"));
        let public = PublicPart {
            due_on: Some("2026-12-01".parse().unwrap()),
            ..PublicPart::default()
        };
        let appointment = Appointment {
            at: "2026-11-26T04:30:00Z".parse().unwrap(),
            place: Some("কক্ষ ২০৩".into()),
        };
        let with = |notice| Told {
            service: Some(&service),
            appointment: Some(&appointment),
            public_url: "",
            ..told(notice, &public, &office)
        };
        let en = with(Notice::Appointment).written(Language::En);
        assert_eq!(
            en.text,
            "You have an appointment.\n\nService: A service\nOffice: Khulna\nTracking code: 7ZK3-9QWM-04TD-XB2R\n\
             When: 26 November 2026, 10:30\nWhere: কক্ষ ২০৩\n\n\
             Whoever has this code can act for you: give it to nobody.\n"
        );
        assert_eq!(
            en.short,
            "Khulna: You have an appointment. Code: 7ZK3-9QWM-04TD-XB2R When: 26 November 2026, 10:30"
        );
        let asked = with(Notice::InformationAsked).written(Language::En).text;
        assert!(asked.starts_with("The office asks you for information."));
        assert!(!asked.contains("When:") && !asked.contains("Promised by"), "{asked}");
    }

    #[test]
    fn a_grievance_is_called_one() {
        let office = Text::new("খুলনা", "Khulna");
        let public = PublicPart {
            outcome: Some("service_directed".into()),
            ..PublicPart::default()
        };
        let subject = |notice, is_grievance| {
            let told = Told {
                is_grievance,
                ..told(notice, &public, &office)
            };
            told.written(Language::En).subject
        };
        assert_eq!(
            subject(Notice::Receipt, true),
            "Your grievance was received. (7ZK3-9QWM-04TD-XB2R)"
        );
        assert_eq!(
            subject(Notice::Decision, true),
            "The decision on your grievance: Directed to give the service. (7ZK3-9QWM-04TD-XB2R)"
        );
        let public = PublicPart::default();
        let rejected = told(Notice::Decision, &public, &office).written(Language::En);
        assert_eq!(
            rejected.subject,
            "The decision on your request: Rejected. (7ZK3-9QWM-04TD-XB2R)"
        );
    }

    #[test]
    fn of_most_acts_nobody_is_told() {
        let told: Vec<(&str, Notice)> = ["file"]
            .into_iter()
            .chain(service_request::Action::ALL.iter().map(|action| action.as_str()))
            .chain(grievance::Action::ALL.iter().map(|action| action.as_str()))
            .filter_map(|action| Some((action, Notice::of(action)?)))
            .collect();
        assert_eq!(
            told,
            [
                ("file", Notice::Receipt),
                ("request_information", Notice::InformationAsked),
                ("set_appointment", Notice::Appointment),
                ("complete", Notice::Decision),
                ("reject", Notice::Decision),
                ("file_without_action", Notice::Decision),
                ("request_information", Notice::InformationAsked),
                ("decide", Notice::Decision),
            ]
        );
    }

    #[test]
    fn channels_are_those_that_are_set_up() {
        let names = |email, sms| Channels { email, sms }.all().map(Channel::as_str).collect::<Vec<_>>();
        assert_eq!(names(false, false), ["webhook"]);
        assert_eq!(names(true, true), ["webhook", "email", "sms"]);
        assert_eq!(Channel::ALL.len(), 3);
        assert_eq!(
            Notice::ALL.iter().map(|notice| notice.as_str()).collect::<Vec<_>>(),
            ["receipt", "information_asked", "appointment", "decision"]
        );
    }
}
