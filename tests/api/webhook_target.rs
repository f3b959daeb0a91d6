//! A target of webhooks, for tests.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use actix_web::http::StatusCode;
use actix_web::{App as WebApp, HttpRequest, HttpResponse, HttpServer, web};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

/// A message as the target got it.
#[derive(Clone, Debug)]
pub struct Got {
    pub id: String,
    pub timestamp: i64,
    pub signatures: String,
    pub body: Value,
    pub raw: String,
}

/// A target of webhooks: it answers what it is told to, or else that all is well.
#[derive(Clone, Default)]
pub struct Target {
    got: Arc<Mutex<Vec<Got>>>,
    pub answers: Arc<Mutex<VecDeque<u16>>>,
}

/// An answer that never comes.
pub const HANGS: u16 = 0;

impl Target {
    /// Starts it; gives its address.
    pub fn start(&self) -> String {
        let shared = self.clone();
        let server = HttpServer::new(move || {
            WebApp::new()
                .app_data(web::Data::new(shared.clone()))
                .default_service(web::to(take))
        });
        let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
        let address = format!("http://{}/hook", server.addrs()[0]);
        actix_web::rt::spawn(server.run());
        address
    }

    pub fn will_answer(&self, answers: &[u16]) {
        self.answers.lock().unwrap().extend(answers);
    }

    /// What it got since it was asked last.
    pub fn got(&self) -> Vec<Got> {
        std::mem::take(&mut *self.got.lock().unwrap())
    }
}

async fn take(target: web::Data<Target>, request: HttpRequest, body: String) -> HttpResponse {
    let header = |name: &str| request.headers().get(name).unwrap().to_str().unwrap().to_owned();
    target.got.lock().unwrap().push(Got {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp").parse().unwrap(),
        signatures: header("webhook-signature"),
        body: serde_json::from_str(&body).unwrap(),
        raw: body,
    });
    let answer = target.answers.lock().unwrap().pop_front();
    match answer {
        None => HttpResponse::NoContent().finish(),
        Some(HANGS) => {
            std::future::pending::<()>().await;
            unreachable!()
        }
        Some(status @ 300..400) => HttpResponse::build(StatusCode::from_u16(status).unwrap())
            .insert_header(("location", "/elsewhere"))
            .finish(),
        Some(status) => HttpResponse::build(StatusCode::from_u16(status).unwrap()).finish(),
    }
}

/// The same message signed by a secret, as the specification says it; with a library of its own.
pub fn signed_by(secret: &str, got: &Got) -> bool {
    use hmac::{Hmac, Mac};
    let key = BASE64_STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{}.{}.{}", got.id, got.timestamp, got.raw).as_bytes());
    let signature = format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()));
    got.signatures.split(' ').any(|one| one == signature)
}
