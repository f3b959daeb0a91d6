//! What people read of states, acts and days, in both languages.

use chrono::{DateTime, Datelike as _, NaiveDate, Timelike as _, Utc};

use super::bangla::to_bangla_digits;
use super::calendar::dhaka_time;
use super::grievance::Outcome;
use super::text::Text;

/// The words for programs, and what they are called. Both kinds of case use the same word for the same thing.
const TITLES: &[(&str, &str, &str)] = &[
    // states
    ("submitted", "গৃহীত হয়েছে", "Submitted"),
    ("in_progress", "প্রক্রিয়াধীন", "In progress"),
    (
        "awaiting_applicant",
        "আবেদনকারীর তথ্যের অপেক্ষায়",
        "Waiting for the applicant",
    ),
    ("completed", "সেবা প্রদান সম্পন্ন", "Completed"),
    ("rejected", "নামঞ্জুর", "Rejected"),
    ("withdrawn", "প্রত্যাহার করা হয়েছে", "Withdrawn"),
    (
        "awaiting_compliance",
        "সিদ্ধান্ত বাস্তবায়নাধীন",
        "Decided; being complied with",
    ),
    ("decided", "সিদ্ধান্ত হয়েছে", "Decided"),
    ("filed_without_action", "নথিজাত", "Filed without action"),
    // acts
    ("file", "দাখিল", "Filed"),
    ("acknowledge", "কাজ শুরু", "Taken up by the officer"),
    ("request_information", "তথ্য চাওয়া হয়েছে", "Information was asked for"),
    ("provide_information", "তথ্য দেওয়া হয়েছে", "Information was given"),
    ("set_appointment", "সাক্ষাতের সময় নির্ধারণ", "An appointment was set"),
    (
        "set_promise",
        "সেবা প্রদানের তারিখ নির্ধারণ",
        "The day of the service was set",
    ),
    (
        "hand_over",
        "বিকল্প কর্মকর্তার নিকট হস্তান্তর",
        "Handed over to the alternate officer",
    ),
    ("complete", "সেবা প্রদান", "The service was given"),
    ("reject", "নামঞ্জুর", "Rejected"),
    ("withdraw", "প্রত্যাহার", "Withdrawn"),
    ("feedback", "মতামত প্রদান", "Feedback was given"),
    (
        "due_day_moved",
        "ছুটির কারণে তারিখ পরিবর্তন",
        "The due day moved with the calendar",
    ),
    ("accept", "আমলে গ্রহণ", "Accepted"),
    ("file_without_action", "নথিজাত", "Filed without action"),
    (
        "forward",
        "সংশ্লিষ্ট দপ্তরে প্রেরণ",
        "Forwarded to the office that it concerns",
    ),
    ("send_up", "ঊর্ধ্বতন পর্যায়ে প্রেরণ", "Sent to the level above"),
    ("ask_opinion", "মতামত চাওয়া হয়েছে", "An opinion was asked for"),
    ("give_opinion", "মতামত দেওয়া হয়েছে", "An opinion was given"),
    ("open_investigation", "তদন্ত শুরু", "An investigation was opened"),
    (
        "report_investigation",
        "তদন্ত প্রতিবেদন দাখিল",
        "The investigation was reported",
    ),
    ("decide", "সিদ্ধান্ত প্রদান", "Decided"),
    ("confirm_compliance", "সিদ্ধান্ত বাস্তবায়ন নিশ্চিত", "Compliance was confirmed"),
    (
        "recommend_departmental_action",
        "বিভাগীয় ব্যবস্থার সুপারিশ",
        "Departmental action was recommended",
    ),
    ("note_root_cause", "মূল কারণ চিহ্নিত", "The root cause was noted"),
    (
        "tell_complainant",
        "অভিযোগকারীকে অবহিত করা হয়েছে",
        "The complainant was told",
    ),
    (
        "recommend_blacklisting",
        "কালো তালিকাভুক্তির সুপারিশ",
        "Blacklisting was recommended",
    ),
    ("add_note", "নোট", "A note"),
    ("appeal", "আপিল", "Appealed"),
    (
        "take_up",
        "ঊর্ধ্বতন পর্যায় স্বপ্রণোদিতভাবে গ্রহণ করেছে",
        "Taken up by the level above",
    ),
    // why a request was refused, or a grievance filed without action
    ("incomplete", "আবেদন অসম্পূর্ণ", "The application is incomplete"),
    ("not_eligible", "এই সেবা পাওয়ার যোগ্য নন", "Not entitled to the service"),
    ("other_office", "অন্য দপ্তরের সেবা", "Another office gives this service"),
    ("duplicate", "একই আবেদন আগে করা হয়েছে", "The same was filed before"),
    ("no_answer", "আবেদনকারীর সাড়া পাওয়া যায়নি", "The applicant did not answer"),
    ("other", "অন্যান্য", "Another reason"),
    ("before_court", "আদালতে বিচারাধীন", "Before a court"),
    (
        "right_to_information",
        "তথ্য অধিকার আইনের আওতাভুক্ত",
        "About the right to information",
    ),
    (
        "legal_remedy",
        "আইনে আপিল বা রিভিউর সুযোগ আছে",
        "A law gives a review or an appeal",
    ),
    ("too_early", "সেবার সময়সীমা পার হয়নি", "The time limit had not passed"),
    ("anonymous", "বেনামি অভিযোগ", "Anonymous, without enough to act on"),
    ("blacklisted", "কালো তালিকাভুক্ত", "From somebody on the blacklist"),
];

/// The months of the Gregorian calendar in both languages.
const MONTHS: [(&str, &str); 12] = [
    ("জানুয়ারি", "January"),
    ("ফেব্রুয়ারি", "February"),
    ("মার্চ", "March"),
    ("এপ্রিল", "April"),
    ("মে", "May"),
    ("জুন", "June"),
    ("জুলাই", "July"),
    ("আগস্ট", "August"),
    ("সেপ্টেম্বর", "September"),
    ("অক্টোবর", "October"),
    ("নভেম্বর", "November"),
    ("ডিসেম্বর", "December"),
];

/// What a state, an act, a reason or an outcome is called; the word itself where it has no other.
pub fn title_of(word: &str) -> Text {
    if let Some((_, bn, en)) = TITLES.iter().find(|(known, ..)| *known == word) {
        return Text::new(*bn, *en);
    }
    Outcome::named(word).map_or_else(|| Text::new(word, word), Outcome::title)
}

/// A day, written out.
pub fn day(date: NaiveDate) -> Text {
    let (bn, en) = MONTHS[date.month0() as usize];
    Text::new(
        to_bangla_digits(&format!("{} {bn} {}", date.day(), date.year())),
        format!("{} {en} {}", date.day(), date.year()),
    )
}

/// An instant in Dhaka, to the minute.
pub fn moment(instant: DateTime<Utc>) -> Text {
    let local = dhaka_time(instant);
    let day = day(local.date());
    let time = format!("{:02}:{:02}", local.hour(), local.minute());
    Text::new(
        format!("{}, {}", day.bn, to_bangla_digits(&time)),
        format!("{}, {time}", day.en),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{grievance, service_request};

    #[test]
    fn every_word_has_a_title() {
        let mut words: Vec<&str> = vec!["file", "due_day_moved"];
        words.extend(service_request::State::ALL.iter().map(|state| state.as_str()));
        words.extend(service_request::Action::ALL.iter().map(|action| action.as_str()));
        words.extend(
            service_request::RejectionReason::ALL
                .iter()
                .map(|reason| reason.as_str()),
        );
        words.extend(grievance::State::ALL.iter().map(|state| state.as_str()));
        words.extend(grievance::Action::ALL.iter().map(|action| action.as_str()));
        words.extend(grievance::DismissalReason::ALL.iter().map(|reason| reason.as_str()));
        words.extend(Outcome::ALL.iter().map(|outcome| outcome.as_str()));
        for word in &words {
            let title = title_of(word);
            assert!(title.bn != *word && title.en != *word, "{word}");
        }
        for (word, ..) in TITLES {
            assert!(words.contains(word), "{word} is no word");
        }
    }

    #[test]
    fn days_and_moments_are_those_of_dhaka() {
        assert_eq!(
            day("2026-11-24".parse().unwrap()),
            Text::new("২৪ নভেম্বর ২০২৬", "24 November 2026")
        );
        assert_eq!(
            moment("2026-12-31T18:05:00Z".parse().unwrap()),
            Text::new("১ জানুয়ারি ২০২৭, ০০:০৫", "1 January 2027, 00:05")
        );
    }
}
