//! Webhooks: what a system is told as it happens, by the Standard Webhooks specification.
//!
//! <https://www.standardwebhooks.com>

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use chrono::{DateTime, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::contact::{OfficeCode, Website};
use super::fault::Fault;
use super::words::words;

words! {
    /// What somebody is told.
    WebhookEvent {
        /// an entry of a charter was published, changed or retired: an item of the change feed
        CharterChanged,
        /// something happened to a case that the system filed: what the tracking code shows of it
        CaseChanged,
        /// nothing happened: a test
        Test,
    }
}

words! {
    /// How far a message is.
    WebhookDeliveryState {
        /// it will be sent, or sent again
        Pending,
        /// it was taken
        Delivered,
        /// it was given up
        Failed,
    }
}

/// A subscription.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookInput {
    /// Where messages are sent to, by POST. An address that is not public is refused.
    pub url: Website,
    /// What is told: `charter_changed`, `case_changed` for the cases that the system files itself.
    #[schemars(length(min = 1, max = 2))]
    pub events: Vec<WebhookEvent>,
    /// Only changes of the charter of this office.
    pub office: Option<OfficeCode>,
    /// What it is for.
    #[schemars(length(min = 1, max = 200), regex(pattern = r"\S"), extend("examples" = ["National portal, production"]))]
    pub description: Option<String>,
}

impl WebhookInput {
    /// What the schema cannot say.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (i, event) in self.events.iter().enumerate() {
            let at = format!("/events/{i}");
            if *event == WebhookEvent::Test {
                faults.push(Fault::new(at, "not_allowed", "is sent on demand only"));
            } else if self.events[..i].contains(event) {
                faults.push(Fault::new(at, "duplicate", "stands twice"));
            }
        }
        if self.office.is_some() && !self.events.contains(&WebhookEvent::CharterChanged) {
            faults.push(Fault::new(
                "/office",
                "not_allowed",
                "has a meaning for `charter_changed` only",
            ));
        }
        faults
    }
}

/// A webhook of a client or an administrator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Webhook {
    /// Identifies the webhook.
    #[schemars(extend("examples" = ["01a20ae1-1e6d-7a3f-8c2b-4d3e2f1a0b9c"]))]
    pub id: Uuid,
    /// Where messages are sent to.
    pub url: Website,
    /// What is told.
    #[schemars(length(max = 10))]
    pub events: Vec<WebhookEvent>,
    /// Only changes of the charter of this office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office: Option<OfficeCode>,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200), regex(pattern = r"\S"), extend("examples" = ["National portal, production"]))]
    pub description: Option<String>,
    /// Whether a secret was made for it. Without one nothing can be signed, and nothing is sent.
    #[schemars(extend("examples" = [true]))]
    pub has_secret: bool,
    /// Whether nothing is sent to it, and nothing is kept for it.
    #[schemars(extend("examples" = [false]))]
    pub disabled: bool,
    /// Why it was disabled, where the service did so itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200), regex(pattern = r"\S"), extend("examples" = ["A message was not taken for 3 days."]))]
    pub disabled_reason: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A secret that was just made. It is shown this once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WebhookSecret {
    /// The webhook.
    #[schemars(extend("examples" = ["01a20ae1-1e6d-7a3f-8c2b-4d3e2f1a0b9c"]))]
    pub webhook_id: Uuid,
    /// The secret, as the libraries of Standard Webhooks take it.
    #[schemars(length(max = 100), regex(pattern = "^whsec_[A-Za-z0-9+/=]+$"), extend("examples" = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]))]
    pub secret: String,
    /// Until when messages are also signed with the secret before; absent where there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_until: Option<DateTime<Utc>>,
}

/// A message to a webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WebhookDelivery {
    /// The id of the message: the header `webhook-id`, the same however often it is sent.
    #[schemars(length(max = 32), regex(pattern = "^msg_[0-9]+$"), extend("examples" = ["msg_1207"]))]
    pub id: String,
    /// What it tells.
    pub event: WebhookEvent,
    /// What it is about: the id of the case, or the code of the office. Messages about one come in their order.
    #[schemars(length(max = 64), regex(pattern = r"\S"), extend("examples" = ["doict-khulna"]))]
    pub topic: String,
    /// How far it is.
    pub state: WebhookDeliveryState,
    /// How often it was sent.
    #[schemars(range(min = 0, max = 1000), extend("examples" = [1]))]
    pub attempts: i32,
    /// When it happened.
    pub created_at: DateTime<Utc>,
    /// When it was last sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_attempt_at: Option<DateTime<Utc>>,
    /// When it is sent next; absent once it was taken or given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<DateTime<Utc>>,
    /// The status that the target answered last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 100, max = 999), extend("examples" = [200]))]
    pub status: Option<i32>,
    /// Why it was not taken last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200), regex(pattern = r"\S"), extend("examples" = ["The target did not answer in time."]))]
    pub failure: Option<String>,
}

/// How long a message is sent again.
pub const SENT_FOR: TimeDelta = TimeDelta::days(3);
/// How long the secret before still signs.
pub const PREVIOUS_SIGNS_FOR: TimeDelta = TimeDelta::hours(24);
/// The seconds between attempts; the last one repeats.
const BACK_OFF: [i64; 9] = [5, 30, 120, 600, 1_800, 7_200, 18_000, 36_000, 43_200];

/// When a message is sent again that was not taken in an attempt; `None` where it is given up.
pub fn next_attempt(attempts: i32, given_up_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let last = BACK_OFF.len() - 1;
    let step = usize::try_from(attempts - 1).unwrap_or(0).min(last);
    let next = now + TimeDelta::seconds(BACK_OFF[step]);
    (next < given_up_at).then_some(next)
}

/// Whether an address is one of the public Internet: not of this machine, of this network, or of none.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => match embedded(v6) {
            Some(v4) => is_public_v4(v4),
            None => is_public_v6(v6),
        },
    }
}

/// The IPv4 address that an IPv6 one stands for: mapped, compatible, translated (RFC 6052), 6to4.
fn embedded(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = v6.segments();
    let v4 = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match s {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(v4(high, low)),
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => Some(v4(high, low)),
        [0x2002, high, low, ..] => Some(v4(high, low)),
        _ => None,
    }
}

const fn is_public_v4(v4: Ipv4Addr) -> bool {
    let [a, b, c, _] = v4.octets();
    let shared = a == 100 && b & 0xc0 == 64;
    let benchmark = a == 198 && b & 0xfe == 18;
    let protocol = a == 192 && b == 0 && c == 0;
    !(v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_documentation()
        || v4.is_multicast()
        || v4.is_broadcast()
        || a == 0
        || a >= 240
        || shared
        || benchmark
        || protocol)
}

const fn is_public_v6(v6: Ipv6Addr) -> bool {
    let first = v6.segments()[0];
    let documentation = first == 0x2001 && v6.segments()[1] == 0xdb8;
    // global unicast is 2000::/3; everything else is of this machine, of this network, or of a group
    first & 0xe000 == 0x2000 && !documentation
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::in_short;
    use crate::domain::json_schema;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[test]
    fn only_the_public_internet_is_told() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.2.1",
            "192.0.0.8",
            "240.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "fec0::1",
        ] {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in [
            "8.8.8.8",
            "103.48.16.1",
            "2404:6800:4003::200e",
            "::ffff:8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "101.64.0.1",
            "198.1.0.1",
            "199.18.0.1",
            "192.0.1.1",
            "192.1.0.1",
            "193.0.0.1",
            "::8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::",
            "2001:4860::1",
            "2a02:db8::1",
        ] {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn the_pauses_grow_to_half_a_day() {
        let now = DateTime::from_timestamp(1_795_494_600, 0).unwrap();
        let pause = |attempts| (next_attempt(attempts, now + SENT_FOR, now).unwrap() - now).num_seconds();
        assert_eq!((1..=9).map(pause).collect::<Vec<i64>>(), BACK_OFF);
        assert_eq!([0, 10, 1000].map(pause), [5, 43_200, 43_200]);
        let last = now + TimeDelta::seconds(5);
        assert_eq!(next_attempt(1, last, now), None, "given up then");
        assert_eq!(next_attempt(1, last + TimeDelta::seconds(1), now), Some(last));
        assert_eq!(PREVIOUS_SIGNS_FOR, TimeDelta::days(1));
    }

    #[test]
    fn a_subscription_says_what_it_is_for() {
        let faults = |input: Value| -> Vec<String> {
            let input: WebhookInput = json_schema::read(input).unwrap();
            in_short(input.faults())
        };
        let of = |events: Value| json!({"url": "https://example.org/hook", "events": events});
        assert_eq!(faults(of(json!(["charter_changed", "case_changed"]))), [""; 0]);
        assert_eq!(faults(of(json!(["test"]))), ["/events/0 not_allowed"]);
        assert_eq!(
            faults(of(json!(["case_changed", "case_changed"]))),
            ["/events/1 duplicate"]
        );
        let mut whose = of(json!(["case_changed"]));
        whose["office"] = json!("doict-khulna");
        assert_eq!(faults(whose), ["/office not_allowed"]);
    }

    proptest! {
        /// The pauses grow, and nothing is sent once it is given up.
        #[test]
        fn a_message_is_sent_again_for_three_days(seconds in 0..86_400_i64) {
            let created = DateTime::from_timestamp(1_795_494_600 + seconds, 0).unwrap();
            let given_up_at = created + SENT_FOR;
            let (mut now, mut attempts, mut pause) = (created, 1, TimeDelta::zero());
            while let Some(next) = next_attempt(attempts, given_up_at, now) {
                prop_assert!(next - now >= pause && next < given_up_at);
                pause = next - now;
                now = next;
                attempts += 1;
            }
            prop_assert!((10..40).contains(&attempts), "{}", attempts);
            prop_assert!(given_up_at - now <= TimeDelta::hours(12), "it was tried nearly to the end");
        }
    }
}
