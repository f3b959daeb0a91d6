//! Accounts, for administrators.

use actix_web::{HttpRequest, HttpResponse, web};

use super::answer::Answer;
use super::authenticate::{May, to};
use super::body::{Body, RequestKey};
use super::extract::{IdPath, NoQuery, Path, Query};
use super::page::{AccountPage, List, PageQuery};
use super::problem::Problem;
use super::schemas::Account;
use super::written::{Written, nothing};
use crate::app::App;
use crate::domain::account::{AccountInput, PasswordInput};

/// Create an account
///
/// Makes an account for somebody. Officers, alternate officers and appeal officers have it at an office.
#[utoipa::path(post, path = "/v1/accounts", operation_id = "create_account",
    responses((status = 201, description = "The account.", body = Account)))]
pub(super) async fn create_account(
    app: web::Data<App>,
    May { permit, .. }: May<to::KeepAccounts>,
    Query(NoQuery {}): Query<NoQuery>,
    key: RequestKey,
    body: Body<AccountInput>,
) -> Result<Written, Problem> {
    let key = key.of(&body);
    Written::created(
        &app.create_account(Some(permit), body.value, key).await?,
        "/v1/accounts",
    )
}

/// List accounts
///
/// Everybody who has an account, in the order in which the accounts were made.
#[utoipa::path(get, path = "/v1/accounts", operation_id = "list_accounts",
    responses((status = 200, description = "A page of accounts.", body = AccountPage)))]
pub(super) async fn list_accounts(
    app: web::Data<App>,
    request: HttpRequest,
    _: May<to::KeepAccounts>,
    Query(query): Query<PageQuery>,
) -> Result<Answer, Problem> {
    let list = List::new(&request, &(), query.limit, query.cursor.as_ref())?;
    list.look::<_, AccountPage>(&request, app.list_accounts(list.page).await?)
}

/// Get an account
///
/// One account by its id.
#[utoipa::path(get, path = "/v1/accounts/{id}", operation_id = "get_account",
    responses((status = 200, description = "The account.", body = Account)))]
pub(super) async fn get_account(
    app: web::Data<App>,
    _: May<to::KeepAccounts>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Answer, Problem> {
    Ok(Answer::json(&app.get_account(path.id).await?)?.not_kept())
}

/// Disable an account
///
/// It may not sign in any more, and its tokens end at once.
#[utoipa::path(post, path = "/v1/accounts/{id}/disable", operation_id = "disable_account",
    responses((status = 200, description = "The account, disabled.", body = Account)))]
pub(super) async fn disable_account(
    app: web::Data<App>,
    _: May<to::KeepAccounts>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Written, Problem> {
    Written::changed(&app.set_account_disabled(path.id, true).await?)
}

/// Enable an account
///
/// It may sign in again.
#[utoipa::path(post, path = "/v1/accounts/{id}/enable", operation_id = "enable_account",
    responses((status = 200, description = "The account, enabled.", body = Account)))]
pub(super) async fn enable_account(
    app: web::Data<App>,
    _: May<to::KeepAccounts>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Written, Problem> {
    Written::changed(&app.set_account_disabled(path.id, false).await?)
}

/// Set the password of an account
///
/// For somebody who has forgotten it. All sessions of the account end at once.
#[utoipa::path(put, path = "/v1/accounts/{id}/password", operation_id = "set_account_password",
    responses((status = 204, description = "The password is set.")))]
pub(super) async fn set_account_password(
    app: web::Data<App>,
    _: May<to::KeepAccounts>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
    body: Body<PasswordInput>,
) -> Result<HttpResponse, Problem> {
    app.set_password(path.id, body.value.password).await?;
    Ok(nothing())
}
