//! Clients, for administrators.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};

use super::answer::Answer;
use super::authenticate::{May, to};
use super::body::{Body, RequestKey};
use super::extract::{IdPath, NoQuery, Path, Query};
use super::page::{ClientPage, List, PageQuery};
use super::problem::Problem;
use super::schemas::{Client, ClientSecret};
use super::written::Written;
use crate::app::App;
use crate::domain::client::ClientInput;

/// Create a client
///
/// Makes a client for a system. Make a secret for it next: without one it cannot sign in.
#[utoipa::path(post, path = "/v1/clients", operation_id = "create_client",
    responses((status = 201, description = "The client.", body = Client)))]
pub(super) async fn create_client(
    app: web::Data<App>,
    May { permit, .. }: May<to::KeepClients>,
    Query(NoQuery {}): Query<NoQuery>,
    key: RequestKey,
    body: Body<ClientInput>,
) -> Result<Written, Problem> {
    let key = key.of(&body);
    Written::created(&app.create_client(permit, body.value, key).await?, "/v1/clients")
}

/// List clients
///
/// Every system that has a client, in the order in which the clients were made.
#[utoipa::path(get, path = "/v1/clients", operation_id = "list_clients",
    responses((status = 200, description = "A page of clients.", body = ClientPage)))]
pub(super) async fn list_clients(
    app: web::Data<App>,
    request: HttpRequest,
    _: May<to::KeepClients>,
    Query(query): Query<PageQuery>,
) -> Result<Answer, Problem> {
    let list = List::new(&request, &(), query.limit, query.cursor.as_ref())?;
    list.look::<_, ClientPage>(&request, app.list_clients(list.page).await?)
}

/// Get a client
///
/// One client by its id.
#[utoipa::path(get, path = "/v1/clients/{id}", operation_id = "get_client",
    responses((status = 200, description = "The client.", body = Client)))]
pub(super) async fn get_client(
    app: web::Data<App>,
    _: May<to::KeepClients>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Answer, Problem> {
    Ok(Answer::json(&app.get_client(path.id).await?)?.not_kept())
}

/// Rotate the secret of a client
///
/// Makes a new secret, which is shown this once. The one before ends at once, and so do the tokens it gave. Where the answer
/// is lost, rotate again.
#[utoipa::path(post, path = "/v1/clients/{id}/secret", operation_id = "rotate_client_secret",
    responses((status = 200, description = "The new secret.", body = ClientSecret)))]
pub(super) async fn rotate_client_secret(
    app: web::Data<App>,
    _: May<to::KeepClients>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Written, Problem> {
    Written::plain(StatusCode::OK, &app.rotate_client_secret(path.id).await?)
}

/// Disable a client
///
/// It may not sign in any more, and its tokens end at once.
#[utoipa::path(post, path = "/v1/clients/{id}/disable", operation_id = "disable_client",
    responses((status = 200, description = "The client, disabled.", body = Client)))]
pub(super) async fn disable_client(
    app: web::Data<App>,
    _: May<to::KeepClients>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Written, Problem> {
    Written::changed(&app.set_client_disabled(path.id, true).await?)
}

/// Enable a client
///
/// It may sign in again.
#[utoipa::path(post, path = "/v1/clients/{id}/enable", operation_id = "enable_client",
    responses((status = 200, description = "The client, enabled.", body = Client)))]
pub(super) async fn enable_client(
    app: web::Data<App>,
    _: May<to::KeepClients>,
    Path(path): Path<IdPath>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Written, Problem> {
    Written::changed(&app.set_client_disabled(path.id, false).await?)
}
