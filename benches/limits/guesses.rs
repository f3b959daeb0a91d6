//! Whether the time to an answer tells how near a guessed tracking code is to a real one.

use std::time::{Duration, Instant};

use reqwest::blocking::Client;
use serde_json::Value;

use crate::process::{Database, Process};
use crate::reads::Caller;
use crate::table::median;

/// How many guesses of each kind are timed.
const GUESSES: usize = 10_000;
/// How many cases there are.
const CASES: usize = 500;
/// Crockford's alphabet, of which codes are made.
const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

fn next(letter: char) -> char {
    let at = ALPHABET
        .iter()
        .position(|other| char::from(*other) == letter)
        .unwrap_or(0);
    char::from(ALPHABET[(at + 1) % ALPHABET.len()])
}

/// A real code but for its last letter.
fn near(code: &str) -> String {
    let mut guess: Vec<char> = code.chars().collect();
    if let Some(last) = guess.last_mut() {
        *last = next(*last);
    }
    guess.into_iter().collect()
}

/// A code that is like no other.
fn far(number: usize) -> String {
    let mut state = number as u64 * 2 + 1;
    let letters: Vec<char> = (0..16)
        .map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            char::from(ALPHABET[(state >> 59) as usize])
        })
        .collect();
    letters
        .chunks(4)
        .map(|four| four.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join("-")
}

/// By how many standard deviations the ranks of two kinds of times differ (Mann and Whitney): beyond 3 they can be told apart.
fn difference(one: &[Duration], other: &[Duration]) -> f64 {
    let mut all: Vec<(Duration, bool)> = one.iter().map(|time| (*time, true)).collect();
    all.extend(other.iter().map(|time| (*time, false)));
    all.sort();
    let ranks: f64 = all
        .iter()
        .enumerate()
        .filter(|(_, (_, is_one))| *is_one)
        .map(|(rank, _)| rank as f64 + 1.0)
        .sum();
    let (n, m) = (one.len() as f64, other.len() as f64);
    let expected = n * (n + m + 1.0) / 2.0;
    (ranks - expected) / (n * m * (n + m + 1.0) / 12.0).sqrt()
}

/// Times guesses on a database, in turns.
pub fn measure(database: &Database) {
    let service = Process::service(database, &["--rate-limit", "0", "--trusted-proxies", "127.0.0.1"]);
    let caller = Caller::of(&service);
    let offered = caller.service();
    let receipts: Vec<Value> = (0..CASES).map(|_| caller.file(&offered)).collect();
    let codes: Vec<&str> = receipts
        .iter()
        .filter_map(|receipt| receipt["tracking_code"].as_str())
        .collect();
    let client = Client::new();
    // whoever guesses a hundred times in a quarter of an hour is stopped: these come from many addresses
    let time = |number: usize, code: &str| {
        let address = number / 50;
        let from = format!("10.{}.{}.{}", address >> 16, address >> 8 & 255, address & 255);
        let request = client
            .get(format!("{}/v1/tracking/{code}", service.base))
            .header("X-Forwarded-For", from);
        let began = Instant::now();
        let answer = request.send().expect("an answer");
        let status = answer.status().as_u16();
        answer.bytes().expect("its body");
        assert_eq!(status, 404, "{code}");
        began.elapsed()
    };
    for number in 0..500 {
        let _ = time(1_000_000 + number, &far(number));
    }
    let (mut nears, mut fars) = (Vec::new(), Vec::new());
    for number in 0..GUESSES {
        // which of the two comes first changes
        let (near, far) = (near(codes[number % codes.len()]), far(number + 500));
        if number % 2 == 0 {
            nears.push(time(2 * number, &near));
            fars.push(time(2 * number + 1, &far));
        } else {
            fars.push(time(2 * number + 1, &far));
            nears.push(time(2 * number, &near));
        }
    }
    let middle = |times: &[Duration]| median(times.iter().map(|time| time.as_secs_f64() * 1e6));
    println!("\n## Guesses, {}\n", database.engine());
    println!(
        "- {GUESSES} codes that differ from a real one in the last letter: median {:.1} µs; {GUESSES} that are like none: {:.1} µs; \
         they differ by **{:.2}** standard deviations (beyond 3 they can be told apart)",
        middle(&nears),
        middle(&fars),
        difference(&nears, &fars),
    );
}
