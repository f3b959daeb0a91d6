//! A PostgreSQL server of the test's own, which may be ended as a power cut ends it.

use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::behind::lines;

/// Where the server's programs are.
fn programs() -> PathBuf {
    let told = Command::new("pg_config").arg("--bindir").output().ok();
    let told = told.map(|output| PathBuf::from(String::from_utf8_lossy(&output.stdout).trim().to_owned()));
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let installed = installed.map(|version| version.path().join("bin"));
    let found = told
        .into_iter()
        .chain(installed)
        .find(|programs| programs.join("initdb").exists());
    found.unwrap_or_else(|| panic!("no programs of PostgreSQL's server: install it, e.g. `apt-get install postgresql`"))
}

/// One of the server's programs, by its name.
pub fn program(name: &str) -> Command {
    Command::new(programs().join(name))
}

/// The user and group that the server runs as where the tests run as root, which it refuses.
fn server_user() -> Option<(u32, u32)> {
    let id = |arguments: &[&str]| -> Option<u32> {
        let output = Command::new("id").args(arguments).output().ok()?;
        String::from_utf8_lossy(&output.stdout).trim().parse().ok()
    };
    (id(&["-u"]) == Some(0)).then(|| {
        let user = id(&["-u", "postgres"]).expect("a user `postgres`, whom the server's package makes");
        (user, id(&["-g", "postgres"]).unwrap())
    })
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Lets a command run as whoever runs a process: that is whom the process obeys.
pub fn as_owner_of(process: u32, command: &mut Command) {
    use std::os::unix::fs::MetadataExt as _;
    if let (Some(_), Ok(owner)) = (server_user(), std::fs::metadata(format!("/proc/{process}"))) {
        command.uid(owner.uid()).gid(owner.gid());
    }
}

/// A server, gone when the test is.
pub struct Cluster {
    directory: PathBuf,
    port: u16,
    url: String,
}

impl Cluster {
    /// The place of a server.
    fn new(name: &str) -> Self {
        let directory = std::env::temp_dir().join(format!("citizens_charter_{name}_{}", std::process::id()));
        drop(std::fs::remove_dir_all(&directory));
        std::fs::create_dir_all(&directory).unwrap();
        if let Some((user, group)) = server_user() {
            std::os::unix::fs::chown(&directory, Some(user), Some(group)).unwrap();
        }
        let port = free_port();
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        Self { directory, port, url }
    }

    /// Starts a server whose commits are on the disk when they are answered.
    pub fn start(name: &str) -> Self {
        let this = Self::new(name);
        let data = this.data();
        this.run(
            "initdb",
            &[
                "--pgdata",
                &data,
                "--username",
                "postgres",
                "--auth",
                "trust",
                "--encoding",
                "UTF8",
                "--locale",
                "C.UTF-8",
                "--no-sync",
                "--wal-segsize",
                "1",
            ],
        );
        this.go_on();
        this
    }

    /// Starts a standby of it, which has from now on what is acknowledged.
    pub fn standby(&self, name: &str) -> Self {
        let this = Self::new(name);
        let data = this.data();
        let take = [
            "--dbname",
            &self.url,
            "--pgdata",
            &data,
            "--write-recovery-conf",
            "--checkpoint",
            "fast",
            "--no-sync",
        ];
        this.run("pg_basebackup", &take);
        this.go_on();
        for wait in [
            "ALTER SYSTEM SET synchronous_standby_names = '*'",
            "SELECT pg_reload_conf()",
        ] {
            self.run("psql", &[&self.url, "-X", "-q", "-c", wait]);
        }
        let synchronous = "SELECT count(*)::TEXT AS line FROM pg_stat_replication WHERE sync_state = 'sync'";
        while lines(&self.url, synchronous) != ["1"] {
            std::thread::sleep(Duration::from_millis(20));
        }
        this
    }

    /// Makes a standby the server that is written to.
    pub fn promote(&self) {
        self.run("pg_ctl", &["--pgdata", &self.data(), "--wait", "--silent", "promote"]);
    }

    /// The host and port that it listens on.
    pub fn place(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The address of its database.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Ends it as a power cut does.
    pub fn kill(&self) {
        self.run(
            "pg_ctl",
            &["--pgdata", &self.data(), "--mode", "immediate", "--silent", "stop"],
        );
    }

    /// Starts it again.
    pub fn go_on(&self) {
        let settings = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c max_connections=100",
            self.port,
            self.directory.display()
        );
        let log = self.directory.join("log");
        self.run(
            "pg_ctl",
            &[
                "--pgdata",
                &self.data(),
                "--log",
                path(&log),
                "--wait",
                "--silent",
                "-o",
                &settings,
                "start",
            ],
        );
    }

    /// The numbers of its processes.
    pub fn processes(&self) -> Vec<u32> {
        let pid = std::fs::read_to_string(self.directory.join("data/postmaster.pid")).unwrap();
        let postmaster = pid.lines().next().unwrap();
        let children = Command::new("pgrep")
            .args(["-P", postmaster])
            .output()
            .expect("pgrep, of procps");
        let children = String::from_utf8(children.stdout).unwrap();
        std::iter::once(postmaster)
            .chain(children.lines())
            .map(|number| number.trim().parse().unwrap())
            .collect()
    }

    fn data(&self) -> String {
        path(&self.directory.join("data")).to_owned()
    }

    fn run(&self, name: &str, arguments: &[&str]) {
        let mut command = program(name);
        command
            .args(arguments)
            .current_dir(&self.directory)
            .stdout(Stdio::null());
        if let Some((user, group)) = server_user() {
            command.uid(user).gid(group);
        }
        assert!(command.status().unwrap().success(), "{name} {arguments:?}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let mut stop = program("pg_ctl");
        stop.args(["--pgdata", &self.data(), "--mode", "immediate", "--silent", "stop"]);
        if let Some((user, group)) = server_user() {
            stop.uid(user).gid(group);
        }
        // it may have been ended before
        drop(stop.stderr(Stdio::null()).status());
        drop(std::fs::remove_dir_all(&self.directory));
    }
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}
