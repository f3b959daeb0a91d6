//! Every operation of the API in one place. The routes and the OpenAPI document are both made of this list.

use super::calendar::CalendarQuery;
use super::change::ChangeQuery;
use super::charter::ReplaceQuery;
use super::extract::{AbsencePath, AsOfQuery, DayPath, IdPath, NoQuery, OfficePath, YearPath};
use super::grievance::GrievanceQuery;
use super::grievance_level::GrievanceLevelQuery;
use super::grievance_report::{RegisterQuery, ReportQuery};
use super::oauth::TokenRequest;
use super::office::OfficeQuery;
use super::operation::{Operation, operations};
use super::page::{EntryQuery, PageQuery};
use super::service::{PromiseQuery, ServiceQuery};
use super::service_request::{ServiceRequestQuery, StatisticsQuery};
use super::tracking::TrackingPath;
use super::webhook::DeliveryPath;
use crate::domain::absence::AbsenceInput;
use crate::domain::account::{AccountInput, PasswordInput};
use crate::domain::calendar::{DeclaredDayInput, DeclaredYear};
use crate::domain::charter::Charter;
use crate::domain::client::ClientInput;
use crate::domain::grievance::blacklist::BlacklistEntryInput;
use crate::domain::grievance::{AppealInput, GrievanceInput, GrievanceTransitionInput};
use crate::domain::officer::OfficerInput;
use crate::domain::service::ServiceInput;
use crate::domain::service_request::{
    FeedbackInput, InformationInput, ServiceRequestInput, TransitionInput, WithdrawalInput,
};
use crate::domain::session::{Credentials, PasswordChange, RefreshInput};
use crate::domain::upazila_office::UpazilaOfficeInput;
use crate::domain::webhook::WebhookInput;

/// What anybody may read, in version 1.
fn public() -> Vec<Operation> {
    operations![
        "offices" office::list_offices(path: NoQuery, query: OfficeQuery) Read [InvalidCursor];
        "offices" office::get_office(path: OfficePath, query: NoQuery) Read [NotFound];
        "charters" charter::get_charter(path: OfficePath, query: AsOfQuery) Read [NotFound];
        "services" service::list_services(path: NoQuery, query: ServiceQuery) Read [InvalidCursor];
        "services" service::get_service(path: IdPath, query: AsOfQuery) Read [NotFound];
        "services" change::list_service_versions(path: IdPath, query: PageQuery) Read [NotFound, InvalidCursor];
        "services" service::get_promise(path: IdPath, query: PromiseQuery) Read [NotFound];
        "officers" officer::list_officers(path: NoQuery, query: EntryQuery) Read [InvalidCursor];
        "officers" officer::get_officer(path: IdPath, query: NoQuery) Read [NotFound];
        "upazila offices" upazila_office::list_upazila_offices(path: NoQuery, query: EntryQuery) Read [InvalidCursor];
        "upazila offices" upazila_office::get_upazila_office(path: IdPath, query: NoQuery) Read [NotFound];
        "grievance levels" grievance_level::list_grievance_levels(path: NoQuery, query: GrievanceLevelQuery) Read [InvalidCursor];
        "calendar" calendar::get_calendar(path: NoQuery, query: CalendarQuery) Read [];
        "calendar" calendar::get_calendar_year(path: YearPath, query: NoQuery) Read [NotFound];
        "calendar" calendar::get_calendar_day(path: DayPath, query: NoQuery) Read [];
        "service requests" service_request::get_statistics(path: NoQuery, query: StatisticsQuery) Read [NotFound];
        "changes" change::list_changes(path: NoQuery, query: ChangeQuery) Read [InvalidCursor];
    ]
}

/// Signing in and out, in version 1.
fn sessions() -> Vec<Operation> {
    operations![
        "sessions" session::open_session(path: NoQuery, query: NoQuery, body: Credentials) Act [InvalidCredentials, TooManyAttempts];
        "sessions" session::refresh_session(path: NoQuery, query: NoQuery, body: RefreshInput) Act [InvalidCredentials, RefreshTokenReused];
        "sessions" session::close_session(path: NoQuery, query: NoQuery, body: RefreshInput) Act [AuthenticationRequired];
        "sessions" session::get_session(path: NoQuery, query: NoQuery) Look for SeeOwnSession [];
        "sessions" session::change_password(path: NoQuery, query: NoQuery, body: PasswordChange) Act for ChangeOwnPassword [InvalidCredentials, TooManyAttempts];
        "sessions" oauth::issue_token(path: NoQuery, query: NoQuery, body: TokenRequest) Act [TooManyAttempts];
        "sessions" session::get_jwks(path: NoQuery, query: NoQuery) Read [];
    ]
}

/// Service requests, in version 1: anybody files and tracks, officers handle.
fn service_requests() -> Vec<Operation> {
    operations![
        "service requests" service_request::create_service_request(path: NoQuery, query: NoQuery, body: ServiceRequestInput) Create [AuthenticationRequired, PermissionDenied];
        "service requests" service_request::list_service_requests(path: NoQuery, query: ServiceRequestQuery) Look for SeeServiceRequests [InvalidCursor];
        "service requests" service_request::get_service_request(path: IdPath, query: NoQuery) Inspect for SeeServiceRequests [NotFound];
        "service requests" service_request::list_service_request_events(path: IdPath, query: PageQuery) Look for SeeServiceRequests [NotFound, InvalidCursor];
        "service requests" service_request::list_service_request_showings(path: IdPath, query: PageQuery) Look for SeeServiceRequests [NotFound, InvalidCursor];
        "service requests" service_request::change_service_request(path: IdPath, query: NoQuery, body: TransitionInput) Transit for ActOnServiceRequests [NotFound, NotStandingIn, ActionNotAvailable];
        "tracking" tracking::get_tracking(path: TrackingPath, query: NoQuery) Look [NotFound, TooManyAttempts];
        "tracking" tracking::provide_information(path: TrackingPath, query: NoQuery, body: InformationInput) ActOnce [NotFound, TooManyAttempts, ActionNotAvailable];
        "tracking" tracking::withdraw_case(path: TrackingPath, query: NoQuery, body: WithdrawalInput) ActOnce [NotFound, TooManyAttempts, ActionNotAvailable];
        "tracking" tracking::create_appeal(path: TrackingPath, query: NoQuery, body: AppealInput) Create [NotFound, TooManyAttempts, ActionNotAvailable];
        "tracking" tracking::give_feedback(path: TrackingPath, query: NoQuery, body: FeedbackInput) ActOnce [NotFound, TooManyAttempts, ActionNotAvailable];
    ]
}

/// Grievances, in version 1: anybody files and tracks, three levels redress.
fn grievances() -> Vec<Operation> {
    operations![
        "grievances" grievance::create_grievance(path: NoQuery, query: NoQuery, body: GrievanceInput) Create [TooEarly, NotAdmissible, Blacklisted, TooManyAttempts];
        "grievances" grievance::list_grievances(path: NoQuery, query: GrievanceQuery) Look for SeeGrievances [NotFound, InvalidCursor];
        "grievances" grievance::get_grievance(path: IdPath, query: NoQuery) Inspect for SeeGrievances [NotFound];
        "grievances" grievance::list_grievance_events(path: IdPath, query: PageQuery) Look for SeeGrievances [NotFound, InvalidCursor];
        "grievances" grievance::list_grievance_showings(path: IdPath, query: PageQuery) Look for SeeGrievances [NotFound, InvalidCursor];
        "grievances" grievance::change_grievance(path: IdPath, query: NoQuery, body: GrievanceTransitionInput) Transit for ActOnGrievances [NotFound, NotStandingIn, AboutOneself, ActionNotAvailable];
        "grievances" grievance_report::get_grievance_report(path: NoQuery, query: ReportQuery) Look for SeeGrievanceReports [NotFound];
        "grievances" grievance_report::list_grievance_register(path: NoQuery, query: RegisterQuery) Look for SeeGrievanceReports [NotFound, InvalidCursor];
        "grievances" blacklist::list_blacklist_entries(path: NoQuery, query: PageQuery) Look for KeepBlacklist [InvalidCursor];
        "grievances" blacklist::create_blacklist_entry(path: NoQuery, query: NoQuery, body: BlacklistEntryInput) Create for KeepBlacklist [Conflict];
        "grievances" blacklist::delete_blacklist_entry(path: IdPath, query: NoQuery) Act for KeepBlacklist [NotFound];
    ]
}

/// Keeping charters and the calendar, in version 1.
fn upkeep() -> Vec<Operation> {
    operations![
        "charters" charter::replace_charter(path: OfficePath, query: ReplaceQuery, body: Charter) Put for EditCharter [];
        "services" service::create_service(path: NoQuery, query: NoQuery, body: ServiceInput) Create for EditCharter [];
        "services" service::replace_service(path: IdPath, query: NoQuery, body: ServiceInput) Replace for EditCharter [NotFound];
        "services" service::delete_service(path: IdPath, query: NoQuery) Remove for EditCharter [NotFound];
        "officers" officer::create_officer(path: NoQuery, query: NoQuery, body: OfficerInput) Create for EditCharter [];
        "officers" officer::replace_officer(path: IdPath, query: NoQuery, body: OfficerInput) Replace for EditCharter [NotFound];
        "officers" officer::delete_officer(path: IdPath, query: NoQuery) Remove for EditCharter [NotFound, Conflict];
        "officers" absence::list_absences(path: IdPath, query: PageQuery) Look for SeeAbsences [NotFound, InvalidCursor];
        "officers" absence::create_absence(path: IdPath, query: NoQuery, body: AbsenceInput) Create for KeepAbsences [NotFound];
        "officers" absence::delete_absence(path: AbsencePath, query: NoQuery) Act for KeepAbsences [NotFound];
        "upazila offices" upazila_office::create_upazila_office(path: NoQuery, query: NoQuery, body: UpazilaOfficeInput) Create for EditCharter [];
        "upazila offices" upazila_office::replace_upazila_office(path: IdPath, query: NoQuery, body: UpazilaOfficeInput) Replace for EditCharter [NotFound];
        "upazila offices" upazila_office::delete_upazila_office(path: IdPath, query: NoQuery) Remove for EditCharter [NotFound];
        "calendar" calendar::replace_calendar_year(path: YearPath, query: NoQuery, body: DeclaredYear) Put for KeepCalendar [];
        "calendar" calendar::replace_calendar_day(path: DayPath, query: NoQuery, body: DeclaredDayInput) Replace for KeepCalendar [];
        "calendar" calendar::delete_calendar_day(path: DayPath, query: NoQuery) Remove for KeepCalendar [];
    ]
}

/// Telling systems what happens, in version 1.
fn webhooks() -> Vec<Operation> {
    operations![
        "webhooks" webhook::list_webhooks(path: NoQuery, query: PageQuery) Look for KeepWebhooks [InvalidCursor];
        "webhooks" webhook::create_webhook(path: NoQuery, query: NoQuery, body: WebhookInput) Create for KeepWebhooks [];
        "webhooks" webhook::get_webhook(path: IdPath, query: NoQuery) Look for KeepWebhooks [NotFound];
        "webhooks" webhook::delete_webhook(path: IdPath, query: NoQuery) Act for KeepWebhooks [NotFound];
        "webhooks" webhook::rotate_webhook_secret(path: IdPath, query: NoQuery) Act for KeepWebhooks [NotFound];
        "webhooks" webhook::disable_webhook(path: IdPath, query: NoQuery) Act for KeepWebhooks [NotFound];
        "webhooks" webhook::enable_webhook(path: IdPath, query: NoQuery) Act for KeepWebhooks [NotFound];
        "webhooks" webhook::test_webhook(path: IdPath, query: NoQuery) Act for KeepWebhooks [NotFound];
        "webhooks" webhook::list_webhook_deliveries(path: IdPath, query: PageQuery) Look for KeepWebhooks [NotFound, InvalidCursor];
        "webhooks" webhook::replay_webhook_delivery(path: DeliveryPath, query: NoQuery) Act for KeepWebhooks [NotFound];
    ]
}

/// Keeping those who sign in, in version 1.
fn administration() -> Vec<Operation> {
    operations![
        "accounts" account::list_accounts(path: NoQuery, query: PageQuery) Look for KeepAccounts [InvalidCursor];
        "accounts" account::create_account(path: NoQuery, query: NoQuery, body: AccountInput) Create for KeepAccounts [Conflict];
        "accounts" account::get_account(path: IdPath, query: NoQuery) Look for KeepAccounts [NotFound];
        "accounts" account::disable_account(path: IdPath, query: NoQuery) Act for KeepAccounts [NotFound];
        "accounts" account::enable_account(path: IdPath, query: NoQuery) Act for KeepAccounts [NotFound];
        "accounts" account::set_account_password(path: IdPath, query: NoQuery, body: PasswordInput) Act for KeepAccounts [NotFound];
        "clients" client::list_clients(path: NoQuery, query: PageQuery) Look for KeepClients [InvalidCursor];
        "clients" client::create_client(path: NoQuery, query: NoQuery, body: ClientInput) Create for KeepClients [];
        "clients" client::get_client(path: IdPath, query: NoQuery) Look for KeepClients [NotFound];
        "clients" client::rotate_client_secret(path: IdPath, query: NoQuery) Act for KeepClients [NotFound];
        "clients" client::disable_client(path: IdPath, query: NoQuery) Act for KeepClients [NotFound];
        "clients" client::enable_client(path: IdPath, query: NoQuery) Act for KeepClients [NotFound];
        "keys" signing_key::list_keys(path: NoQuery, query: NoQuery) Look for KeepKeys [];
        "keys" signing_key::rotate_key(path: NoQuery, query: NoQuery) Act for KeepKeys [];
    ]
}

/// The operations that run the service, outside any version.
fn operational() -> Vec<Operation> {
    operations![
        "operations" docs::get_openapi(path: NoQuery, query: NoQuery) Read [];
        "operations" docs::get_openapi_3_0(path: NoQuery, query: NoQuery) Read [];
        "operations" health::check_live(path: NoQuery, query: NoQuery) Look [];
        "operations" health::check_ready(path: NoQuery, query: NoQuery) Look [];
        "operations" metrics::get_metrics(path: NoQuery, query: NoQuery) Look [];
    ]
}

/// Every operation.
pub(super) fn all() -> Vec<Operation> {
    [
        public(),
        service_requests(),
        grievances(),
        sessions(),
        upkeep(),
        webhooks(),
        administration(),
        operational(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
