//! A standby takes the place of PostgreSQL's server while two replicas of the service, behind HAProxy, are filed to.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::cluster::{Cluster, free_port};
use super::load::Load;
use super::{Database, SETTINGS, all_is_there, at_random, setting};
use crate::program::Service;

/// HAProxy, gone when the test is.
struct Proxy {
    process: Child,
    address: String,
    configuration: std::path::PathBuf,
}

impl Proxy {
    /// Starts it in front of replicas, as `docs/operating.md` has it.
    fn start(replicas: &[String]) -> Self {
        let address = format!("127.0.0.1:{}", free_port());
        let servers: String = replicas
            .iter()
            .enumerate()
            .map(|(number, replica)| format!("    server replica{number} {replica}\n"))
            .collect();
        let text = format!(
            "defaults\n    mode http\n    timeout connect 1s\n    timeout client 30s\n    timeout server 30s\n    option redispatch\n\
             frontend citizens\n    bind {address}\n    default_backend replicas\n\
             backend replicas\n    option httpchk GET /health/ready\n    default-server check inter 200ms fall 2 rise 1\n{servers}"
        );
        let configuration = std::env::temp_dir().join(format!("citizens_charter_haproxy_{}.cfg", std::process::id()));
        std::fs::write(&configuration, text).unwrap();
        let process = Command::new("haproxy")
            .args(["-db", "-f"])
            .arg(&configuration)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("no HAProxy ({error}): install it, e.g. `apt-get install haproxy`"));
        let this = Self {
            process,
            address,
            configuration,
        };
        let ready = format!("http://{}/health/ready", this.address);
        while !reqwest::blocking::get(&ready).is_ok_and(|answer| answer.status() == 200) {
            std::thread::sleep(Duration::from_millis(20));
        }
        this
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
        drop(std::fs::remove_file(&self.configuration));
    }
}

#[test]
fn what_was_acknowledged_survives_a_promoted_standby() {
    let writes = setting("DURABILITY_WRITES", 400);
    let primary = Cluster::start("primary");
    let standby = primary.standby("standby");
    // libpq takes the one of the two that takes writes
    let both = format!(
        "postgres://postgres@{},{}/postgres?target_session_attrs=read-write",
        primary.place(),
        standby.place()
    );
    let mut replicas = [Service::start_on(&both, SETTINGS), Service::start_on(&both, SETTINGS)];
    let addresses: Vec<String> = replicas.iter_mut().map(Service::address).collect();
    let proxy = Proxy::start(&addresses);
    let load = Load::start(proxy.address.clone());
    load.wait_for(writes / 3);
    std::thread::sleep(at_random(Duration::from_millis(50)));
    primary.kill();
    let before = load.acknowledged();
    let gone = Instant::now();
    standby.promote();
    load.wait_for(before + 1);
    let again = gone.elapsed();
    // and one of the replicas goes as well
    load.wait_for(writes * 2 / 3);
    replicas[0].kill();
    load.wait_for(writes);
    let filed = load.stop();
    println!(
        "{} acknowledged; filed again {again:?} after the server was gone",
        filed.len()
    );
    all_is_there(&Database::OnItsOwnServer(standby), &addresses[1], &filed);
}
