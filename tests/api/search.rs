//! Search: the same words find the same services on both engines, however they are spelt.

use citizens_charter::app::charter::ImportMode::Publish;
use citizens_charter::domain::service::Category;
use citizens_charter::domain::text::Text;
use serde_json::Value;

use crate::support::{TestApp, TestDatabase, another_office, encoded, on_both_engines};

async fn names(app: &TestApp, path: &str, query: &str) -> Vec<String> {
    let items = app.all(&format!("{path}?q={}", encoded(query)), 100).await;
    items
        .iter()
        .map(|item| item["name"]["en"].as_str().unwrap().to_owned())
        .collect()
}

on_both_engines! {
    async fn services_are_found_in_spite_of_their_spelling(app: TestApp) {
        for (query, total) in [
            ("তাৎক্ষণিক", 19),
            ("তাৎক্ষনিক", 19),
            ("প্রযোজ্য", 26),
            ("প্রয়োজ্য", 26),
            ("প্র\u{09DF}োজ্য", 26),
            ("ই-মেইল", 14),
            ("ই- মেইল", 14),
            ("ইমেইল", 14),
            ("cyber", 1),
            ("CYBER Security", 1),
            ("সাইবার", 1),
            ("সাইবার নিরাপত্তা", 1),
            ("নিরাপত্তা সাইবার", 1),
            ("সাইবার e-nothi", 0),
            ("কোভিড-১৯", 1),
            ("কোভিড 19", 1),
            ("covid-19", 1),
            ("সরকারি নীতিমালা", 3),
            ("সরকারী নীতিমালা", 3),
            ("০১৭৩৭৯৯৬৮৬৭", 26),
            ("01737996867", 26),
            ("+880 1737-996867", 26),
            ("salmanmehbub@gmail.com", 26),
            ("০৫", 3),
            ("5", 3),
            ("zebra", 0),
            ("100%", 0),
        ] {
            assert_eq!(names(&app, "/v1/services", query).await.len(), total, "{query}");
        }
        assert_eq!(
            names(&app, "/v1/services", "সাইবার").await,
            ["Advice needed to raise awareness of cyber security"]
        );
    }
}

on_both_engines! {
    async fn officers_offices_and_upazila_offices_are_found_too(app: TestApp) {
        assert_eq!(names(&app, "/v1/officers", "০১৭৩৭৯৯৬৮৬৭").await, ["Mr. G. M. Salman A Mehbub"]);
        assert_eq!(names(&app, "/v1/officers", "01737996867").await, ["Mr. G. M. Salman A Mehbub"]);
        assert_eq!(names(&app, "/v1/officers", "আলিমুজ্জামান").await, ["Mr. Md. Alimuzzaman Khan"]);
        assert_eq!(names(&app, "/v1/upazila-offices", "রুপসা").await, ["Upazila Office, Rupsha, Khulna"]);
        assert_eq!(names(&app, "/v1/offices", "খুলনা").await, ["District Office, Khulna"]);
    }
}

on_both_engines! {
    async fn a_query_without_letters_or_digits_is_refused(app: TestApp) {
        for query in ["%", "!!!", "।", "\u{200D}"] {
            let problem = app.problem(&format!("/v1/services?q={}", encoded(query)), 400).await;
            assert_eq!(problem["errors"][0]["pointer"], "/query/q", "{query}");
        }
    }
}

on_both_engines! {
    async fn no_query_breaks_the_search(app: TestApp) {
        for query in [
            "\"", "' OR 1=1 --", "a\" OR b", "NEAR(a b)", "search:x", "*", "a*", "^a", "\\", "_", "{x}", "(", "a AND", "\u{0}x",
        ] {
            let response = app.get(&format!("/v1/services?q={}", encoded(query))).await;
            assert!([200, 400].contains(&response.status().as_u16()), "{query}: {}", response.status());
            let _: Value = response.json().await.unwrap();
        }
    }
}

on_both_engines! {
    /// The next entries of a list are looked through; what is further off is found by the index of words.
    async fn what_is_far_off_is_found_as_well(app: TestApp) {
        let mut charter = another_office("far-away");
        let pattern = charter.services.iter().find(|service| service.category == Category::Citizen).cloned().unwrap();
        for number in 0..600 {
            let mut copy = pattern.clone();
            copy.id = uuid::Uuid::now_v7();
            copy.serial = 1000 + number;
            copy.name = Text::new(format!("অনুলিপি {number}"), format!("Duplicate {number}"));
            charter.services.push(copy);
        }
        charter.services[26 + 594].name = Text::new("খড়ের গাদায় সুঁই", "Needle in a haystack");
        app.app.import_charter(charter, Publish).await.unwrap();
        app.see_all().await;
        assert_eq!(names(&app, "/v1/services", "needle").await, ["Needle in a haystack"]);
        assert_eq!(names(&app, "/v1/services", "haystack সুঁই").await, ["Needle in a haystack"]);
        assert_eq!(names(&app, "/v1/services", "duplicate needle").await, [""; 0]);
        // what is found nearby and what is found further off are one list
        let found = names(&app, "/v1/services", "duplicate").await;
        assert_eq!(found.len(), 599);
        assert_eq!((&*found[0], &*found[598]), ("Duplicate 0", "Duplicate 599"));
        let of_office = app.all("/v1/services?office=far-away&q=duplicate", 7).await;
        assert_eq!(of_office.len(), 599);
        let rare = app.all("/v1/services?office=far-away&q=duplicate+59", 7).await;
        // 59, and what begins with it but for the needle, which was 594
        assert_eq!(rare.len(), 10);
    }
}
