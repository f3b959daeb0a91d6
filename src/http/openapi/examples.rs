//! Examples of answers, made by the program of the charter that ships with it.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use super::grievance_examples;
use crate::app::seed::bundled_charters;
use crate::domain::calendar::{Calendar, Filing};
use crate::domain::charter::Charter;
use crate::domain::officer::OfficerContact;
use crate::domain::promise;
use crate::domain::service::CharterService;
use crate::domain::time_limit::TimeLimitKind;

/// The charter that the examples are of.
pub(super) fn charter() -> Charter {
    let bundled = bundled_charters().ok().and_then(|charters| charters.into_iter().next());
    bundled.unwrap_or_else(|| unreachable!("the bundled charters are checked by the tests"))
}

/// The example of an operation's answer; none where it is not JSON of this service.
pub(super) fn of(operation_id: &str, charter: &Charter) -> Option<Value> {
    let office = charter.office.code.as_str();
    let record = |entry: Value| {
        with(
            entry,
            &[
                ("office", json!(office)),
                ("version", json!(1)),
                ("updated_at", json!(instant())),
            ],
        )
    };
    let page = |item: Value| json!({"items": [item]});
    let service = || record(json!(charter.services[0]));
    let officer = || record(json!(charter.officers[0]));
    let upazila_office = || record(json!(charter.upazila_offices[0]));
    let own_office = || {
        with(
            json!(charter.office),
            &[("version", json!(1)), ("updated_at", json!(instant()))],
        )
    };
    Some(match operation_id {
        "list_offices" => page(own_office()),
        "get_office" => own_office(),
        "get_charter" => json!(shortened(charter)),
        "list_services" | "list_service_versions" => page(service()),
        "get_service" => service(),
        "get_promise" => example_promise(charter)?,
        "list_officers" => page(officer()),
        "get_officer" => officer(),
        "list_upazila_offices" => page(upazila_office()),
        "get_upazila_office" => upazila_office(),
        "list_grievance_levels" => page(with(json!(charter.grievance_levels[0]), &[("office", json!(office))])),
        "list_changes" => json!({
            "items": [{
                "sequence": 4,
                "kind": "service",
                "op": "created",
                "id": charter.services[0].id,
                "office": office,
                "changed_at": instant(),
                "service": service(),
            }],
            "next_cursor": "AQAAAAAAAAAyV0mYqJ3sT2c",
        }),
        "get_calendar" => json!({
            "from": "2026-12-15",
            "to": "2026-12-16",
            "complete": false,
            "items": [
                {"date": "2026-12-15", "kind": "working"},
                {
                    "date": "2026-12-16",
                    "kind": "holiday",
                    "name": {"bn": "বিজয় দিবস", "en": "Victory Day"},
                    "source": {"bn": "প্রজ্ঞাপন", "en": "Gazette"}
                },
            ],
        }),
        "create_service" => with(service(), &[("serial", json!(8)), ("id", json!(NEW_ID))]),
        "replace_service" => with(service(), &[("version", json!(2))]),
        "create_officer" => with(officer(), &[("id", json!(NEW_ID))]),
        "replace_officer" => with(officer(), &[("version", json!(2))]),
        "create_upazila_office" => with(upazila_office(), &[("serial", json!(10)), ("id", json!(NEW_ID))]),
        "replace_upazila_office" => with(upazila_office(), &[("version", json!(2))]),
        "replace_charter" => json!({
            "dry_run": true,
            "changes": [{"op": "changed", "kind": "service", "id": charter.services[0].id}],
        }),
        "get_calendar_year" | "replace_calendar_year" => year(),
        "get_calendar_day" | "replace_calendar_day" => declared_day(),
        "create_service_request" => json!({
            "id": NEW_ID,
            "tracking_code": TRACKING_CODE,
            "state": "submitted",
            "service": requested(charter),
            "filed_on": "2026-11-24",
            "due_on": "2026-11-24",
            "responsible_officer": charter.officers[0],
            "alternate_officer": charter.officers[1],
        }),
        "list_service_requests" => page(with(
            service_request(charter),
            &[
                ("address", json!("•••")),
                ("mobile", json!("+88017••••••56")),
                ("masked", json!(true)),
            ],
        )),
        "get_service_request" | "change_service_request" => service_request(charter),
        "list_service_request_showings" | "list_grievance_showings" => page(json!({
            "shown_at": instant(),
            "shown_to": "01a20adc-66ff-7b8d-8a7c-0e9d8c7b6a5f",
            "role": "officer",
        })),
        "list_service_request_events" => page(with(
            filed_event(),
            &[
                ("role", json!("applicant")),
                (
                    "hash",
                    json!("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
                ),
            ],
        )),
        "get_tracking" | "provide_information" | "withdraw_case" | "give_feedback" => json!({
            "tracking_code": TRACKING_CODE,
            "kind": "service_request",
            "state": "submitted",
            "office": office,
            "service": requested(charter),
            "filed_on": "2026-11-24",
            "due_on": "2026-11-24",
            "overdue": false,
            "events": [filed_event()],
            "available_actions": ["withdraw"],
            "version": 1,
        }),
        "get_statistics" => json!({
            "office": office,
            "from": "2026-11-01",
            "to": "2026-11-30",
            "total": figures(),
            "grievances": {
                "received": 14,
                "appealed": 3,
                "disposed": 9,
                "pending_within_limit": 6,
                "pending_past_limit": 2,
                "telling_overdue": 1,
                "on_time_rate": 0.889,
            },
            "services": [{"service_id": charter.services[0].id, "name": charter.services[0].name, "figures": figures()}],
        }),
        "list_webhooks" => page(webhook()),
        "create_webhook" => with(webhook(), &[("has_secret", json!(false))]),
        "get_webhook" | "enable_webhook" => webhook(),
        "disable_webhook" => with(webhook(), &[("disabled", json!(true))]),
        "rotate_webhook_secret" => json!({"webhook_id": NEW_ID, "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}),
        "list_webhook_deliveries" => page(delivery()),
        "test_webhook" | "replay_webhook_delivery" => delivery(),
        "list_absences" => page(absence(charter)),
        "create_absence" => absence(charter),
        "list_accounts" => page(account(charter)),
        "create_account" | "get_account" | "enable_account" => account(charter),
        "disable_account" => with(account(charter), &[("disabled", json!(true))]),
        "list_clients" => page(client()),
        "get_client" | "enable_client" => client(),
        "create_client" => with(client(), &[("has_secret", json!(false))]),
        "disable_client" => with(client(), &[("disabled", json!(true))]),
        "rotate_client_secret" => json!({"client_id": NEW_ID, "client_secret": SECRET}),
        "list_keys" => page(key()),
        "rotate_key" => key(),
        "open_session" | "refresh_session" => json!({
            "access_token": ACCESS_TOKEN,
            "refresh_token": SECRET,
            "token_type": "Bearer",
            "expires_in": 900,
            "role": "officer",
        }),
        "issue_token" => json!({"access_token": ACCESS_TOKEN, "token_type": "Bearer", "expires_in": 900}),
        "get_session" => json!({
            "subject": NEW_ID,
            "role": "alternate_officer",
            "email": charter.officers[1].email,
            "office": office,
            "officer": charter.officers[1].id,
            "standing_in_for": [charter.officers[0]],
            "expires_at": instant(),
        }),
        "get_jwks" => json!({
            "keys": [{
                "kty": "OKP",
                "crv": "Ed25519",
                "use": "sig",
                "alg": "EdDSA",
                "kid": NEW_ID,
                "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
            }],
        }),
        "check_live" | "check_ready" => json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")}),
        _ => return grievance_examples::of(operation_id, charter),
    })
}

/// The example of what an operation takes.
pub(super) fn of_body(operation_id: &str, charter: &Charter) -> Option<Value> {
    let office = charter.office.code.as_str();
    // what is read can be sent back; a new entry is given its id by the service
    let new = |entry: Value| with(without(entry, "id"), &[("office", json!(office))]);
    let by_id = |officer: &OfficerContact| json!({"id": officer.id});
    let service = |entry: Value| {
        with(
            entry,
            &[
                ("responsible_officer", by_id(&charter.officers[0])),
                ("alternate_officer", by_id(&charter.officers[1])),
            ],
        )
    };
    Some(match operation_id {
        "open_session" => json!({"email": charter.officers[0].email, "password": PASSWORD}),
        "refresh_session" | "close_session" => json!({"refresh_token": SECRET}),
        "change_password" => json!({"current_password": PASSWORD, "new_password": "another correct horse"}),
        "issue_token" => json!({"grant_type": "client_credentials", "client_id": NEW_ID, "client_secret": SECRET}),
        "replace_charter" => json!(shortened(charter)),
        "create_service" => with(service(new(json!(charter.services[0]))), &[("serial", json!(8))]),
        "replace_service" => service(json!(charter.services[0])),
        "create_officer" => new(json!(charter.officers[0])),
        "replace_officer" => json!(charter.officers[0]),
        "create_upazila_office" => with(new(json!(charter.upazila_offices[0])), &[("serial", json!(10))]),
        "replace_upazila_office" => json!(charter.upazila_offices[0]),
        "create_service_request" => json!({
            "service_id": charter.services[0].id,
            "name": "মোছাঃ রহিমা খাতুন",
            "address": "খালিশপুর, খুলনা",
            "mobile": "০১৭১১-১২৩৪৫৬",
            "request": "সুরক্ষা অ্যাপে জন্ম তারিখ সংশোধন করতে চাই।",
            "documents_confirmed": true,
        }),
        "change_service_request" => json!({"action": "request_information", "message": "জন্ম সনদের কপি পাঠান।"}),
        "provide_information" => json!({"message": "জন্ম সনদের কপি পাঠালাম।"}),
        "withdraw_case" => json!({"message": "আর প্রয়োজন নেই।"}),
        "give_feedback" => json!({"rating": 5, "message": "দ্রুত সেবা পেয়েছি।"}),
        "create_webhook" => {
            json!({"url": "https://portal.example.org/hooks/charter", "events": ["charter_changed", "case_changed"]})
        }
        "create_absence" => json!({"kind": "absence", "from": "2026-12-01", "to": "2026-12-10"}),
        "replace_calendar_year" => year(),
        "replace_calendar_day" => declared_day(),
        "create_account" => json!({
            "email": charter.officers[0].email,
            "password": PASSWORD,
            "role": "officer",
            "office": office,
            "officer": charter.officers[0].id,
        }),
        "set_account_password" => json!({"password": PASSWORD}),
        "create_client" => json!({"name": "National Portal"}),
        _ => return grievance_examples::of_body(operation_id, charter),
    })
}

pub(super) const NEW_ID: &str = "01a20adc-55ee-7a7c-8f6b-9d8c7b6a5f4e";
const PASSWORD: &str = "correct horse battery staple";
const SECRET: &str = "Zr0q1m7w0Y5m3pZ2n8R1t6v4x9B0c5d8f2g7h1j3k6l";
const ACCESS_TOKEN: &str = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";

pub(super) const TRACKING_CODE: &str = "7ZK3-9QWM-04TD-XB2R";

pub(super) fn requested(charter: &Charter) -> Value {
    let service = &charter.services[0];
    json!({"id": service.id, "version": 1, "office": charter.office.code, "name": service.name})
}

fn filed_event() -> Value {
    json!({"number": 1, "at": instant(), "action": "file", "state": "submitted", "due_on": "2026-11-24"})
}

fn service_request(charter: &Charter) -> Value {
    json!({
        "id": NEW_ID,
        "tracking_code": TRACKING_CODE,
        "state": "submitted",
        "service": requested(charter),
        "medium": "website",
        "language": "bn",
        "name": "মোছাঃ রহিমা খাতুন",
        "address": "খালিশপুর, খুলনা",
        "mobile": "+8801711123456",
        "masked": false,
        "request": "সুরক্ষা অ্যাপে জন্ম তারিখ সংশোধন করতে চাই।",
        "filed_at": instant(),
        "filed_on": "2026-11-24",
        "due_on": "2026-11-24",
        "overdue": false,
        "responsible_officer": charter.officers[0].id,
        "alternate_officer": charter.officers[1].id,
        "handed_over": false,
        "available_actions": ["acknowledge", "request_information", "complete", "reject"],
        "version": 1,
        "updated_at": instant(),
    })
}

fn figures() -> Value {
    json!({
        "received": 120,
        "completed": 100,
        "rejected": 8,
        "withdrawn": 2,
        "pending_within_limit": 9,
        "pending_past_limit": 1,
        "on_time_rate": 0.963,
        "median_working_days": 2,
        "p90_working_days": 4,
        "satisfaction": 4.6,
    })
}

fn year() -> Value {
    json!({
        "year": 2027,
        "complete": true,
        "note": {"bn": "প্রজ্ঞাপন অনুযায়ী সকল ছুটি", "en": "All holidays of the gazette"},
        "days": [{
            "date": "2027-02-21",
            "kind": "holiday",
            "name": {"bn": "শহিদ দিবস ও আন্তর্জাতিক মাতৃভাষা দিবস", "en": "Martyrs' Day and International Mother Language Day"},
            "source": {"bn": "প্রজ্ঞাপন", "en": "Gazette"},
        }],
    })
}

fn declared_day() -> Value {
    json!({
        "date": "2026-12-17",
        "kind": "holiday",
        "name": {"bn": "নির্বাহী আদেশে ছুটি", "en": "Holiday by executive order"},
        "source": {"bn": "নির্বাহী আদেশ", "en": "Executive order"},
    })
}

fn absence(charter: &Charter) -> Value {
    json!({
        "id": NEW_ID,
        "officer": charter.officers[0].id,
        "kind": "absence",
        "from": "2026-12-01",
        "to": "2026-12-10",
        "recorded_at": instant(),
    })
}

fn account(charter: &Charter) -> Value {
    json!({
        "id": NEW_ID,
        "email": charter.officers[0].email,
        "role": "officer",
        "office": charter.office.code,
        "officer": charter.officers[0].id,
        "disabled": false,
        "created_at": instant(),
        "updated_at": instant(),
    })
}

fn client() -> Value {
    json!({
        "id": NEW_ID,
        "name": "National Portal",
        "has_secret": true,
        "disabled": false,
        "created_at": instant(),
        "updated_at": instant(),
    })
}

fn webhook() -> Value {
    json!({
        "id": NEW_ID,
        "url": "https://portal.example.org/hooks/charter",
        "events": ["charter_changed", "case_changed"],
        "has_secret": true,
        "disabled": false,
        "created_at": instant(),
        "updated_at": instant(),
    })
}

fn delivery() -> Value {
    json!({
        "id": "msg_1207",
        "event": "charter_changed",
        "topic": "doict-khulna",
        "state": "pending",
        "attempts": 0,
        "created_at": instant(),
        "next_attempt_at": instant(),
    })
}

fn key() -> Value {
    json!({"kid": NEW_ID, "created_at": instant()})
}

fn without(mut object: Value, field: &str) -> Value {
    if let Some(fields) = object.as_object_mut() {
        fields.shift_remove(field);
    }
    object
}

pub(super) fn instant() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_494_600, 0).unwrap_or_default()
}

fn with(mut object: Value, fields: &[(&str, Value)]) -> Value {
    for (name, value) in fields {
        object[*name] = value.clone();
    }
    object
}

/// One entry of each list is enough to see the shape.
fn shortened(charter: &Charter) -> Charter {
    let mut charter = charter.clone();
    charter.services.truncate(1);
    charter.upazila_offices.truncate(1);
    charter.expectations.truncate(1);
    charter.grievance_levels.truncate(1);
    charter
}

fn example_promise(charter: &Charter) -> Option<Value> {
    let counted = |service: &&CharterService| service.time_limit.kind == TimeLimitKind::WorkingDays;
    let service = charter.services.iter().find(counted)?;
    let filing = Filing::during(NaiveDate::from_ymd_opt(2026, 11, 24)?);
    let promise = promise::count(service.id, &service.time_limit, filing, &Calendar::default())?;
    Some(json!(promise))
}
