//! The pages for people, as a server gives them; `tests/consumers/pages` reads them in a browser.

use reqwest::{Method, Response};
use serde_json::json;

use crate::people::Who;
use crate::support::{OFFICE, TestApp, TestDatabase, another_office, encoded, on_both_engines};
use citizens_charter::app::charter::ImportMode;

impl TestApp {
    /// A page that has to be whole.
    async fn page(&self, path: &str) -> String {
        page(self.get(path).await, 200).await
    }
}

async fn page(response: Response, status: u16) -> String {
    assert_eq!(response.status(), status, "{}", response.url());
    let headers = response.headers().clone();
    assert_eq!(headers["content-type"], "text/html; charset=utf-8");
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(
        policy.starts_with("default-src 'none'; style-src 'self'; img-src 'self';"),
        "{policy}"
    );
    let text = response.text().await.unwrap();
    assert!(text.starts_with("<!DOCTYPE html><html lang=\"bn\">") && text.ends_with("</html>"));
    assert!(!text.contains("<script"), "pages are whole without scripts");
    text
}

on_both_engines! {
    async fn the_charter_is_read_by_people(app: TestApp) {
        let first = app.page("/").await;
        for words in [
            "ক্রমিক নং", "বিকল্প দায়িত্বপ্রাপ্ত কর্মকর্তা", "জ্ঞানভিত্তিক অর্থনীতি", "tel:+8802478845392", "০২৪৭৮৮৪৫৩৯২",
            "mailto:ddadmin@doict.gov.bd", "৬০ কার্যদিবস", "60 working days", "http://doict.koyra.khulna.gov.bd",
        ] {
            assert!(first.contains(words), "{words}");
        }
        assert_eq!(first.matches("<tr role=\"row\" id=").count(), 26);
        assert_eq!(app.page(&format!("/offices/{OFFICE}")).await, first);
        let found = app.page(&format!("/offices/{OFFICE}?q={}&unknown=1", encoded("e-mail নিরাপত্তা"))).await;
        assert!(found.matches("<tr role=\"row\" id=").count() < 26 && !found.contains("১. ভিশন ও মিশন"));
        // what is sent is shown as it is, and is nothing but text
        let odd = app.page(&format!("/offices/{OFFICE}?q={}", encoded("\"><b>x"))).await;
        assert!(odd.contains("value=\"&quot;&gt;&lt;b&gt;x\"") && odd.contains("০টি সেবা"));

        // kept by its tag, as every public read
        let answer = app.get("/").await;
        let tag = answer.headers()["etag"].clone();
        let again = app.request(Method::GET, "/").header("If-None-Match", tag).send().await.unwrap();
        assert_eq!(again.status(), 304);
        assert_eq!(app.request(Method::HEAD, "/").send().await.unwrap().status(), 200);
        for (path, kind) in [("/style.css", "text/css; charset=utf-8"), ("/icon.svg", "image/svg+xml")] {
            assert_eq!(app.get(path).await.headers()["content-type"], kind);
        }
        // no page of an office is no page
        for path in ["/offices/nowhere", "/offices/nowhere/statistics", "/offices/%00"] {
            assert!(page(app.get(path).await, 404).await.contains("There is nothing here."));
        }
        assert!(page(app.get("/?cursor=x").await, 400).await.contains("ঠিকানাটি সঠিক নয়"));
    }
}

on_both_engines! {
    async fn many_offices_are_a_list(app: TestApp) {
        for i in 0..60 {
            app.app.import_charter(another_office(&format!("office-{i}")), ImportMode::Publish).await.unwrap();
        }
        let first = app.page("/").await;
        assert_eq!(first.matches("<li><a href=\"/offices/").count(), 50);
        let more = first.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
        let rest = app.page(&more).await;
        assert_eq!(rest.matches("<li><a href=\"/offices/").count(), 11);
        assert!(!rest.contains("rel=\"next\""));
        assert_eq!(app.page(&format!("/?q={OFFICE}")).await.matches("<li><a href=\"/offices/").count(), 1);
        assert!(app.page("/?q=%22").await.contains("কোনো দপ্তর পাওয়া যায়নি।"));
        app.page(&format!("/offices/{OFFICE}")).await;
    }
}

on_both_engines! {
    async fn a_case_is_followed_by_its_code_alone(app: TestApp) {
        let officer = app.token(Who::Officer).await;
        let receipt = app.file(json!({})).await;
        let code = receipt["tracking_code"].as_str().unwrap();
        app.act(&receipt, &officer, json!({"action": "acknowledge"})).await;
        app.act(&receipt, &officer, json!({"action": "request_information", "message": "<i>জন্ম সনদ</i>"})).await;
        app.act(&receipt, &officer, json!({"action": "add_note", "note": "শুধু দপ্তরের জন্য"})).await;
        let answer = app.get(&format!("/track?code={}", code.to_lowercase())).await;
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let shown = page(answer, 200).await;
        for words in [code, "আবেদনকারীর তথ্যের অপেক্ষায়", "Waiting for the applicant", "&lt;i&gt;জন্ম সনদ&lt;/i&gt;", "২৪ নভেম্বর ২০২৬, ১০:৩০"] {
            assert!(shown.contains(words), "{words}");
        }
        for secret in ["রহিমা", "01711", "১৭১১", "শুধু দপ্তরের জন্য"] {
            assert!(!shown.contains(secret), "{secret}");
        }
        let complaint = app.complain(json!({})).await;
        let shown = app.page(&format!("/track?code={}", complaint["tracking_code"].as_str().unwrap())).await;
        assert!(shown.contains("যিনি নিষ্পত্তি করবেন"));
        // who guesses is held up, as in the API
        for _ in 0..100 {
            page(app.get("/track?code=0000-0000-0000-0000").await, 404).await;
        }
        let held = app.get("/track?code=0000-0000-0000-0000").await;
        assert!(held.headers().contains_key("retry-after"));
        assert!(page(held, 429).await.contains("There were too many attempts."));
    }
}

on_both_engines! {
    async fn promises_kept_are_drawn(app: TestApp) {
        let path = format!("/offices/{OFFICE}/statistics");
        let none = app.page(&path).await;
        assert!(none.contains("There are so few that figures could point to a person.") && !none.contains("<rect"));
        for _ in 0..6 {
            app.completed().await;
        }
        for days in ["", "?days=30", "?days=365", "?days=7", "?days=x"] {
            let shown = app.page(&format!("{path}{days}")).await;
            assert!(shown.contains("১০০% সময়মতো সিদ্ধান্ত হয়েছে"), "{days}");
            assert!(shown.contains("<rect class=\"good\" x=\"0.0\" y=\"0\" width=\"600.0\""), "{days}");
            let current = if days == "?days=365" { "?days=365" } else { "?days=30" };
            assert!(shown.contains(&format!("href=\"{current}\" aria-current=\"true\"")), "{days}");
        }
    }
}
