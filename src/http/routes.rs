//! Every operation of the API in one place. The routes and the OpenAPI document are both made of this list.

use super::calendar::CalendarQuery;
use super::change::{ChangeQuery, VersionQuery};
use super::extract::{AsOfQuery, IdPath, NoQuery, OfficePath};
use super::grievance_level::GrievanceLevelQuery;
use super::office::OfficeQuery;
use super::operation::{Operation, operations};
use super::page::EntryQuery;
use super::service::{PromiseQuery, ServiceQuery};

/// The operations of version 1.
fn v1() -> Vec<Operation> {
    operations![
        "offices" office::list_offices(path: NoQuery, query: OfficeQuery) Revalidate [InvalidCursor];
        "offices" office::get_office(path: OfficePath, query: NoQuery) Revalidate [NotFound];
        "charters" charter::get_charter(path: OfficePath, query: AsOfQuery) Revalidate [NotFound];
        "services" service::list_services(path: NoQuery, query: ServiceQuery) Revalidate [InvalidCursor];
        "services" service::get_service(path: IdPath, query: AsOfQuery) Revalidate [NotFound];
        "services" change::list_service_versions(path: IdPath, query: VersionQuery) Revalidate [NotFound, InvalidCursor];
        "services" service::get_promise(path: IdPath, query: PromiseQuery) Revalidate [NotFound];
        "officers" officer::list_officers(path: NoQuery, query: EntryQuery) Revalidate [InvalidCursor];
        "officers" officer::get_officer(path: IdPath, query: NoQuery) Revalidate [NotFound];
        "upazila offices" upazila_office::list_upazila_offices(path: NoQuery, query: EntryQuery) Revalidate [InvalidCursor];
        "upazila offices" upazila_office::get_upazila_office(path: IdPath, query: NoQuery) Revalidate [NotFound];
        "grievance levels" grievance_level::list_grievance_levels(path: NoQuery, query: GrievanceLevelQuery) Revalidate [InvalidCursor];
        "calendar" calendar::get_calendar(path: NoQuery, query: CalendarQuery) Revalidate [];
        "changes" change::list_changes(path: NoQuery, query: ChangeQuery) Revalidate [InvalidCursor];
    ]
}

/// The operations that run the service, outside any version.
fn operational() -> Vec<Operation> {
    operations![
        "operations" docs::get_openapi(path: NoQuery, query: NoQuery) Revalidate [];
        "operations" docs::get_openapi_3_0(path: NoQuery, query: NoQuery) Revalidate [];
        "operations" health::check_live(path: NoQuery, query: NoQuery) Never [];
        "operations" health::check_ready(path: NoQuery, query: NoQuery) Never [];
        "operations" metrics::get_metrics(path: NoQuery, query: NoQuery) Never [];
    ]
}

/// Every operation.
pub(super) fn all() -> Vec<Operation> {
    let mut operations = v1();
    operations.extend(operational());
    operations
}
