//! The limit of reads: a bare actix-web handler that answers the same bytes, head and body, from memory.

use std::future::ready;
use std::path::Path;

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{App, HttpResponse, HttpServer, web};

/// An answer that is given again and again.
#[derive(Clone)]
pub struct Answer {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

/// What the server itself adds to every answer.
const OF_THE_SERVER: [&str; 4] = ["content-length", "date", "connection", "transfer-encoding"];

/// Writes an answer of the service to a directory, under a number.
pub fn keep(directory: &Path, number: usize, answer: reqwest::blocking::Response) {
    let mut head = format!("{}\n", answer.status().as_u16());
    for (name, value) in answer.headers() {
        if !OF_THE_SERVER.contains(&name.as_str()) {
            head.push_str(&format!("{name}: {}\n", value.to_str().expect("ASCII")));
        }
    }
    let body = answer.bytes().expect("a body");
    std::fs::write(directory.join(format!("{number}.head")), head).expect("a file");
    std::fs::write(directory.join(format!("{number}.body")), body).expect("a file");
}

fn read(directory: &Path, number: usize) -> Option<Answer> {
    let head = std::fs::read_to_string(directory.join(format!("{number}.head"))).ok()?;
    let mut lines = head.lines();
    let status = lines.next()?.parse().ok()?;
    let headers = lines.filter_map(|line| {
        let (name, value) = line.split_once(": ")?;
        Some((name.parse().ok()?, value.parse().ok()?))
    });
    Some(Answer {
        status: StatusCode::from_u16(status).ok()?,
        headers: headers.collect(),
        body: std::fs::read(directory.join(format!("{number}.body"))).ok()?.into(),
    })
}

/// Serves the answers of a directory, each under its number.
pub async fn serve(directory: &Path) -> std::io::Result<()> {
    let answers: Vec<Answer> = (0..).map_while(|number| read(directory, number)).collect();
    let server = HttpServer::new(move || {
        let mut app = App::new();
        for (number, answer) in answers.iter().cloned().enumerate() {
            app = app.route(
                &format!("/{number}"),
                web::get().to(move || {
                    let mut response = HttpResponse::build(answer.status);
                    for (name, value) in &answer.headers {
                        response.insert_header((name.clone(), value.clone()));
                    }
                    ready(response.body(answer.body.clone()))
                }),
            );
        }
        app
    })
    .workers(std::thread::available_parallelism().map_or(1, usize::from))
    .bind(("127.0.0.1", 0))?;
    let address = server.addrs()[0];
    eprintln!("serving on http://{address}");
    server.run().await
}
