//! Bringing messages: to webhooks, and to no address of this machine or this network; to people over what the operator names.
//!
//! A name is resolved and its addresses are checked at the registration and again for each message, in the resolver that the
//! connection itself uses: a name that points elsewhere meanwhile leads nowhere.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, redirect};
use url::{Host, Url};

use super::mail::Mail;
use super::sms::Sms;
use crate::app::courier::{Courier, Lost, Parcel};
use crate::app::notice::Letter;
use crate::domain::message::{Channel, Channels};
use crate::domain::webhook::is_public;

/// How long a target may take to be reached.
const REACHED_WITHIN: Duration = Duration::from_secs(5);

const NOT_PUBLIC: Lost = Lost("The address is not public: messages are not sent to this machine or its network.");
const NOT_HTTPS: Lost = Lost("The address has to be `https`, without a user or password in it.");
const UNKNOWN_NAME: Lost = Lost("The name of the target cannot be resolved.");

/// Networks that messages may be sent to although they are not public.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedTargets(Vec<IpNet>);

impl FromStr for AllowedTargets {
    type Err = String;

    fn from_str(written: &str) -> Result<Self, String> {
        let networks = written.split(',').map(str::trim).filter(|network| !network.is_empty());
        let read = |network: &str| {
            let of_address = || network.parse::<IpAddr>().map(IpNet::from);
            network
                .parse()
                .or_else(|_| of_address())
                .map_err(|_| "write addresses or networks, with commas between them, such as 10.0.0.0/8".to_owned())
        };
        networks.map(read).collect::<Result<_, _>>().map(Self)
    }
}

impl AllowedTargets {
    fn has(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    fn may_be_sent_to(&self, address: IpAddr) -> bool {
        is_public(address) || self.has(address)
    }
}

/// Resolves names to addresses that may be sent to, and to no others.
#[derive(Clone, Debug)]
struct CheckedResolver(Arc<AllowedTargets>);

impl CheckedResolver {
    async fn addresses(&self, name: &str) -> Result<Vec<SocketAddr>, Lost> {
        let found = tokio::net::lookup_host((name, 0)).await.map_err(|_| UNKNOWN_NAME)?;
        let all: Vec<SocketAddr> = found.collect();
        // one address that is not public is enough: whoever answers so is not to be trusted with the others
        if all.is_empty() || !all.iter().all(|address| self.0.may_be_sent_to(address.ip())) {
            return Err(NOT_PUBLIC);
        }
        Ok(all)
    }
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            let addresses = resolver.addresses(name.as_str()).await.map_err(|Lost(words)| words)?;
            let addresses: Addrs = Box::new(addresses.into_iter());
            Ok(addresses)
        })
    }
}

/// Brings messages over the network.
#[derive(Debug)]
pub struct Outbound {
    client: Client,
    resolver: CheckedResolver,
    mail: Option<Mail>,
    sms: Option<Sms>,
}

impl Outbound {
    /// A courier that may also bring messages to some networks that are not public. A target has so long to answer.
    ///
    /// # Errors
    /// Where TLS cannot be set up.
    pub fn new(allowed: AllowedTargets, answered_within: Duration) -> Result<Self, String> {
        let resolver = CheckedResolver(Arc::new(allowed));
        let client = Client::builder()
            .user_agent(concat!("citizens-charter/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Arc::new(resolver.clone()))
            // where it leads to was not checked
            .redirect(redirect::Policy::none())
            .no_proxy()
            .connect_timeout(REACHED_WITHIN)
            .timeout(answered_within)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self {
            client,
            resolver,
            mail: None,
            sms: None,
        })
    }

    /// The same courier, which also brings messages to people where it is told how.
    pub fn with(self, mail: Option<Mail>, sms: Option<Sms>) -> Self {
        Self { mail, sms, ..self }
    }

    /// An address that may be sent to, as far as its own words tell: a name is checked where it is resolved.
    fn read(&self, written: &str) -> Result<Url, Lost> {
        let url = Url::parse(written).map_err(|_| NOT_HTTPS)?;
        let plain = url.scheme() == "http";
        let bare = url.username().is_empty() && url.password().is_none();
        if !bare || !(plain || url.scheme() == "https") {
            return Err(NOT_HTTPS);
        }
        let allowed = &self.resolver.0;
        let literal = match url.host() {
            Some(Host::Ipv4(v4)) => Some(IpAddr::V4(v4)),
            Some(Host::Ipv6(v6)) => Some(IpAddr::V6(v6)),
            Some(Host::Domain(_)) => None,
            None => return Err(NOT_HTTPS),
        };
        if literal.is_some_and(|address| !allowed.may_be_sent_to(address)) {
            return Err(NOT_PUBLIC);
        }
        // without TLS only where the operator has named the network
        let trusted = match literal {
            Some(address) => allowed.has(address),
            None => !allowed.0.is_empty(),
        };
        if plain && !trusted { Err(NOT_HTTPS) } else { Ok(url) }
    }
}

impl Courier for Outbound {
    fn check<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<(), Lost>> {
        Box::pin(async move {
            let url = self.read(url)?;
            match url.host() {
                Some(Host::Domain(name)) => self.resolver.addresses(name).await.map(|_| ()),
                _ => Ok(()),
            }
        })
    }

    fn bring(&self, parcel: Parcel) -> BoxFuture<'_, Result<u16, Lost>> {
        Box::pin(async move {
            let url = self.read(&parcel.url)?;
            // a pooled connection was made to an address that was checked, but perhaps long ago
            if let Some(Host::Domain(name)) = url.host() {
                self.resolver.addresses(name).await?;
            }
            let mut request = self
                .client
                .post(url)
                .header("content-type", "application/json")
                .body(parcel.body);
            for (name, value) in parcel.headers {
                request = request.header(name, value);
            }
            match request.send().await {
                // what it says besides is nobody's business
                Ok(answer) => Ok(answer.status().as_u16()),
                Err(error) if error.is_timeout() => Err(Lost("The target did not answer in time.")),
                Err(error) if error.is_connect() => Err(Lost("The target could not be reached.")),
                Err(_) => Err(Lost("The connection to the target broke off.")),
            }
        })
    }

    fn channels(&self) -> Channels {
        Channels {
            email: self.mail.is_some(),
            sms: self.sms.is_some(),
        }
    }

    fn deliver(&self, letter: Letter) -> BoxFuture<'_, Result<u16, Lost>> {
        const NOT_SET_UP: Lost = Lost("The channel is not set up.");
        Box::pin(async move {
            match (letter.channel, &self.mail, &self.sms) {
                (Channel::Email, Some(mail), _) => mail.deliver(letter).await,
                (Channel::Sms, _, Some(sms)) => sms.deliver(letter).await,
                _ => Err(NOT_SET_UP),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn courier(allowed: &str) -> Outbound {
        Outbound::new(allowed.parse().unwrap(), Duration::from_secs(1)).unwrap()
    }

    fn run(test: impl Future<Output = ()>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(test);
    }

    async fn checked(allowed: &str, url: &str) -> Result<(), Lost> {
        courier(allowed).check(url).await
    }

    #[test]
    fn only_public_addresses_are_sent_to() {
        run(async {
            for url in [
                "https://127.0.0.1/",
                "https://[::1]/",
                "https://10.1.2.3/hook",
                "https://169.254.169.254/latest/meta-data",
                "https://[::ffff:127.0.0.1]/",
                "https://localhost/",
                "https://2130706433/",
                "https://0x7f.1/",
                "https://017700000001/",
            ] {
                assert_eq!(checked("", url).await, Err(NOT_PUBLIC), "{url}");
                let parcel = Parcel {
                    url: url.to_owned(),
                    headers: Vec::new(),
                    body: String::new(),
                };
                assert_eq!(courier("").bring(parcel).await, Err(NOT_PUBLIC), "{url}");
            }
            for url in [
                "http://8.8.8.8/",
                "https://me:secret@8.8.8.8/",
                "ftp://8.8.8.8/",
                "https:",
                "nonsense",
            ] {
                assert_eq!(checked("", url).await, Err(NOT_HTTPS), "{url}");
            }
            assert_eq!(checked("", "https://8.8.8.8/").await, Ok(()));
            assert_eq!(checked("", "https://no-such-name.invalid/").await, Err(UNKNOWN_NAME));
        });
    }

    #[test]
    fn the_operator_names_networks_that_may_be_sent_to() {
        run(async {
            assert_eq!(checked("10.0.0.0/8, 127.0.0.1", "http://10.1.2.3/").await, Ok(()));
            assert_eq!(checked("10.0.0.0/8", "https://192.168.1.1/").await, Err(NOT_PUBLIC));
            assert_eq!(checked("10.0.0.0/8", "http://8.8.8.8/").await, Err(NOT_HTTPS));
            assert!("10.0.0.0/8,everywhere".parse::<AllowedTargets>().is_err());
        });
    }
}
