//! What there is of GeoReport, and where.

use actix_web::web;
use serde_json::json;

use super::document::Form;
use crate::app::App;
use crate::http::answer::Answer;

pub(super) async fn get(app: web::Data<App>, form: Form) -> Answer {
    let endpoint = json!({
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": format!("{}/open311/v2", app.public_url()),
        "changeset": "2011-04-05T17:48:34Z",
        "type": "production",
        "formats": ["application/json", "application/xml"],
    });
    let document = json!({
        "changeset": "2011-04-05T17:48:34Z",
        "contact": "http://www.doict.gov.bd",
        "key_service": "No key is needed.",
        "endpoints": [endpoint],
    });
    form.answer("discovery", &document)
}
