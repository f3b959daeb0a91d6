//! The documents of GeoReport: one value, written as JSON or as XML, and its form of errors.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use serde_json::{Value, json};

use crate::http::answer::Answer;
use crate::http::problem::{Code, Problem};

/// What is served under `/open311/`.
const PLACE: &str = "/open311/";

/// A format: the ending of the address names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    Xml,
}

impl FromRequest for Form {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match request.match_info().get("format") {
            Some("json") => Ok(Self::Json),
            Some("xml") => Ok(Self::Xml),
            _ => Err(Problem::new(Code::RouteNotFound).detail("There is `.json` and `.xml`.")),
        })
    }
}

impl Form {
    const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Xml => "application/xml",
        }
    }

    /// Writes a document: in JSON as it is, in XML within an element of this name.
    fn write(self, root: &str, document: &Value) -> Vec<u8> {
        match self {
            Self::Json => serde_json::to_vec(document).unwrap_or_default(),
            Self::Xml => {
                let mut writer = quick_xml::Writer::new(Vec::new());
                let written = writer
                    .write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))
                    .and_then(|()| element(&mut writer, root, document));
                written.unwrap_or_else(|error| unreachable!("writing to memory does not fail: {error}"));
                writer.into_inner()
            }
        }
    }

    /// The answer with a document.
    pub(super) fn answer(self, root: &str, document: &Value) -> Answer {
        Answer::of(self.write(root, document).into(), self.media_type())
    }
}

/// What an entry of a list is called in XML.
fn entry_of(list: &str) -> &str {
    match list {
        "service_requests" => "request",
        list => list.strip_suffix('s').unwrap_or(list),
    }
}

fn element(writer: &mut quick_xml::Writer<Vec<u8>>, name: &str, value: &Value) -> std::io::Result<()> {
    writer.write_event(Event::Start(BytesStart::new(name)))?;
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                element(writer, field, value)?;
            }
        }
        Value::Array(entries) => {
            for entry in entries {
                element(writer, entry_of(name), entry)?;
            }
        }
        Value::Null => {}
        Value::String(text) => writer.write_event(Event::Text(BytesText::new(&allowed(text))))?,
        other => writer.write_event(Event::Text(BytesText::new(&other.to_string())))?,
    }
    writer.write_event(Event::End(BytesEnd::new(name)))
}

/// A text without the characters that XML 1.0 has no way to write.
fn allowed(text: &str) -> String {
    let fits = |c: &char| matches!(c, '\t' | '\n' | '\r') || (*c >= ' ' && !matches!(c, '\u{FFFE}' | '\u{FFFF}'));
    text.chars().filter(fits).collect()
}

/// A problem in GeoReport's form of errors, and its media type; none where the request was for something else.
pub(in crate::http) fn error(path: &str, problem: &Problem) -> Option<(Vec<u8>, &'static str)> {
    if !path.starts_with(PLACE) {
        return None;
    }
    let form = if path.ends_with(".xml") { Form::Xml } else { Form::Json };
    let document = problem.document("");
    let mut words = vec![document.detail];
    words.extend(document.errors.iter().map(|fault| {
        let name = fault.pointer.rsplit('/').next().unwrap_or_default();
        format!("{name} {}", fault.detail)
    }));
    // the code is the HTTP status
    let errors = json!([{"code": document.status, "description": words.join(" ")}]);
    Some((form.write("errors", &errors), form.media_type()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_the_same_in_both_forms() {
        let services =
            json!([{"service_code": "a", "service_name": "<খুলনা> & more\u{1}", "metadata": true, "keywords": ""}]);
        assert_eq!(
            String::from_utf8(Form::Xml.write("services", &services)).unwrap(),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><services><service><service_code>a</service_code><service_name>\
             &lt;খুলনা&gt; &amp; more</service_name><metadata>true</metadata><keywords></keywords></service></services>"
        );
        let json: Value = serde_json::from_slice(&Form::Json.write("services", &services)).unwrap();
        assert_eq!(json, services);
        let requests = json!([{"token": "x"}]);
        let xml = String::from_utf8(Form::Xml.write("service_requests", &requests)).unwrap();
        assert!(xml.ends_with("<service_requests><request><token>x</token></request></service_requests>"));
    }

    #[test]
    fn a_problem_there_has_its_form() {
        let problem = Problem::new(Code::NotFound);
        assert!(error("/v1/services", &problem).is_none());
        let (json, media) = error("/open311/v2/services.json", &problem).unwrap();
        assert_eq!(media, "application/json");
        let errors: Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(errors[0]["code"], 404);
        let (xml, media) = error("/open311/v2/services.xml", &problem).unwrap();
        assert_eq!(media, "application/xml");
        assert!(
            String::from_utf8(xml)
                .unwrap()
                .contains("<errors><error><code>404</code><description>")
        );
    }
}
