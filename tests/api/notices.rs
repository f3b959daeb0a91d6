//! Whoever files a case is told what happens to it, by e-mail and SMS.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use citizens_charter::outbound::{Mail as MailChannel, Outbound, Sms, SmsGateway};
use serde_json::json;

use crate::complainants::{about_the_office, anonymous};
use crate::mail_server::{Mail, MailServer, SmsServer};
use crate::people::{TestClock, Who, with_courier};
use crate::support::{TestApp, TestDatabase, courier};

/// A service that writes to people, and where it writes to.
struct Post {
    app: TestApp,
    clock: TestClock,
    mail: MailServer,
    sms: SmsServer,
}

impl Post {
    async fn open(database: TestDatabase) -> Self {
        let (mail, sms) = (MailServer::default(), SmsServer::default());
        let courier = courier_to(Some(&mail), Some(&sms)).await;
        let (app, clock) = with_courier(database, courier).await;
        Self { app, clock, mail, sms }
    }

    /// Sends what is due; gives what came, by e-mail and by SMS.
    async fn round(&self) -> (Vec<Mail>, Vec<(String, String)>) {
        while self.app.app.send_due_messages().await.unwrap() > 0 {}
        (self.mail.got(), self.sms.got())
    }
}

async fn courier_to(mail: Option<&MailServer>, sms: Option<&SmsServer>) -> Arc<Outbound> {
    let outbound = Outbound::new("127.0.0.0/8".parse().unwrap(), Duration::from_millis(500)).unwrap();
    let mail = match mail {
        Some(mail) => Some(MailChannel::new(&mail.start().await, "জেলা কার্যালয়, খুলনা <charter@example.gov.bd>").unwrap()),
        None => None,
    };
    let gateway = |sms: &SmsServer| SmsGateway {
        url: sms.start(),
        body: r#"{"to": "{digits}", "text": "{text}"}"#.into(),
        header: "Authorization: Bearer of the gateway".into(),
        accepted: "ACCEPTED".into(),
    };
    Arc::new(outbound.with(mail, sms.map(|sms| Sms::new(gateway(sms)).unwrap())))
}

fn subjects(mails: &[Mail]) -> Vec<&str> {
    mails
        .iter()
        .map(|mail| mail.subject.split(" (").next().unwrap())
        .collect()
}

/// Makes two tests of one, as `on_both_engines` does.
macro_rules! with_post {
    ($(async fn $name:ident($post:ident: Post) $body:block)*) => { $(
        mod $name {
            use super::*;

            async fn check($post: Post) $body

            #[actix_web::test]
            async fn on_sqlite() {
                check(Post::open(TestDatabase::sqlite()).await).await;
            }

            #[actix_web::test]
            async fn on_postgres() {
                check(Post::open(TestDatabase::postgres()).await).await;
            }
        }
    )* };
}

with_post! {
    async fn an_applicant_is_told_in_their_language(post: Post) {
        let officer = post.app.token(Who::Officer).await;
        let receipt = post.app.file(json!({"email": "rahima@example.org"})).await;
        let code = receipt["tracking_code"].as_str().unwrap();
        let (mails, texts) = post.round().await;
        let [mail] = &*mails else { panic!("{mails:?}") };
        assert_eq!((&*mail.from, &*mail.to), ("জেলা কার্যালয়, খুলনা <charter@example.gov.bd>", "rahima@example.org"));
        assert_eq!(mail.subject, format!("আপনার আবেদন গৃহীত হয়েছে। ({code})"));
        for words in [
            code, "জেলা কার্যালয়, খুলনা", "প্রতিশ্রুত তারিখ: ২৪ নভেম্বর ২০২৬",
            &*format!("https://charter.example.gov.bd/track?code={code}"), "কোডটি কাউকে দেবেন না",
        ] {
            assert!(mail.text.contains(words), "{words}: {}", mail.text);
        }
        assert_eq!(texts, [("8801711123456".to_owned(), format!(
            "জেলা কার্যালয়, খুলনা: আপনার আবেদন গৃহীত হয়েছে। কোড: {code} প্রতিশ্রুত তারিখ: ২৪ নভেম্বর ২০২৬"
        ))]);

        // what the office does; its own notes are its own
        for act in [
            json!({"action": "acknowledge"}), json!({"action": "add_note", "note": "শুধু দপ্তরের"}),
            json!({"action": "request_information", "message": "জন্ম সনদের \"কপি\" দিন।"}),
        ] {
            post.app.act(&receipt, &officer, act).await;
        }
        let (mails, texts) = post.round().await;
        assert_eq!(subjects(&mails), ["আপনার কাছে তথ্য চাওয়া হয়েছে।"]);
        assert!(mails[0].text.contains("জন্ম সনদের \"কপি\" দিন।") && texts[0].1.contains("জন্ম সনদের \"কপি\" দিন।"));
        post.app.by_code(&receipt, "information", json!({"message": "দিলাম"})).await;
        let visit = json!({"action": "set_appointment", "at": "2026-11-25T04:00:00Z", "place": "কক্ষ ২০৩"});
        post.app.act(&receipt, &officer, visit).await;
        post.app.act(&receipt, &officer, json!({"action": "complete"})).await;
        let (mails, texts) = post.round().await;
        assert_eq!(subjects(&mails), ["আপনার সাক্ষাতের সময় নির্ধারিত হয়েছে।", "আপনার আবেদনের সিদ্ধান্ত: সেবা প্রদান।"]);
        assert!(mails[0].text.contains("সময়: ২৫ নভেম্বর ২০২৬, ১০:০০\nস্থান: কক্ষ ২০৩"), "{}", mails[0].text);
        assert_eq!(texts.len(), 2);

        // in English, and without an e-mail address by SMS only
        let receipt = post.app.file(json!({"language": "en"})).await;
        post.app.act(&receipt, &officer, json!({"action": "reject", "reason": "incomplete", "message": "No certificate."})).await;
        let (mails, texts) = post.round().await;
        assert_eq!(mails, []);
        assert!(texts[0].1.starts_with("District Office, Khulna: Your request was received. Code: "), "{texts:?}");
        assert!(texts[1].1.contains("Rejected (The application is incomplete). No certificate."), "{texts:?}");
    }

    async fn a_complainant_is_told_and_an_anonymous_one_is_not(post: Post) {
        let mut office = about_the_office();
        office["email"] = json!("rahima@example.org");
        post.app.decided(office).await;
        let (mails, texts) = post.round().await;
        assert_eq!(subjects(&mails), ["আপনার অভিযোগ গৃহীত হয়েছে।", "আপনার অভিযোগের সিদ্ধান্ত: সেবা প্রদান করা হয়েছে।"]);
        assert_eq!(texts.len(), 2);
        assert!(mails[1].text.contains("The service was given."), "{}", mails[1].text);
        post.app.complain(anonymous()).await;
        assert_eq!(post.round().await, (vec![], vec![]));
    }

    async fn what_is_not_taken_is_sent_again(post: Post) {
        post.mail.will_answer(&[451]);
        post.sms.will_answer(&[(500, ""), (200, "{\"status\": \"NO CREDIT\"}")]);
        let receipt = post.app.file(json!({"email": "rahima@example.org"})).await;
        let (mails, texts) = post.round().await;
        assert_eq!((mails.len(), texts.len()), (0, 1));
        let officer = post.app.token(Who::Officer).await;
        post.app.act(&receipt, &officer, json!({"action": "complete"})).await;
        // in order: the decision waits for the receipt
        post.clock.advance(TimeDelta::seconds(10));
        let (mails, texts) = post.round().await;
        assert_eq!(subjects(&mails), ["আপনার আবেদন গৃহীত হয়েছে।", "আপনার আবেদনের সিদ্ধান্ত: সেবা প্রদান।"]);
        assert_ne!(mails[0].id, mails[1].id);
        assert!(mails[0].id.ends_with("@example.gov.bd>"), "{}", mails[0].id);
        assert_eq!(texts.len(), 1, "the gateway had no credit");
        post.clock.advance(TimeDelta::minutes(1));
        let (mails, texts) = post.round().await;
        assert_eq!((mails.len(), texts.len()), (0, 2));

        // a mailbox that there is not will not be there later
        post.mail.will_answer(&[550]);
        post.app.file(json!({"email": "nobody@example.org"})).await;
        assert_eq!(post.round().await.0, []);
        post.clock.advance(TimeDelta::days(1));
        assert_eq!(post.round().await.0, []);
    }

    async fn nobody_is_flooded(post: Post) {
        for number in 0..25 {
            post.app.file(json!({"email": format!("Rahima{}@example.org", if number % 2 == 0 { "" } else { "2" })})).await;
        }
        let (mails, texts) = post.round().await;
        assert_eq!((mails.len(), texts.len()), (25, 20));
        post.app.file(json!({"mobile": "01811123456"})).await;
        assert_eq!(post.round().await.1.len(), 1);
        post.clock.advance(TimeDelta::days(1) + TimeDelta::seconds(1));
        post.app.file(json!({})).await;
        assert_eq!(post.round().await.1.len(), 1);
    }
}

/// Whether anything is left for channels that are opened later.
async fn nothing_waits(database: TestDatabase, courier: Arc<Outbound>, expected: (usize, usize)) {
    let (app, _) = with_courier(database, courier).await;
    app.file(json!({"email": "rahima@example.org"})).await;
    while app.app.send_due_messages().await.unwrap() > 0 {}
    let (mail, sms) = (MailServer::default(), SmsServer::default());
    let later = app.app.clone().sending_by(courier_to(Some(&mail), Some(&sms)).await);
    while later.send_due_messages().await.unwrap() > 0 {}
    assert_eq!((mail.got().len(), sms.got().len()), expected);
}

#[actix_web::test]
async fn nothing_is_written_unless_it_is_set_up() {
    for engine in [TestDatabase::sqlite, TestDatabase::postgres] {
        nothing_waits(engine(), courier(), (0, 0)).await;
        // a mail server that is down is set up all the same
        let mail = MailChannel::new("smtp://127.0.0.1:9", "charter@example.gov.bd").unwrap();
        let outbound = Outbound::new("127.0.0.0/8".parse().unwrap(), Duration::from_millis(500)).unwrap();
        nothing_waits(engine(), Arc::new(outbound.with(Some(mail), None)), (0, 0)).await;
    }
}

#[test]
fn a_mail_server_is_described_whole() {
    for (address, from) in [
        ("mail.example.org", "charter@example.org"),
        ("http://mail.example.org", "charter@example.org"),
        ("smtps://mail.example.org", ""),
        ("smtps://mail.example.org", "charter"),
        ("smtps://mail.example.org", "<>"),
        ("smtps://mail.example.org", "Khulna <charter>"),
    ] {
        let refused = MailChannel::new(address, from).unwrap_err();
        assert!(!refused.contains("mail.example.org:"), "{refused}");
    }
    assert!(MailChannel::new("smtps://user:p%40ss@mail.example.org", "Khulna <charter@example.org>").is_ok());
    let debug = format!(
        "{:?}",
        MailChannel::new("smtps://user:secret@mail.example.org", "c@example.org").unwrap()
    );
    assert!(!debug.contains("secret"), "{debug}");
}
