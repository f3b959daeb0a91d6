//! Text messages over the HTTP gateway that an operator describes.

use std::fmt;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, redirect};
use url::Url;

use crate::app::courier::Lost;
use crate::app::notice::Letter;

/// How long a gateway has to answer.
const ANSWERED_WITHIN: Duration = Duration::from_secs(15);
/// How much of its answer is looked at.
const LOOKED_AT: usize = 64 * 1024;

/// How a gateway is spoken to. `{mobile}` stands for the number as a telephone dials it, `{digits}` for its digits alone,
/// `{text}` for what is said, `{id}` for the id of the message; each is escaped as its place needs it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct SmsGateway {
    /// Its address.
    pub url: String,
    /// What is posted: JSON, where it begins with a brace or a bracket, else a form. Nothing is posted where it is empty.
    pub body: String,
    /// A header that it wants, as `Name: value`.
    pub header: String,
    /// Words that its answer holds where it took the message; it is enough that it answers 2xx where there are none.
    pub accepted: String,
}

/// A gateway that takes text messages.
pub struct Sms {
    client: Client,
    gateway: SmsGateway,
}

impl fmt::Debug for Sms {
    // its address, body and header may hold a secret
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sms").finish_non_exhaustive()
    }
}

/// Where a value stands, and so how it is escaped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// An address or a form.
    Form,
    /// A string in JSON.
    Json,
}

impl Place {
    fn escaped(self, value: &str) -> String {
        match self {
            Self::Form => form_urlencoded::byte_serialize(value.as_bytes()).collect(),
            Self::Json => {
                let quoted = serde_json::Value::from(value).to_string();
                quoted[1..quoted.len() - 1].to_owned()
            }
        }
    }

    /// A template with its values.
    fn filled(self, template: &str, letter: &Letter) -> String {
        let digits = letter.to.trim_start_matches('+');
        let values = [
            ("{mobile}", &*letter.to),
            ("{digits}", digits),
            ("{id}", &letter.id),
            ("{text}", &letter.text),
        ];
        let mut filled = String::new();
        let mut rest = template;
        // from the left, so that what a value says is not taken for a place
        while let Some((at, (place, value))) = values
            .iter()
            .filter_map(|entry| Some((rest.find(entry.0)?, *entry)))
            .min_by_key(|(at, _)| *at)
        {
            filled.push_str(&rest[..at]);
            filled.push_str(&self.escaped(value));
            rest = &rest[at + place.len()..];
        }
        filled + rest
    }
}

impl Sms {
    /// A gateway.
    ///
    /// # Errors
    /// What is wrong with its description, without repeating it.
    pub fn new(gateway: SmsGateway) -> Result<Self, String> {
        let probe = Letter {
            id: "1".into(),
            channel: crate::domain::message::Channel::Sms,
            to: "+8801711123456".into(),
            subject: String::new(),
            text: "x".into(),
        };
        let url = Url::parse(&Place::Form.filled(&gateway.url, &probe));
        if !url.is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
            return Err("the SMS gateway has to be an address such as https://sms.example.org/send".into());
        }
        let says = [&gateway.url, &gateway.body];
        let holds = |place: &str| says.iter().any(|template| template.contains(place));
        if !holds("{text}") || !(holds("{mobile}") || holds("{digits}")) {
            return Err("the address or body of the SMS gateway has to hold {text}, and {mobile} or {digits}".into());
        }
        if is_json(&gateway.body) {
            let filled = Place::Json.filled(&gateway.body, &probe);
            serde_json::from_str::<serde_json::Value>(&filled)
                .map_err(|_| "the body for the SMS gateway is no JSON".to_owned())?;
        }
        let mut headers = HeaderMap::new();
        if !gateway.header.is_empty() {
            let unfit = || "the header for the SMS gateway has to be written as `Name: value`".to_owned();
            let (name, value) = gateway.header.split_once(':').ok_or_else(unfit)?;
            let name = HeaderName::try_from(name.trim()).map_err(|_| unfit())?;
            let mut value = HeaderValue::try_from(value.trim()).map_err(|_| unfit())?;
            value.set_sensitive(true);
            headers.insert(name, value);
        }
        let client = Client::builder()
            .user_agent(concat!("citizens-charter/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .timeout(ANSWERED_WITHIN)
            .build()
            .map_err(|error| error.to_string())?;
        Ok(Self { client, gateway })
    }

    /// Hands a message to the gateway; gives the status that it answered with.
    pub(super) async fn deliver(&self, letter: Letter) -> Result<u16, Lost> {
        const BROKE_OFF: Lost = Lost("The connection to the SMS gateway broke off.");
        let gateway = &self.gateway;
        let url = Place::Form.filled(&gateway.url, &letter);
        let request = if gateway.body.is_empty() {
            self.client.get(url)
        } else if is_json(&gateway.body) {
            let post = self.client.post(url).header("content-type", "application/json");
            post.body(Place::Json.filled(&gateway.body, &letter))
        } else {
            let post = self
                .client
                .post(url)
                .header("content-type", "application/x-www-form-urlencoded");
            post.body(Place::Form.filled(&gateway.body, &letter))
        };
        let mut answer = request.send().await.map_err(|error| {
            if error.is_timeout() {
                Lost("The SMS gateway did not answer in time.")
            } else {
                Lost("The SMS gateway could not be reached.")
            }
        })?;
        let status = answer.status().as_u16();
        if gateway.accepted.is_empty() || !answer.status().is_success() {
            return Ok(status);
        }
        let mut said = Vec::new();
        while said.len() < LOOKED_AT {
            match answer.chunk().await.map_err(|_| BROKE_OFF)? {
                Some(bytes) => said.extend_from_slice(&bytes),
                None => break,
            }
        }
        if String::from_utf8_lossy(&said).contains(&gateway.accepted) {
            Ok(status)
        } else {
            Err(Lost("The SMS gateway did not say that it took the message."))
        }
    }
}

fn is_json(body: &str) -> bool {
    body.trim_start().starts_with(['{', '['])
        && !["{mobile}", "{digits}", "{text}", "{id}"]
            .iter()
            .any(|place| body.trim_start().starts_with(place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Channel;

    fn letter() -> Letter {
        Letter {
            id: "msg_7".into(),
            channel: Channel::Sms,
            to: "+8801711123456".into(),
            subject: String::new(),
            text: "“কোড” & \"{mobile}\"\n".into(),
        }
    }

    #[test]
    fn each_value_is_escaped_as_its_place_needs_it() {
        let json = Place::Json.filled(r#"{"to":"{digits}","text":"{text}","ref":"{id}"}"#, &letter());
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(
            read,
            serde_json::json!({"to": "8801711123456", "text": "“কোড” & \"{mobile}\"\n", "ref": "msg_7"})
        );
        let form = Place::Form.filled("to={mobile}&text={text}", &letter());
        let pairs: Vec<(String, String)> = form_urlencoded::parse(form.as_bytes()).into_owned().collect();
        assert_eq!(pairs[0].1, "+8801711123456");
        assert_eq!(pairs[1].1, letter().text);
    }

    #[test]
    fn a_gateway_is_described_whole() {
        let gateway = |url: &str, body: &str, header: &str| {
            let described = SmsGateway {
                url: url.into(),
                body: body.into(),
                header: header.into(),
                accepted: String::new(),
            };
            Sms::new(described).is_ok()
        };
        assert!(gateway("https://sms.example.org/send?to={mobile}&text={text}", "", ""));
        assert!(gateway(
            "http://10.0.0.7/send",
            r#"{"to":"{digits}","text":"{text}"}"#,
            "Authorization: Bearer x"
        ));
        assert!(gateway(
            "https://sms.example.org/",
            "msisdn={digits}&message={text}&key=k",
            ""
        ));
        for (url, body, header) in [
            ("sms.example.org", "{mobile} {text}", ""),
            ("ftp://sms.example.org", "to={mobile}&text={text}", ""),
            ("https://sms.example.org", "to={mobile}", ""),
            ("https://sms.example.org", "text={text}", ""),
            ("https://sms.example.org", r#"{"to":{mobile},"text":"{text}"}"#, ""),
            ("https://sms.example.org", "to={mobile}&text={text}", "no header"),
            ("https://sms.example.org", "to={mobile}&text={text}", "X: a\nb"),
        ] {
            assert!(!gateway(url, body, header), "{url} {body} {header}");
        }
    }
}
