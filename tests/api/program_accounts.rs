//! The commands about those who sign in.

use std::io::{Read, Write};
use std::net::TcpStream;

use citizens_charter::store::Engine;
use serde_json::{Value, json};

use crate::people::PASSWORD;
use crate::program::{Service, fed, run, stderr, stdout};
use crate::support::TestDatabase;

const EMAIL: &str = "alimuzzaman.khan@doict.gov.bd";

fn create(database: &TestDatabase, arguments: &[&str], password: &str) -> std::process::Output {
    fed(
        database,
        &[&["account", "create", "--password-stdin"], arguments].concat(),
        password,
    )
}

/// The status and the JSON of a request on a connection of its own.
fn ask(address: &str, head: &str, body: &str) -> (u16, Value) {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    write!(
        stream,
        "{head}\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

fn log_in(address: &str, password: &str) -> (u16, Value) {
    let body = json!({"email": EMAIL, "password": password}).to_string();
    ask(
        address,
        "POST /v1/auth/login HTTP/1.1\r\nContent-Type: application/json",
        &body,
    )
}

fn is_good(address: &str, tokens: &Value) -> bool {
    let token = tokens["access_token"].as_str().unwrap();
    ask(
        address,
        &format!("GET /v1/auth/session HTTP/1.1\r\nAuthorization: Bearer {token}"),
        "",
    )
    .0 == 200
}

/// Accounts are made before the service first starts, and what is done to them while it runs holds at once.
fn accounts_are_kept(engine: Engine) {
    let database = TestDatabase::of(engine);
    let made = create(
        &database,
        &["--email", EMAIL, "--role", "officer", "--office", "doict-khulna"],
        "correct horse battery staple\n",
    );
    let id = stdout(&made).trim().to_owned();
    assert!(id.parse::<uuid::Uuid>().is_ok(), "{id}");
    let mut service = Service::start(&database);
    let address = service.address();
    let (status, tokens) = log_in(&address, PASSWORD);
    assert_eq!(
        (status, &tokens["role"]),
        (200, &json!("officer")),
        "the line break is no part of the password"
    );
    assert!(is_good(&address, &tokens));

    let before = stdout(&run(&database, &["key", "list"]));
    assert!(before.ends_with(" signs\n") && before.lines().count() == 1, "{before}");
    assert!(stdout(&run(&database, &["key", "rotate"])).ends_with(" signs from now on\n"));
    let after = stdout(&run(&database, &["key", "list"]));
    assert!(
        after.contains(" verifies until ") && after.lines().count() == 2,
        "{after}"
    );
    assert!(is_good(&address, &tokens), "the key before still verifies");
    assert!(
        is_good(&address, &log_in(&address, PASSWORD).1),
        "and the new one signs"
    );

    assert_eq!(
        stdout(&run(&database, &["account", "list"])),
        format!("{id} {EMAIL} officer doict-khulna\n")
    );
    let disabled = stdout(&run(&database, &["account", "disable", "--email", EMAIL]));
    assert_eq!(disabled, format!("{id} {EMAIL} officer doict-khulna disabled\n"));
    assert!(!is_good(&address, &tokens));
    assert_eq!(log_in(&address, PASSWORD).0, 401);
    run(&database, &["account", "enable", "--email", &EMAIL.to_uppercase()]);
    let (_, tokens) = log_in(&address, PASSWORD);
    assert!(is_good(&address, &tokens));
    let set = fed(
        &database,
        &["account", "set-password", "--email", EMAIL, "--password-stdin"],
        "another correct horse",
    );
    assert_eq!(stdout(&set), "the password is set\n");
    assert!(!is_good(&address, &tokens));
    assert_eq!(log_in(&address, PASSWORD).0, 401);
    assert_eq!(log_in(&address, "another correct horse").0, 200);

    service.terminate();
    service.line_with("stopped");
    let log = service.seen.join("\n");
    assert!(
        !log.contains(EMAIL) && !log.contains("correct horse"),
        "no person and no password in the log: {log}"
    );
}

#[test]
fn accounts_are_kept_on_sqlite() {
    accounts_are_kept(Engine::Sqlite);
}

#[test]
fn accounts_are_kept_on_postgres() {
    accounts_are_kept(Engine::Postgres);
}

#[test]
fn a_faulty_account_is_told_its_faults() {
    let database = TestDatabase::sqlite();
    for (arguments, password, lines) in [
        (
            &["--email", "nobody", "--role", "king"][..],
            "tiny",
            &[
                "/email: must be an e-mail address [invalid_format]",
                "/password: must have at least 8 characters [too_short]",
                "/role: must be one of `alternate_officer`, `officer`, `appeal_officer`, `cell_officer`, `administrator` [unknown_value]",
                "citizens-charter: 3 faults",
            ][..],
        ),
        (
            &["--email", EMAIL, "--role", "officer"],
            PASSWORD,
            &[
                "/office: is required for this role [required]",
                "citizens-charter: 1 fault",
            ],
        ),
        (
            &["--email", EMAIL, "--role", "officer", "--office", "doict-dhaka"],
            PASSWORD,
            &[
                "/office: is not an office of this service [unknown_office]",
                "citizens-charter: 1 fault",
            ],
        ),
        (
            &["--email", EMAIL, "--role", "administrator", "--office", "doict-khulna"],
            PASSWORD,
            &[
                "/office: has no meaning for this role [not_allowed]",
                "citizens-charter: 1 fault",
            ],
        ),
    ] {
        let output = create(&database, arguments, password);
        assert!(!output.status.success());
        let said = stderr(&output);
        for line in lines {
            assert!(said.lines().any(|said| said == *line), "{line} in\n{said}");
        }
        assert!(!said.contains(password), "{said}");
    }
    let without = run(
        &database,
        &["account", "create", "--email", EMAIL, "--role", "administrator"],
    );
    assert!(stderr(&without).contains("--password-stdin"), "{}", stderr(&without));
    let unknown = run(&database, &["account", "disable", "--email", EMAIL]);
    assert!(stderr(&unknown).ends_with("there is no such account\n"));
    assert!(
        create(&database, &["--email", EMAIL, "--role", "administrator"], PASSWORD)
            .status
            .success()
    );
    let again = create(&database, &["--email", EMAIL, "--role", "administrator"], PASSWORD);
    assert!(stderr(&again).contains("Another account has this e-mail address."));
}
