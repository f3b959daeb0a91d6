//! The forms গ-১ and গ-২ as tables for people: one language, and in Bangla with Bangla digits.

use chrono::NaiveDate;

use super::report::{Disposal, DisposedGrievance, GrievanceReport, RegisterEntry, ReportFigures};
use super::{ComplainantKind, GrievanceMedium, Outcome};
use crate::domain::bangla::to_bangla_digits;
use crate::domain::case::Language;
use crate::domain::text::Text;

/// A form as rows of cells.
pub type Rows = Vec<Vec<String>>;

/// Writes in one language.
#[derive(Clone, Copy)]
struct Writer(Language);

impl Writer {
    /// Words that are there in both languages.
    fn words(self, bn: &str, en: &str) -> String {
        match self.0 {
            Language::Bn => bn.to_owned(),
            Language::En => en.to_owned(),
        }
    }

    fn text(self, text: &Text) -> String {
        self.words(&text.bn, &text.en)
    }

    /// What has digits.
    fn digits(self, ascii: &str) -> String {
        match self.0 {
            Language::Bn => to_bangla_digits(ascii),
            Language::En => ascii.to_owned(),
        }
    }

    fn day(self, day: NaiveDate) -> String {
        self.digits(&day.to_string())
    }

    /// A row of headings: the Bangla and the English words of each column.
    fn headings(self, columns: &[(&str, &str)]) -> Vec<String> {
        columns.iter().map(|(bn, en)| self.words(bn, en)).collect()
    }
}

fn medium(writer: Writer, medium: GrievanceMedium) -> String {
    match medium {
        GrievanceMedium::Website => writer.words("ওয়েবসাইট", "Website"),
        GrievanceMedium::MobileApp => writer.words("মোবাইল অ্যাপ", "Mobile application"),
        GrievanceMedium::CallCentre => writer.words("কল সেন্টার", "Call centre"),
        GrievanceMedium::Conventional => writer.words("প্রচলিত পদ্ধতি", "Conventional"),
        GrievanceMedium::OwnMotion => writer.words("স্ব-প্রণোদিত", "Own motion"),
    }
}

fn kind(writer: Writer, kind: ComplainantKind) -> String {
    match kind {
        ComplainantKind::Citizen => writer.words("নাগরিক", "Citizen"),
        ComplainantKind::Official => writer.words("দাপ্তরিক", "Official"),
        ComplainantKind::Staff => writer.words("কর্মকর্তা-কর্মচারী", "Staff"),
    }
}

/// The figures of a month: a line each, with its Bangla and English name.
fn lines(figures: &ReportFigures) -> [(&'static str, &'static str, String); 12] {
    let count = |count: i64| count.to_string();
    let rate = figures.disposal_rate.map(|rate| format!("{rate:.2}"));
    [
        ("প্রাপ্ত: ওয়েবসাইট", "Received: website", count(figures.received_website)),
        (
            "প্রাপ্ত: কল সেন্টার",
            "Received: call centre",
            count(figures.received_call_centre),
        ),
        (
            "প্রাপ্ত: প্রচলিত পদ্ধতি",
            "Received: conventional",
            count(figures.received_conventional),
        ),
        (
            "প্রাপ্ত: স্ব-প্রণোদিত",
            "Received: own motion",
            count(figures.received_own_motion),
        ),
        ("প্রাপ্ত: মোট", "Received: in all", count(figures.received)),
        (
            "গত মাসের জের",
            "Carried over from the month before",
            count(figures.carried_over),
        ),
        ("সর্বমোট", "Total", count(figures.total)),
        ("নিষ্পত্তিকৃত", "Disposed of", count(figures.disposed)),
        (
            "অনিষ্পন্ন: সময়সীমার মধ্যে",
            "Pending: within the limit",
            count(figures.pending_within_limit),
        ),
        (
            "অনিষ্পন্ন: সময়সীমা উত্তীর্ণ",
            "Pending: past the limit",
            count(figures.pending_past_limit),
        ),
        ("অনিষ্পন্ন: মোট", "Pending: in all", count(figures.pending)),
        (
            "নিষ্পত্তির হার (%)",
            "Rate of disposal (%)",
            rate.unwrap_or_else(|| "-".to_owned()),
        ),
    ]
}

/// The monthly report [form গ-১].
pub fn report(report: &GrievanceReport, language: Language) -> Rows {
    let writer = Writer(language);
    let mut rows = vec![
        vec![
            writer.words("মাসিক প্রতিবেদন (ফরম গ-১)", "Monthly report (form গ-১)"),
            writer.text(&report.name),
            writer.digits(&report.month),
        ],
        writer.headings(&[("বিবরণ", "Item"), ("অভিযোগ", "Grievances"), ("আপিল", "Appeals")]),
    ];
    let appeals = lines(&report.appeals);
    for ((bn, en, grievances), (.., appeals)) in lines(&report.grievances).into_iter().zip(appeals) {
        rows.push(vec![
            writer.words(bn, en),
            writer.digits(&grievances),
            writer.digits(&appeals),
        ]);
    }
    rows.push(writer.headings(&[
        ("ক্রমিক", "No."),
        ("ধরন", "Kind"),
        ("বিষয়", "Subject"),
        ("প্রাপ্তির তারিখ", "Received on"),
        ("নিষ্পত্তির তারিখ", "Disposed of on"),
        ("সিদ্ধান্ত", "Decision"),
        ("সারসংক্ষেপ", "Summary"),
    ]));
    for (number, disposed) in (1..).zip(&report.disposed) {
        rows.push(disposed_row(writer, number, disposed));
    }
    rows
}

/// How it was disposed of, in words.
fn how(writer: Writer, disposal: Disposal, outcome: Option<Outcome>) -> String {
    match (disposal, outcome) {
        (Disposal::Decided, Some(outcome)) => writer.text(&outcome.title()),
        (Disposal::Decided, None) => writer.words("সিদ্ধান্ত", "Decided"),
        (Disposal::FiledWithoutAction, _) => writer.words("নথিজাত", "Filed without action"),
        (Disposal::Withdrawn, _) => writer.words("প্রত্যাহৃত", "Withdrawn"),
        (Disposal::PassedOn, _) => writer.words("প্রেরিত", "Passed on"),
    }
}

fn disposed_row(writer: Writer, number: usize, disposed: &DisposedGrievance) -> Vec<String> {
    vec![
        writer.digits(&number.to_string()),
        if disposed.appeal {
            writer.words("আপিল", "Appeal")
        } else {
            writer.words("অভিযোগ", "Grievance")
        },
        disposed.subject.clone(),
        writer.day(disposed.received_on),
        writer.day(disposed.disposed_on),
        how(writer, disposed.disposal, disposed.outcome),
        disposed.summary.clone().unwrap_or_default(),
    ]
}

/// The headings of a register [form গ-২].
pub fn register_headings(language: Language) -> Vec<String> {
    Writer(language).headings(&[
        ("অভিযোগ নম্বর", "Case number"),
        ("প্রাপ্তির তারিখ", "Received on"),
        ("অভিযোগকারীর নাম", "Complainant's name"),
        ("মোবাইল", "Mobile"),
        ("ই-মেইল", "E-mail"),
        ("মাধ্যম", "Medium"),
        ("অভিযোগের ধরন", "Kind"),
        ("সেবা", "Service"),
        ("বিষয়", "Subject"),
        ("মূল কারণ", "Root cause"),
        ("নিষ্পত্তির তারিখ", "Disposed of on"),
        ("সিদ্ধান্ত", "Decision"),
        ("পুনরাবৃত্তি রোধে পরামর্শ", "Advice against recurrence"),
    ])
}

/// A line of a register [form গ-২].
pub fn register_row(entry: &RegisterEntry, language: Language) -> Vec<String> {
    let writer = Writer(language);
    let how = entry.disposal.map(|disposal| how(writer, disposal, entry.outcome));
    let decision: Vec<&str> = [how.as_deref(), entry.decision.as_deref()]
        .into_iter()
        .flatten()
        .collect();
    vec![
        // a code is typed as it stands
        entry.tracking_code.clone().unwrap_or_else(|| entry.id.to_string()),
        writer.day(entry.received_on),
        entry.complainant.clone().unwrap_or_default(),
        entry
            .mobile
            .as_ref()
            .map_or_else(String::new, |mobile| writer.digits(mobile.as_str())),
        entry.email.as_ref().map_or_else(String::new, ToString::to_string),
        medium(writer, entry.medium),
        kind(writer, entry.complainant_kind),
        entry
            .service
            .as_ref()
            .map_or_else(String::new, |service| writer.text(service)),
        entry.subject.clone(),
        entry.root_cause.clone().unwrap_or_default(),
        entry.disposed_on.map_or_else(String::new, |day| writer.day(day)),
        decision.join(": "),
        entry.advice.clone().unwrap_or_default(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_bangla_form_has_bangla_digits() {
        let figures = ReportFigures {
            received_website: 12,
            received: 12,
            total: 12,
            disposed: 9,
            disposal_rate: Some(75.0),
            ..ReportFigures::default()
        };
        let monthly = GrievanceReport {
            office: "doict-khulna".into(),
            name: Text::new("জেলা কার্যালয়, খুলনা", "District Office, Khulna"),
            month: "2026-11".into(),
            as_of: "2026-11-30".parse().unwrap(),
            grievances: figures,
            appeals: ReportFigures::default(),
            disposed: Vec::new(),
        };
        let bangla = report(&monthly, Language::Bn);
        assert_eq!(bangla[0], ["মাসিক প্রতিবেদন (ফরম গ-১)", "জেলা কার্যালয়, খুলনা", "২০২৬-১১"]);
        assert_eq!(bangla[2], ["প্রাপ্ত: ওয়েবসাইট", "১২", "০"]);
        assert_eq!(bangla[13], ["নিষ্পত্তির হার (%)", "৭৫.০০", "-"]);
        let english = report(&monthly, Language::En);
        assert_eq!(english[13], ["Rate of disposal (%)", "75.00", "-"]);
        assert!(
            bangla
                .iter()
                .flatten()
                .all(|cell| !cell.contains(|c: char| c.is_ascii_digit()))
        );
    }

    #[test]
    fn a_line_of_the_register_has_a_cell_for_each_heading() {
        let entry = RegisterEntry {
            id: Uuid::nil(),
            tracking_code: Some("7ZK3-9QWM-04TD-XB2R".into()),
            received_on: "2026-11-24".parse().unwrap(),
            complainant: Some("রহিমা".into()),
            mobile: Some("+8801711123456".into()),
            email: None,
            medium: GrievanceMedium::CallCentre,
            complainant_kind: ComplainantKind::Citizen,
            service: Some(Text::new("সেবা", "Service")),
            subject: "বিলম্ব".into(),
            root_cause: None,
            disposed_on: Some("2026-12-10".parse().unwrap()),
            disposal: Some(Disposal::Decided),
            outcome: Some(Outcome::ServiceGiven),
            decision: Some("দেওয়া হয়েছে".into()),
            advice: None,
        };
        for language in [Language::Bn, Language::En] {
            assert_eq!(register_row(&entry, language).len(), register_headings(language).len());
        }
        let row = register_row(&entry, Language::Bn);
        assert_eq!(
            (&*row[1], &*row[3], &*row[5], &*row[11]),
            (
                "২০২৬-১১-২৪",
                "+৮৮০১৭১১১২৩৪৫৬",
                "কল সেন্টার",
                "সেবা প্রদান করা হয়েছে: দেওয়া হয়েছে"
            )
        );
    }

    #[test]
    fn everything_has_its_name_in_both_languages() {
        let both = |name: &dyn Fn(Writer) -> String| (name(Writer(Language::Bn)), name(Writer(Language::En)));
        let mut names: Vec<(String, String)> = Vec::new();
        names.extend(
            GrievanceMedium::ALL
                .iter()
                .map(|each| both(&|writer| medium(writer, *each))),
        );
        names.extend(
            ComplainantKind::ALL
                .iter()
                .map(|each| both(&|writer| kind(writer, *each))),
        );
        names.extend(
            Disposal::ALL
                .iter()
                .map(|each| both(&|writer| how(writer, *each, None))),
        );
        let english: Vec<&str> = names.iter().map(|(_, en)| en.as_str()).collect();
        assert_eq!(
            english,
            [
                "Website",
                "Mobile application",
                "Call centre",
                "Conventional",
                "Own motion",
                "Citizen",
                "Official",
                "Staff",
                "Decided",
                "Filed without action",
                "Withdrawn",
                "Passed on"
            ]
        );
        assert!(names.iter().all(|(bn, en)| bn != en && !bn.is_empty()));
    }

    #[test]
    fn what_was_disposed_of_follows_the_figures() {
        let disposed = |appeal, outcome| DisposedGrievance {
            id: Uuid::nil(),
            appeal,
            subject: "বিলম্ব".into(),
            received_on: "2026-11-02".parse().unwrap(),
            disposed_on: "2026-11-20".parse().unwrap(),
            disposal: Disposal::Decided,
            outcome,
            reason: None,
            summary: outcome.map(|_| "Given.".to_owned()),
        };
        let monthly = GrievanceReport {
            office: "doict-khulna".into(),
            name: Text::new("খুলনা", "Khulna"),
            month: "2026-11".into(),
            as_of: "2026-11-30".parse().unwrap(),
            grievances: ReportFigures::default(),
            appeals: ReportFigures::default(),
            disposed: vec![disposed(false, Some(Outcome::ServiceGiven)), disposed(true, None)],
        };
        let rows = report(&monthly, Language::En);
        assert_eq!(
            rows[14..],
            [
                [
                    "No.",
                    "Kind",
                    "Subject",
                    "Received on",
                    "Disposed of on",
                    "Decision",
                    "Summary"
                ],
                [
                    "1",
                    "Grievance",
                    "বিলম্ব",
                    "2026-11-02",
                    "2026-11-20",
                    "Service given since",
                    "Given."
                ],
                ["2", "Appeal", "বিলম্ব", "2026-11-02", "2026-11-20", "Decided", ""],
            ]
        );
    }
}
