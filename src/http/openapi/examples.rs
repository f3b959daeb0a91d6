//! Examples of answers, made by the program of the charter that ships with it.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use crate::app::seed::bundled_charters;
use crate::domain::calendar::{Calendar, Filing};
use crate::domain::charter::Charter;
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
        "check_live" | "check_ready" => json!({"status": "ok", "version": env!("CARGO_PKG_VERSION")}),
        _ => return None,
    })
}

fn instant() -> DateTime<Utc> {
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
