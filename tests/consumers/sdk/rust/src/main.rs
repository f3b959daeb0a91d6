//! Lists, files, tracks, signs in, acts, and meets a problem, with progenitor's client.
#![deny(warnings)]

use std::env::var;
use std::num::NonZeroU32;

use client::Client;
use client::types::{Category, Credentials, Problem, ServiceRequestInput, TransitionInput};
use futures_util::TryStreamExt as _;
use progenitor_client::{ByteStream, Error};

mod client {
    progenitor::generate_api!(spec = "../../../../openapi/openapi-3.0.json", interface = Builder);
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = var("CHARTER_URL")?;
    let api = Client::new(&url);
    let services = api.list_services().category(Category::Citizen).limit(NonZeroU32::MIN).send().await?;
    let application = ServiceRequestInput::builder()
        .service_id(services.items[0].id)
        .name("রহিমা")
        .address("খুলনা")
        .mobile("01711123456")
        .request("সংশোধন")
        .documents_confirmed(true);
    let receipt = api.create_service_request().body(application).send().await?;
    let tracking = api.get_tracking().tracking_code(receipt.tracking_code.as_str()).send().await?;
    assert_eq!(tracking.state.as_str(), "submitted");
    assert!(tracking.available_actions.iter().any(|action| action.as_str() == "withdraw"));

    let credentials = Credentials::builder().email(var("CHARTER_OFFICER")?).password(var("CHARTER_PASSWORD")?);
    let tokens = api.open_session().body(credentials).send().await?;
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("authorization", format!("Bearer {}", tokens.access_token.as_str()).parse()?);
    let officer = Client::new_with_client(&url, reqwest::Client::builder().default_headers(headers).build()?);
    let seen = officer.get_service_request().id(receipt.id).send().await?;
    assert_eq!(seen.name.as_str(), "রহিমা");
    let act = |action: &str| TransitionInput::builder().action(action.to_owned()).version(seen.version);
    let acted = officer.change_service_request().id(receipt.id).body(act("acknowledge")).send().await?;
    assert_eq!(acted.state.as_str(), "in_progress");

    let stale = officer.change_service_request().id(receipt.id).body(act("complete")).send().await;
    let nothing = api.get_service().id(uuid::Uuid::nil()).send().await;
    assert_eq!(problem_of(stale).await?.code.as_str(), "version_mismatch");
    assert_eq!(problem_of(nothing).await?.code.as_str(), "not_found");
    println!("Rust: {} filed, tracked, acted on; version_mismatch, not_found", receipt.tracking_code.as_str());
    Ok(())
}

/// The problem of a refusal: progenitor gives bodies that are not `application/json` as they came.
async fn problem_of<T>(answer: Result<T, Error<ByteStream>>) -> Result<Problem, Box<dyn std::error::Error>> {
    let Err(Error::ErrorResponse(refusal)) = answer else {
        return Err("it was not refused".into());
    };
    let body: Vec<_> = refusal.into_inner_stream().try_collect().await?;
    Ok(serde_json::from_slice(&body.concat())?)
}
