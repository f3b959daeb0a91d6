//! What opens nothing: tokens that are not good, fields that nobody asked for, codes that are guessed.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use crate::behind::content;
use crate::case_history::tamper;
use crate::document::{document, operations};
use crate::durability::setting;
use crate::forged_tokens::Forge;
use crate::people::{PASSWORD, Who};
use crate::permissions::{Call, outcome, publish_another};
use crate::support::{NOW, OFFICE, TestApp, TestDatabase, http_options, khulna, on_both_engines, problem};

/// Operations that are there for those whose token is not good any more.
const FOR_ANY_TOKEN: [&str; 4] = ["open_session", "refresh_session", "close_session", "issue_token"];

on_both_engines! {
    /// Every operation, by every token that is not good: as if nobody were signed in, and told so.
    async fn a_token_that_is_not_good_opens_nothing(app: TestApp) {
        let admin = app.token(Who::Administrator).await;
        publish_another(&app, &admin).await;
        let (receipt, grievance) = (app.file(json!({})).await, app.complain(json!({})).await);
        let forge = Forge::new(&app).await;
        let now = chrono::DateTime::parse_from_rfc3339(NOW).unwrap().timestamp();
        let mut tokens = BTreeMap::from([
            ("garbage", "garbage".to_owned()),
            ("garbage in three parts", "a.b.c".to_owned()),
            ("expired", forge.claims(|claims| {
                claims["iat"] = json!(now - 901);
                claims["exp"] = json!(now - 1);
            })),
            ("of a foreign issuer", forge.with("iss", json!("https://attacker.example"))),
            ("for a foreign audience", forge.with("aud", json!("another-service"))),
            ("of a role that one does not have", forge.with("role", json!("administrator"))),
            ("signed out", app.token(Who::CellOfficer).await),
            ("of a disabled account", app.token(Who::AppealOfficer).await),
            ("of a disabled client", app.token(Who::Client).await),
        ]);
        assert!(app.is_good(&forge.claims(|_| {})).await, "the forge works");
        let out = app.signed(Method::POST, "/v1/auth/logout", &tokens["signed out"]).send().await.unwrap();
        assert_eq!(out.status(), 204);
        let account = app.app.find_account(&Who::AppealOfficer.email()).await.unwrap().id;
        let clients = app.seen("/v1/clients", &admin).await;
        let client = clients["items"][0]["id"].as_str().unwrap();
        for disable in [format!("/v1/accounts/{account}/disable"), format!("/v1/clients/{client}/disable")] {
            assert_eq!(app.signed(Method::POST, &disable, &admin).send().await.unwrap().status(), 200, "{disable}");
        }
        // it was good until somebody took its account away
        let gone = app.token(Who::ForeignOfficer).await;
        let email = Who::ForeignOfficer.email();
        tamper(&app.database, &format!("DELETE FROM sessions WHERE subject IN (SELECT id FROM accounts WHERE email = '{email}')"));
        tokens.insert("of a session that is gone", gone);

        let before = content(&app.database.url);
        for call in Call::all(&receipt, &grievance) {
            for (what, token) in &tokens {
                let got = outcome(call.request(&app, None).bearer_auth(token)).await;
                if FOR_ANY_TOKEN.contains(&&*call.id) {
                    assert_ne!(got.1, "permission_denied", "{} by a token {what}", call.id);
                } else {
                    assert_eq!(got, (401, "invalid_token".to_owned()), "{} by a token {what}", call.id);
                }
            }
        }
        // attempts to sign in are counted, and nothing else
        for ((table, before), (_, after)) in before.into_iter().zip(content(&app.database.url)) {
            if table != "failed_attempts" {
                assert!(after == before, "{table}: {before:#?} {after:#?}");
            }
        }
    }
}

on_both_engines! {
    /// Who stands behind a service sees its cases and does nothing to them, and nobody else of that role sees them.
    async fn an_alternate_officer_acts_while_standing_in(app: TestApp) {
        let receipt = app.file(json!({})).await;
        let grievance = app.complain(json!({})).await;
        let charter = khulna();
        let behind = |officer: uuid::Uuid, email: &str| json!({
            "email": email, "password": PASSWORD, "role": "alternate_officer", "office": OFFICE,
            "officer": officer,
        });
        let service = &charter.services[0];
        let mut others = charter.officers.iter();
        let other = others.find(|officer| charter.services.iter().all(|service| service.alternate_officer.id != officer.id)).unwrap();
        app.create_account(behind(service.alternate_officer.id, "behind@example.org")).await;
        app.create_account(behind(other.id, "other@example.org")).await;
        let tokens = [
            (true, app.tokens("behind@example.org", PASSWORD).await),
            (false, app.tokens("other@example.org", PASSWORD).await),
        ];
        let requests = format!("/v1/service-requests/{}", receipt["id"].as_str().unwrap());
        let grievances = format!("/v1/grievances/{}", grievance["id"].as_str().unwrap());
        for stands_in in [false, true] {
            if stands_in {
                let officer = app.token(Who::Officer).await;
                let path = format!("/v1/officers/{}/absences", service.responsible_officer.id);
                let leave = app.write(Method::POST, &path, &officer, json!({"kind": "absence", "from": "2026-11-24"})).await;
                assert_eq!(leave.status(), 201);
            }
            for (is_behind, token) in &tokens {
                let token = token["access_token"].as_str().unwrap();
                let seen = app.signed(Method::GET, &requests, token).send().await.unwrap().status();
                assert_eq!(seen, if *is_behind { 200 } else { 403 }, "behind: {is_behind}");
                let act = |case: &str, action: &str| {
                    let request = app.signed(Method::POST, &format!("{case}/transitions"), token);
                    outcome(request.header("If-Match", "\"another-state\"").json(&json!({"action": action})))
                };
                let expected = match (is_behind, stands_in) {
                    (true, true) => (412, "version_mismatch"),
                    (true, false) => (403, "not_standing_in"),
                    (false, _) => (403, "permission_denied"),
                };
                let (status, code) = act(&requests, "acknowledge").await;
                assert_eq!((status, &*code), expected, "behind: {is_behind}, stands in: {stands_in}");
                // this grievance begins at level 2, which is nothing of theirs
                let (status, code) = act(&grievances, "accept").await;
                assert_eq!(status, 403, "{code}");
            }
        }
    }
}

/// Names of what a body might be made to say by somebody who knows the tables.
const NOBODY_ASKED: [&str; 12] = [
    "id",
    "seq",
    "state",
    "status",
    "role",
    "office",
    "disabled",
    "created_at",
    "due_on",
    "tracking_code",
    "is_admin",
    "password_hash",
];

on_both_engines! {
    /// What an operation does not ask for it does not take, from whoever may do it.
    async fn no_body_says_more_than_was_asked(app: TestApp) {
        publish_another(&app, &app.token(Who::Administrator).await).await;
        let (receipt, grievance) = (app.file(json!({})).await, app.complain(json!({})).await);
        let mut tokens = Vec::new();
        for who in Who::ALL {
            tokens.push(app.token(who).await);
        }
        let document = document();
        let operations = operations(&document);
        let mut tried = 0;
        for call in Call::all(&receipt, &grievance) {
            let Some((media, Value::Object(example))) = &call.body else { continue };
            // a body of a form has no other fields than those it names
            if media != "application/json" || call.id == "close_session" {
                continue;
            }
            let (_, _, operation) = operations.iter().find(|(_, _, operation)| operation["operationId"] == *call.id).unwrap();
            let known = properties(&document, &operation["requestBody"]["content"]["application/json"]["schema"]);
            for name in NOBODY_ASKED.iter().filter(|name| !known.iter().any(|known| known == *name)) {
                let mut body = example.clone();
                body.insert((*name).to_owned(), json!("administrator"));
                let mut reached = false;
                for token in &tokens {
                    let (status, code) = outcome(call.request(&app, Some(&Value::Object(body.clone()))).bearer_auth(token)).await;
                    assert!(status >= 400, "{} takes {name}", call.id);
                    reached |= code == "invalid_body";
                    if reached {
                        break;
                    }
                }
                assert!(reached, "{} does not say that it has no {name}", call.id);
                tried += 1;
            }
        }
        assert!(tried > 200, "{tried}");
    }
}

/// The names of the fields of a schema of an object, whatever it is made of.
fn properties(document: &Value, schema: &Value) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        return properties(document, document.pointer(&reference[1..]).unwrap());
    }
    let own = schema["properties"].as_object().into_iter().flatten();
    let own = own.map(|(name, _)| name.clone());
    let parts = ["allOf", "oneOf", "anyOf"]
        .iter()
        .filter_map(|of| schema[*of].as_array());
    own.chain(parts.flatten().flat_map(|part| properties(document, part)))
        .collect()
}

on_both_engines! {
    /// Whoever guesses at tracking codes learns nothing, and is soon told to stop. `ACCESS_GUESSES=100000` for longer.
    async fn guessing_at_tracking_codes_leads_nowhere(app: TestApp) {
        let receipt = app.file(json!({})).await;
        let code = receipt["tracking_code"].as_str().unwrap().to_owned();
        let guesses = setting("ACCESS_GUESSES", 600);
        let alphabet: Vec<char> = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars().collect();
        let mut answers: BTreeMap<u16, usize> = BTreeMap::new();
        for number in 0..guesses {
            // those next to a real one: another letter or two in one of its places
            let mut guess: Vec<char> = code.chars().collect();
            for (place, step) in [(number % 19, number / 19 % 31 + 1), (18 - number / 589 % 19, number / 11191 % 32)] {
                if let Some(at) = alphabet.iter().position(|letter| *letter == guess[place]) {
                    guess[place] = alphabet[(at + step) % 32];
                }
            }
            let guess: String = guess.into_iter().collect();
            if guess == code {
                continue;
            }
            let answer = app.get(&format!("/v1/tracking/{guess}")).await;
            let status = answer.status().as_u16();
            assert!(matches!(status, 404 | 429), "{guess}: {status}");
            if status == 429 {
                assert!(answer.headers().contains_key("retry-after"));
            }
            let told = problem(answer, status).await;
            assert!(!told.to_string().contains(&code));
            *answers.entry(status).or_default() += 1;
        }
        assert_eq!(answers[&404], 100, "so many may be mistaken in a quarter of an hour: {answers:?}");
        assert_eq!(answers.values().sum::<usize>(), answers[&404] + answers[&429]);
    }
}

/// Behind a proxy each citizen has guesses of one's own.
#[actix_web::test]
async fn who_guesses_is_stopped_and_nobody_else() {
    let mut options = http_options();
    options.trusted_proxies = "127.0.0.1".parse().unwrap();
    let app = TestApp::start_with(TestDatabase::sqlite(), NOW, &options).await;
    let receipt = app.file(json!({})).await;
    let code = receipt["tracking_code"].as_str().unwrap();
    let track = async |from: &str, code: &str| {
        let request = app.request(Method::GET, &format!("/v1/tracking/{code}"));
        request.header("X-Forwarded-For", from).send().await.unwrap().status()
    };
    for _ in 0..100 {
        assert_eq!(track("203.0.113.1", "0000-0000-0000-0000").await, 404);
    }
    assert_eq!(track("203.0.113.1", "0000-0000-0000-0000").await, 429);
    assert_eq!(track("203.0.113.1", code).await, 429, "a hit is not told either");
    assert_eq!(track("203.0.113.2", code).await, 200);
}
