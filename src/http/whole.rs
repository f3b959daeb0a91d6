//! Whole lists in the formats of data tools, streamed page by page: CSV (RFC 4180), and a JSON document a line (NDJSON).

use std::collections::HashMap;
use std::sync::LazyLock;

use actix_web::http::Method;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, Responder as _};
use futures_util::stream;
use serde_json::{Map, Value};

use super::answer::{About, CACHE_CONTROL};
use super::csv;
use super::format::Format;
use super::page::{Item, List, ListPage};
use super::problem::{Code, Problem};
use super::schemas;
use crate::app;
use crate::store::page::{Page, PageRequest};

/// How many entries are read at once: what a stream holds in memory at most.
const TOGETHER: i64 = 500;

/// Who may keep a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Keeps {
    /// Anybody, who asks about it anew each time; and this service, until what it is about changes.
    Anybody(About),
    /// Nobody: it is for those eyes only that asked.
    Nobody,
}

/// Answers with a page in JSON, or, as the client likes it, with the whole list in CSV or NDJSON: all that is behind the
/// cursor, unless a limit is given.
pub(super) async fn serve<T, P, F, Fut>(
    request: &HttpRequest,
    list: List,
    (schema, keeps): (&'static str, Keeps),
    fetch: F,
) -> Result<HttpResponse, Problem>
where
    T: Item + 'static,
    P: ListPage<T>,
    F: Fn(PageRequest) -> Fut + 'static,
    Fut: Future<Output = Result<Page<T>, app::Error>> + 'static,
{
    let format = Format::wanted(request, &[Format::Csv, Format::Ndjson]);
    if format == Format::Json {
        let page = fetch(list.page).await?;
        let answer = match keeps {
            Keeps::Anybody(about) => list.answer::<_, P>(request, page)?.about(about),
            Keeps::Nobody => list.look::<_, P>(request, page)?,
        };
        return Ok(answer.negotiated().respond_to(request));
    }
    let limit = if list.is_limited { list.page.limit } else { TOGETHER };
    let first = PageRequest { limit, ..list.page };
    // what goes wrong before the first line is told as a problem
    let page = fetch(first).await?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, format.media_type()))
        .insert_header((
            header::CACHE_CONTROL,
            match keeps {
                Keeps::Anybody(_) => CACHE_CONTROL,
                Keeps::Nobody => "no-store",
            },
        ))
        .insert_header((header::VARY, "Accept, Accept-Encoding"));
    if list.is_limited
        && let Some(link) = list.next_link(request, page.next)
    {
        response.insert_header((header::LINK, link));
    }
    if request.method() == Method::HEAD {
        return Ok(response.finish());
    }
    let goes_on = !list.is_limited;
    let begin = Lines {
        format,
        schema,
        page: Some(page),
        is_first: true,
    };
    let pages = stream::try_unfold((begin, fetch), move |(mut lines, fetch)| async move {
        let Some(page) = lines.page.take() else {
            return Ok::<_, Broken>(None);
        };
        let next = page.next.filter(|_| goes_on);
        let bytes = lines.write(page).map_err(|problem| Broken(format!("{problem}")))?;
        if let Some(after) = next {
            let request = PageRequest { after, limit: TOGETHER };
            lines.page = Some(fetch(request).await.map_err(|error| Broken(error.to_string()))?);
        }
        Ok(Some((bytes, (lines, fetch))))
    });
    Ok(response.streaming(Box::pin(pages)))
}

/// Why a stream breaks off: the client sees that it is not whole.
#[derive(Debug, thiserror::Error)]
#[error("a list broke off: {0}")]
struct Broken(String);

impl From<Broken> for actix_web::Error {
    fn from(broken: Broken) -> Self {
        log::error!("{broken}");
        actix_web::error::ErrorInternalServerError(broken.to_string())
    }
}

/// What is still to be written of a list.
struct Lines<T> {
    format: Format,
    schema: &'static str,
    page: Option<Page<T>>,
    is_first: bool,
}

impl<T: Item> Lines<T> {
    fn write(&mut self, page: Page<T>) -> Result<Bytes, Problem> {
        let is_first = std::mem::replace(&mut self.is_first, false);
        let internal = |error: serde_json::Error| {
            log::error!("an entry could not be written as JSON: {error}");
            Problem::new(Code::Internal)
        };
        if self.format == Format::Ndjson {
            let mut lines = Vec::new();
            for item in &page.items {
                item.write(&mut lines).map_err(internal)?;
                lines.push(b'\n');
            }
            return Ok(lines.into());
        }
        let columns = COLUMNS.get(self.schema).map_or(&[][..], Vec::as_slice);
        let mut rows = Vec::new();
        if is_first {
            rows.push(columns.iter().map(|column| column.name.clone()).collect());
        }
        for item in &page.items {
            let item = item.value().map_err(internal)?;
            rows.push(columns.iter().map(|column| column.cell(&item)).collect());
        }
        csv::table(rows, is_first).map(Bytes::from)
    }
}

/// A column of a table: a value somewhere within an entry.
#[derive(Debug, PartialEq, Eq)]
struct Column {
    name: String,
    /// Where it is, as a JSON Pointer.
    pointer: String,
}

impl Column {
    fn cell(&self, item: &Value) -> String {
        item.pointer(&self.pointer).map_or_else(String::new, cell)
    }
}

/// A value in one cell: a list of words with semicolons between them.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(|item| !item.is_object() && !item.is_array()) => {
            items.iter().map(cell).collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

/// The columns of each kind of entry, by the name of its schema: they are those of the document.
static COLUMNS: LazyLock<HashMap<&'static str, Vec<Column>>> = LazyLock::new(|| {
    let definitions = schemas::definitions();
    let names = [
        "Office",
        "Service",
        "Officer",
        "UpazilaOffice",
        "GrievanceLevel",
        "ServiceRequest",
        "Grievance",
    ];
    let of = |name| {
        let mut columns = Vec::new();
        if let Some(schema) = definitions.get(name) {
            collect(schema, "", "", &definitions, &mut columns);
        }
        (name, columns)
    };
    names.into_iter().map(of).collect()
});

/// Collects the leaves of a schema.
fn collect(schema: &Value, name: &str, pointer: &str, definitions: &Map<String, Value>, columns: &mut Vec<Column>) {
    let referred = schema["$ref"]
        .as_str()
        .and_then(|reference| reference.rsplit('/').next());
    let schema = referred.and_then(|name| definitions.get(name)).unwrap_or(schema);
    let Some(properties) = schema["properties"].as_object() else {
        columns.push(Column {
            name: name.to_owned(),
            pointer: pointer.to_owned(),
        });
        return;
    };
    for (field, schema) in properties {
        let name = if name.is_empty() {
            field.clone()
        } else {
            format!("{name}_{field}")
        };
        collect(schema, &name, &format!("{pointer}/{field}"), definitions, columns);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_the_leaves_of_the_schema() {
        let names = |schema| -> Vec<&str> { COLUMNS[schema].iter().map(|column| &*column.name).collect() };
        assert_eq!(
            names("UpazilaOffice"),
            [
                "id",
                "serial",
                "name_bn",
                "name_en",
                "website",
                "office",
                "version",
                "updated_at"
            ]
        );
        let services = names("Service");
        for column in [
            "name_bn",
            "delivery_channels",
            "time_limit_working_days",
            "responsible_officer_phone_e164",
        ] {
            assert!(services.contains(&column), "{services:?}");
        }
        for columns in COLUMNS.values() {
            assert!(columns.len() > 5);
        }
    }

    #[test]
    fn a_cell_is_plain_text() {
        assert_eq!(cell(&serde_json::json!(["online", "in_person"])), "online; in_person");
        assert_eq!(cell(&serde_json::json!(5)), "5");
        assert_eq!(cell(&Value::Null), "");
    }
}
