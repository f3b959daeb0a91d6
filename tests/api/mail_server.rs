//! A mail server and an SMS gateway, for tests.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use actix_web::http::StatusCode;
use actix_web::{App as WebApp, HttpRequest, HttpResponse, HttpServer, web};
use mailparse::{MailHeaderMap as _, parse_mail};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A message as the mail server got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    pub id: String,
    pub from: String,
    pub to: String,
    pub subject: String,
    pub text: String,
}

/// A mail server: it takes what it gets, unless it is told to answer otherwise.
#[derive(Clone, Default)]
pub struct MailServer {
    got: Arc<Mutex<Vec<Mail>>>,
    answers: Arc<Mutex<VecDeque<u16>>>,
}

impl MailServer {
    /// Starts it; gives its address.
    pub async fn start(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("smtp://{}", listener.local_addr().unwrap());
        let server = self.clone();
        actix_web::rt::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = server.clone();
                actix_web::rt::spawn(async move { server.talk(stream).await });
            }
        });
        address
    }

    /// How it answers to the next recipients.
    pub fn will_answer(&self, codes: &[u16]) {
        self.answers.lock().unwrap().extend(codes);
    }

    /// What it got since it was asked last.
    pub fn got(&self) -> Vec<Mail> {
        std::mem::take(&mut *self.got.lock().unwrap())
    }

    async fn talk(&self, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        let mut said = "220 test ESMTP".to_owned();
        loop {
            stream.write_all(format!("{said}\r\n").as_bytes()).await.ok()?;
            let mut line = String::new();
            stream.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
            said = match line.split([' ', '\r']).next()? {
                "RCPT" => match self.answers.lock().unwrap().pop_front() {
                    Some(code) => format!("{code} no"),
                    None => "250 ok".into(),
                },
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await.ok()?;
                    let mut message = String::new();
                    while !message.ends_with("\r\n.\r\n") {
                        stream.read_line(&mut message).await.ok().filter(|read| *read > 0)?;
                    }
                    self.got.lock().unwrap().push(read(message.trim_end_matches(".\r\n")));
                    "250 taken".into()
                }
                "QUIT" => "221 bye".into(),
                _ => "250 ok".into(),
            };
        }
    }
}

fn read(message: &str) -> Mail {
    let mail = parse_mail(message.as_bytes()).unwrap();
    let header = |name: &str| mail.headers.get_first_value(name).unwrap_or_default();
    Mail {
        id: header("Message-ID"),
        from: header("From"),
        to: header("To"),
        subject: header("Subject"),
        text: mail.get_body().unwrap().replace("\r\n", "\n"),
    }
}

/// An SMS gateway: it says that it takes what it gets, unless it is told to answer otherwise.
#[derive(Clone, Default)]
pub struct SmsServer {
    got: Arc<Mutex<Vec<(String, String)>>>,
    answers: Arc<Mutex<VecDeque<(u16, &'static str)>>>,
}

impl SmsServer {
    /// Starts it; gives its address.
    pub fn start(&self) -> String {
        let shared = self.clone();
        let server = HttpServer::new(move || {
            WebApp::new()
                .app_data(web::Data::new(shared.clone()))
                .default_service(web::to(take))
        });
        let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
        let address = format!("http://{}/send", server.addrs()[0]);
        actix_web::rt::spawn(server.run());
        address
    }

    pub fn will_answer(&self, answers: &[(u16, &'static str)]) {
        self.answers.lock().unwrap().extend(answers);
    }

    /// The numbers and the texts that it got since it was asked last.
    pub fn got(&self) -> Vec<(String, String)> {
        std::mem::take(&mut *self.got.lock().unwrap())
    }
}

async fn take(server: web::Data<SmsServer>, request: HttpRequest, body: web::Json<serde_json::Value>) -> HttpResponse {
    assert_eq!(request.headers().get("authorization").unwrap(), "Bearer of the gateway");
    let said = |name: &str| body[name].as_str().unwrap().to_owned();
    server.got.lock().unwrap().push((said("to"), said("text")));
    let answer = server.answers.lock().unwrap().pop_front();
    let (status, words) = answer.unwrap_or((200, "{\"status\": \"ACCEPTED\"}"));
    HttpResponse::build(StatusCode::from_u16(status).unwrap()).body(words)
}
