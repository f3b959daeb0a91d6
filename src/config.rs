//! The configuration: every setting once, as a flag and as an environment variable.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::app::{self, Keyring};
use crate::http::{self, RateLimit, TrustedProxies};
use crate::outbound::{AllowedTargets, Mail, Outbound, Sms, SmsGateway};
use crate::store::{self, DatabaseUrl};

/// Where the data is.
#[derive(Args, Clone, Debug)]
pub struct DatabaseConfig {
    /// The database: `sqlite:FILE`, or `postgres://USER:PASSWORD@HOST/DATABASE`
    #[arg(
        long,
        env = "DATABASE_URL",
        default_value = "sqlite:citizens-charter.db",
        global = true,
        hide_env_values = true
    )]
    pub database_url: DatabaseUrl,
    /// Database connections held at most
    #[arg(long, env = "CHARTER_DATABASE_CONNECTIONS", default_value_t = 16, global = true,
        value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub database_connections: u32,
    /// Milliseconds a request waits for a free connection before it is answered 503
    #[arg(long, env = "CHARTER_DATABASE_WAIT_MS", default_value_t = 1500, global = true,
        value_parser = clap::value_parser!(u64).range(1..=60_000))]
    pub database_wait_ms: u64,
    /// Keys that personal data is sealed by, as `ID=KEY,ID=KEY`: the first one seals, all open; none to keep it as it is
    #[arg(
        long,
        env = "CHARTER_PERSONAL_DATA_KEYS",
        default_value = "",
        global = true,
        hide_env_values = true
    )]
    pub personal_data_keys: Keyring,
}

impl DatabaseConfig {
    /// The store's part of the configuration.
    pub fn store_options(&self) -> store::Options {
        store::Options {
            url: self.database_url.clone(),
            connections: self.database_connections,
            wait: Duration::from_millis(self.database_wait_ms),
            stands: store::STANDS,
        }
    }
}

/// What a new database begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Seed {
    /// The charters and the calendar that ship with the program.
    Bundled,
    /// Nothing.
    None,
}

/// How the service is served.
#[derive(Args, Clone, Debug)]
pub struct ServeConfig {
    /// Address and port to listen on
    #[arg(long, env = "CHARTER_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// What a new database begins with
    #[arg(long, env = "CHARTER_SEED", default_value = "bundled")]
    pub seed: Seed,
    /// Who gives out access tokens: the `iss` in them
    #[arg(long, env = "CHARTER_ISSUER", default_value = app::ISSUER, value_parser = issuer)]
    pub issuer: String,
    /// Where the public reaches the service, such as `https://charter.example.gov.bd`: for links in messages and linked data
    #[arg(long, env = "CHARTER_PUBLIC_URL", default_value = "", value_parser = public_url)]
    pub public_url: String,
    /// Threads that serve requests; 0 takes one for each core
    #[arg(long, env = "CHARTER_WORKERS", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=1024))]
    pub workers: u16,
    /// Threads of each worker that wait for the database
    #[arg(long, env = "CHARTER_BLOCKING_THREADS", default_value_t = 4,
        value_parser = clap::value_parser!(u16).range(1..=512))]
    pub blocking_threads: u16,
    /// MiB of answers to public reads that are kept in memory at most; 0 to keep none
    #[arg(long, env = "CHARTER_KEPT_MIB", default_value_t = 128, value_parser = clap::value_parser!(u64).range(0..=1_048_576))]
    pub kept_mib: u64,
    /// Requests a second that one address may send in the long run; 0 for no limit
    #[arg(long, env = "CHARTER_RATE_LIMIT", default_value_t = 1000)]
    pub rate_limit: u32,
    /// Requests that one address may send at once; 0 for twice the rate limit
    #[arg(long, env = "CHARTER_RATE_BURST", default_value_t = 0)]
    pub rate_burst: u32,
    /// Proxies whose X-Forwarded-For is believed: addresses or networks, with commas between them
    #[arg(long, env = "CHARTER_TRUSTED_PROXIES", default_value = "")]
    pub trusted_proxies: TrustedProxies,
    /// Networks that webhooks may be sent to although they are not public: addresses or networks, with commas between them
    #[arg(long, env = "CHARTER_WEBHOOK_NETWORKS", default_value = "")]
    pub webhook_networks: AllowedTargets,
    /// Seconds that the target of a webhook has to answer
    #[arg(long, env = "CHARTER_WEBHOOK_TIMEOUT", default_value_t = 15,
        value_parser = clap::value_parser!(u64).range(1..=45))]
    pub webhook_timeout: u64,
    /// The mail server that tells applicants: `smtps://USER:PASSWORD@HOST`, or `smtp://USER:PASSWORD@HOST:587?tls=required`; none for no e-mail
    #[arg(long, env = "CHARTER_SMTP_URL", default_value = "", hide_env_values = true)]
    pub smtp_url: String,
    /// The sender of e-mail, such as `Khulna <charter@example.gov.bd>`
    #[arg(long, env = "CHARTER_EMAIL_FROM", default_value = "")]
    pub email_from: String,
    /// The HTTP gateway that takes text messages; it may hold `{mobile}`, `{digits}`, `{text}` and `{id}`; none for no SMS
    #[arg(long, env = "CHARTER_SMS_URL", default_value = "", hide_env_values = true)]
    pub sms_url: String,
    /// What is posted to the SMS gateway, JSON or a form, with the same places; none for a GET
    #[arg(long, env = "CHARTER_SMS_BODY", default_value = "", hide_env_values = true)]
    pub sms_body: String,
    /// A header that the SMS gateway wants, as `Name: value`
    #[arg(long, env = "CHARTER_SMS_HEADER", default_value = "", hide_env_values = true)]
    pub sms_header: String,
    /// Words in the answer of the SMS gateway that say that it took the message; none where the status says it
    #[arg(long, env = "CHARTER_SMS_ACCEPTED", default_value = "")]
    pub sms_accepted: String,
    /// Seconds that the head of a request may take to arrive, and again its body
    #[arg(long, env = "CHARTER_REQUEST_TIMEOUT", default_value_t = 10,
        value_parser = clap::value_parser!(u64).range(1..=600))]
    pub request_timeout: u64,
    /// Seconds for which a stopping service still takes requests while /health/ready says 503
    #[arg(long, env = "CHARTER_DRAIN", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=600))]
    pub drain: u64,
    /// Seconds for which a stopping service then waits for the requests it has
    #[arg(long, env = "CHARTER_SHUTDOWN_TIMEOUT", default_value_t = 30,
        value_parser = clap::value_parser!(u64).range(0..=600))]
    pub shutdown_timeout: u64,
}

fn issuer(issuer: &str) -> Result<String, String> {
    let fits = (1..=200).contains(&issuer.len()) && issuer.bytes().all(|b| b.is_ascii_graphic());
    fits.then(|| issuer.to_owned())
        .ok_or_else(|| "write 1 to 200 ASCII characters without spaces, such as https://charter.example.gov.bd".into())
}

fn public_url(address: &str) -> Result<String, String> {
    let fits = |url: &url::Url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
    };
    if address.is_empty() || url::Url::parse(address).is_ok_and(|url| fits(&url)) {
        return Ok(address.to_owned());
    }
    Err("write an address without a query, such as https://charter.example.gov.bd".into())
}

impl ServeConfig {
    /// The server's part of the configuration.
    pub fn http_options(&self) -> http::Options {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        let rate_limit = NonZeroU32::new(self.rate_limit).map(|per_second| RateLimit {
            per_second,
            burst: NonZeroU32::new(self.rate_burst).unwrap_or_else(|| per_second.saturating_add(per_second.get())),
        });
        http::Options {
            listen: self.listen,
            workers: if self.workers == 0 {
                cores()
            } else {
                usize::from(self.workers)
            },
            blocking_threads: usize::from(self.blocking_threads),
            kept_bytes: self.kept_mib * 1024 * 1024,
            rate_limit,
            trusted_proxies: self.trusted_proxies.clone(),
            request_timeout: Duration::from_secs(self.request_timeout),
            shutdown_timeout: Duration::from_secs(self.shutdown_timeout),
        }
    }

    /// Whoever brings messages, to webhooks and to people.
    ///
    /// # Errors
    /// What is not set up rightly.
    pub fn courier(&self) -> Result<Outbound, String> {
        let answered_within = Duration::from_secs(self.webhook_timeout);
        let mail = (!self.smtp_url.is_empty()).then(|| Mail::new(&self.smtp_url, &self.email_from));
        let gateway = SmsGateway {
            url: self.sms_url.clone(),
            body: self.sms_body.clone(),
            header: self.sms_header.clone(),
            accepted: self.sms_accepted.clone(),
        };
        let sms = (!self.sms_url.is_empty()).then(|| Sms::new(gateway));
        let outbound = Outbound::new(self.webhook_networks.clone(), answered_within)?;
        Ok(outbound.with(mail.transpose()?, sms.transpose()?))
    }

    /// How long a stopping service still takes requests.
    pub const fn drain(&self) -> Duration {
        Duration::from_secs(self.drain)
    }
}
