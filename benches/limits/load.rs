//! The load: wrk, with keep-alive clients that share the machine with what they measure.

use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde::Deserialize;

use crate::process::{Process, scratch};

/// How many clients ask at once.
pub const CLIENTS: u32 = 32;

/// What one round measured.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// Answers a second.
    pub rate: f64,
    /// The 99th percentile of the time to an answer, in milliseconds.
    pub p99: f64,
    /// Processor time that the measured process took for a request, in microseconds.
    pub cpu: f64,
}

#[derive(Deserialize)]
struct Report {
    requests: u64,
    microseconds: u64,
    p99: u64,
    failed: u64,
}

/// A request that is sent again and again.
#[derive(Clone, Debug, Default)]
pub struct Load {
    /// The path and the query.
    pub target: String,
    /// Headers, as `Name: value`.
    pub headers: Vec<String>,
    /// A Lua script that makes the requests, where they differ, and the environment that it reads.
    pub script: Option<(&'static str, Vec<(&'static str, String)>)>,
}

impl Load {
    /// The same GET again and again.
    pub fn get(target: &str, headers: &[&str]) -> Self {
        Self {
            target: target.to_owned(),
            headers: headers.iter().map(|header| (*header).to_owned()).collect(),
            script: None,
        }
    }

    /// GETs of targets that are chosen by chance.
    pub fn any_of(targets: Vec<String>, headers: &[&str]) -> Self {
        static FILES: AtomicUsize = AtomicUsize::new(0);
        let number = FILES.fetch_add(1, Ordering::Relaxed);
        let file = scratch(&format!("targets-{number}")).join("targets");
        std::fs::write(&file, targets.join("\n")).expect("a file");
        Self {
            script: Some(("targets.lua", vec![("TARGETS", file.display().to_string())])),
            ..Self::get(targets.first().expect("a target"), headers)
        }
    }

    /// The first ones are asked for more often than the last ones, by this power.
    pub fn skewed(mut self, power: u32) -> Self {
        if let Some((_, environment)) = &mut self.script {
            environment.push(("SKEW", power.to_string()));
        }
        self
    }

    /// Sends it to a process for some time. Every answer has to be a good one.
    pub fn run(&self, process: &Process, time: Duration) -> Measured {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/limits");
        let mut wrk = Command::new("wrk");
        wrk.args(["-t", "2", "-c", &CLIENTS.to_string(), "--timeout", "10s"])
            .arg("-d")
            .arg(format!("{}s", time.as_secs().max(1)))
            .args(["-s", &format!("{directory}/report.lua")]);
        for header in &self.headers {
            wrk.args(["-H", header]);
        }
        if let Some((script, environment)) = &self.script {
            wrk.env("REQUESTS", format!("{directory}/{script}"));
            wrk.envs(environment.iter().map(|(name, value)| (name, value)));
        }
        let before = process.cpu();
        let output = wrk
            .arg(format!("{}{}", process.base, self.target))
            .output()
            .unwrap_or_else(|error| panic!("wrk: {error}"));
        let cpu = process.cpu() - before;
        let text = String::from_utf8_lossy(&output.stdout);
        let report = text.lines().find_map(|line| line.strip_prefix("MEASURED "));
        let report: Report = report
            .and_then(|json| serde_json::from_str(json).ok())
            .unwrap_or_else(|| {
                panic!(
                    "wrk measured nothing:\n{text}{}",
                    String::from_utf8_lossy(&output.stderr)
                )
            });
        assert_eq!(
            report.failed, 0,
            "{} had answers that were not good:\n{text}",
            self.target
        );
        Measured {
            rate: report.requests as f64 * 1e6 / report.microseconds as f64,
            p99: report.p99 as f64 / 1e3,
            cpu: cpu.as_secs_f64() * 1e6 / report.requests as f64,
        }
    }
}
