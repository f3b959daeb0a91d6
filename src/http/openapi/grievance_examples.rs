//! Examples of grievances.

use serde_json::{Value, json};

use super::examples::{NEW_ID, TRACKING_CODE, instant, requested};
use crate::domain::charter::Charter;

/// The example of an operation's answer; none where the operation is not about grievances.
pub(super) fn of(operation_id: &str, charter: &Charter) -> Option<Value> {
    let page = |item: Value| json!({"items": [item]});
    Some(match operation_id {
        "create_grievance" => json!({
            "id": NEW_ID,
            "tracking_code": TRACKING_CODE,
            "state": "submitted",
            "office": charter.office.code,
            "service": requested(charter),
            "level": 2,
            "handled_by": handled_by(charter),
            "filed_on": "2026-11-24",
            "due_on": "2026-12-23",
        }),
        "list_grievances" => page(grievance(charter)),
        "get_grievance" | "change_grievance" => grievance(charter),
        "list_grievance_events" => page(json!({
            "number": 1,
            "at": instant(),
            "action": "file",
            "state": "submitted",
            "level": 2,
            "due_on": "2026-12-23",
            "role": "applicant",
            "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        })),
        "create_appeal" => json!({
            "tracking_code": TRACKING_CODE,
            "kind": "grievance",
            "state": "submitted",
            "office": charter.office.code,
            "service": requested(charter),
            "handled_by": {
                "level": 3,
                "title": charter.grievance_levels[2].title,
                "handler": charter.grievance_levels[2].handler,
            },
            "filed_on": "2026-11-24",
            "due_on": "2027-03-18",
            "overdue": false,
            "outcome": "reply_satisfactory",
            "events": [
                {"number": 1, "at": instant(), "action": "file", "state": "submitted", "level": 2, "due_on": "2026-12-23"},
                {"number": 2, "at": instant(), "action": "appeal", "state": "submitted", "level": 3, "due_on": "2027-03-18"},
            ],
            "available_actions": ["withdraw"],
            "version": 2,
        }),
        "get_grievance_report" => json!({
            "office": charter.office.code,
            "name": charter.office.name,
            "month": "2026-11",
            "as_of": "2026-11-30",
            "grievances": figures(),
            "appeals": figures(),
            "disposed": [{
                "id": NEW_ID,
                "appeal": false,
                "subject": "সময়মতো সেবা পাইনি",
                "received_on": "2026-11-02",
                "disposed_on": "2026-11-24",
                "disposal": "decided",
                "outcome": "service_given",
                "summary": "সেবা ২২ নভেম্বর প্রদান করা হয়েছে।",
            }],
        }),
        "list_grievance_register" => page(json!({
            "id": NEW_ID,
            "tracking_code": TRACKING_CODE,
            "received_on": "2026-11-02",
            "complainant": "মোছাঃ রহিমা খাতুন",
            "mobile": "+8801711123456",
            "medium": "website",
            "complainant_kind": "citizen",
            "service": charter.services[0].name,
            "subject": "সময়মতো সেবা পাইনি",
            "root_cause": "জনবলের স্বল্পতা",
            "disposed_on": "2026-11-24",
            "disposal": "decided",
            "outcome": "service_given",
            "decision": "সেবা ২২ নভেম্বর প্রদান করা হয়েছে।",
            "advice": "আবেদন গ্রহণের দিনই দায়িত্ব বণ্টন",
        })),
        "list_blacklist_entries" => page(blacklist_entry(charter)),
        "create_blacklist_entry" => blacklist_entry(charter),
        _ => return None,
    })
}

/// The example of what an operation takes.
pub(super) fn of_body(operation_id: &str, charter: &Charter) -> Option<Value> {
    Some(match operation_id {
        "create_grievance" => json!({
            "service_id": charter.services[0].id,
            "applied_on": "2026-11-02",
            "complainant_kind": "citizen",
            "name": "মোছাঃ রহিমা খাতুন",
            "identity": {"kind": "national_id", "number": "১৯৯০৪৭১২৩৪৫৬৭৮৯০১"},
            "permanent_address": "গ্রাম: চালনা, দাকোপ, খুলনা",
            "present_address": "খালিশপুর, খুলনা",
            "mobile": "০১৭১১-১২৩৪৫৬",
            "subject": "সময়মতো সেবা পাইনি",
            "description": "নির্ধারিত সময়সীমা পার হলেও সেবা দেওয়া হয়নি।",
            "declared_true": true,
        }),
        "change_grievance" => json!({"action": "accept", "message": "অভিযোগটি গ্রহণ করা হলো।"}),
        "create_appeal" => json!({"message": "সিদ্ধান্তে আমার সমস্যার সমাধান হয়নি।"}),
        "create_blacklist_entry" => json!({
            "grievance_id": NEW_ID,
            "by": "mobile",
            "reason": "এক বছরে তিনটি অভিযোগ, প্রতিটি মিথ্যা প্রমাণিত।",
        }),
        _ => return None,
    })
}

fn handled_by(charter: &Charter) -> Value {
    let level = &charter.grievance_levels[1];
    json!({"level": level.level, "title": level.title, "handler": level.handler})
}

fn grievance(charter: &Charter) -> Value {
    json!({
        "id": NEW_ID,
        "tracking_code": TRACKING_CODE,
        "state": "submitted",
        "office": charter.office.code,
        "level": 2,
        "handled_by": handled_by(charter),
        "service": requested(charter),
        "responsible_officer": charter.officers[0].id,
        "applied_on": "2026-11-02",
        "complainant_kind": "citizen",
        "anonymous": false,
        "complainant": {
            "name": "মোছাঃ রহিমা খাতুন",
            "identity": {"kind": "national_id", "number": "১৯৯০৪৭১২৩৪৫৬৭৮৯০১"},
            "permanent_address": "গ্রাম: চালনা, দাকোপ, খুলনা",
            "present_address": "খালিশপুর, খুলনা",
            "mobile": "+8801711123456",
            "masked": false,
            "relation": "oneself",
        },
        "medium": "website",
        "language": "bn",
        "subject": "সময়মতো সেবা পাইনি",
        "description": "নির্ধারিত সময়সীমা পার হলেও সেবা দেওয়া হয়নি।",
        "attachments": [],
        "filed_at": instant(),
        "filed_on": "2026-11-24",
        "due_on": "2026-12-23",
        "overdue": false,
        "information_asked": false,
        "departmental_action": false,
        "telling_overdue": false,
        "blacklisting_recommended": false,
        "available_actions": ["accept", "file_without_action", "send_up", "add_note"],
        "available_outcomes": [],
        "version": 1,
        "updated_at": instant(),
    })
}

fn figures() -> Value {
    json!({
        "received_website": 7,
        "received_call_centre": 1,
        "received_conventional": 2,
        "received_own_motion": 0,
        "received": 10,
        "carried_over": 4,
        "total": 14,
        "disposed": 9,
        "pending_within_limit": 4,
        "pending_past_limit": 1,
        "pending": 5,
        "disposal_rate": 64.29,
    })
}

fn blacklist_entry(charter: &Charter) -> Value {
    json!({
        "id": NEW_ID,
        "office": charter.office.parent.as_ref().map_or(&charter.office.code, |parent| &parent.code),
        "by": "mobile",
        "grievance_id": NEW_ID,
        "reason": "এক বছরে তিনটি অভিযোগ, প্রতিটি মিথ্যা প্রমাণিত।",
        "entered_at": instant(),
    })
}
