//! What people and clients of others ask by names: what nobody knows is passed over, where a schema would refuse it.

use std::collections::HashMap;

use actix_web::HttpRequest;

/// Parameters by their names, the last of a name.
pub(super) struct Asked(HashMap<String, String>);

impl Asked {
    /// Those of the query string.
    pub(super) fn of_query(request: &HttpRequest) -> Self {
        Self::of_form(request.query_string().as_bytes())
    }

    /// Those of a form.
    pub(super) fn of_form(form: &[u8]) -> Self {
        Self(form_urlencoded::parse(form).into_owned().collect())
    }

    /// One of them, unless it is empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
    }
}
