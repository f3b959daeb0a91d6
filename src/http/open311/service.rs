//! Services, and what has to be said in a request for one.

use actix_web::{HttpRequest, web};
use serde_json::{Value, json};
use uuid::Uuid;

use super::document::Form;
use super::parameters::Parameters;
use crate::app::{self, App};
use crate::domain::contact::OfficeCode;
use crate::domain::service::Service;
use crate::domain::text::Text;
use crate::http::answer::Answer;
use crate::http::linked_data::description;
use crate::http::problem::Problem;

/// The attribute by which the applicant confirms the documents.
pub(super) const DOCUMENTS_CONFIRMED: &str = "documents_confirmed";
/// The attribute by which the applicant chooses a language.
pub(super) const LANGUAGE: &str = "language";

/// The services of an office that anybody may apply for.
pub(super) async fn list(app: web::Data<App>, request: HttpRequest, form: Form) -> Result<Answer, Problem> {
    let office = app.jurisdiction(Parameters::of_query(&request).jurisdiction()?).await?;
    let services = app.public_services(office.office.code).await?;
    let entries: Value = services
        .iter()
        .map(|entry| {
            let service = &entry.service;
            json!({
                "service_code": service.id,
                "service_name": service.name.bn,
                "description": both(&description(service)),
                "metadata": true,
                "type": "realtime",
                "keywords": service.name.en,
                "group": service.category.title().bn,
            })
        })
        .collect();
    Ok(form.answer("services", &entries))
}

/// What has to be said in a request, besides what GeoReport itself asks for.
pub(super) async fn define(
    app: web::Data<App>,
    request: HttpRequest,
    form: Form,
    path: web::Path<(String, String)>,
) -> Result<Answer, Problem> {
    let jurisdiction = Parameters::of_query(&request).jurisdiction()?;
    let service = of_code(&app, &path.0, jurisdiction.as_ref()).await?;
    let documents = both(&service.service.documents.text);
    let attributes = json!([
        {
            "variable": true,
            "code": DOCUMENTS_CONFIRMED,
            "datatype": "singlevaluelist",
            "required": true,
            "datatype_description": "true",
            "order": 1,
            "description": format!("প্রয়োজনীয় সকল কাগজপত্র আছে (Every required document is there): {documents}"),
            "values": [{"key": "true", "name": "হ্যাঁ (Yes)"}],
        },
        {
            "variable": true,
            "code": LANGUAGE,
            "datatype": "singlevaluelist",
            "required": false,
            "datatype_description": "bn / en",
            "order": 2,
            "description": "যে ভাষায় জানানো হবে (In which language you are written to)",
            "values": [{"key": "bn", "name": "বাংলা"}, {"key": "en", "name": "English"}],
        },
    ]);
    let definition = json!({"service_code": service.service.id, "attributes": attributes});
    Ok(form.answer("service_definition", &definition))
}

/// The service of a code that anybody may apply for, at this office where one is named.
pub(super) async fn of_code(app: &App, code: &str, jurisdiction: Option<&OfficeCode>) -> Result<Service, Problem> {
    let unknown = || Problem::from(app::Error::NotFound("service_code"));
    let id: Uuid = code.parse().map_err(|_| unknown())?;
    let service = app.get_service(id).await.map_err(|error| match error {
        app::Error::NotFound(_) => unknown(),
        error => error.into(),
    })?;
    let service = service.served.read().map_err(app::Error::from)?;
    let elsewhere = jurisdiction.is_some_and(|office| *office != service.office);
    if elsewhere || !service.service.category.is_public() {
        return Err(unknown());
    }
    Ok(service)
}

fn both(text: &Text) -> String {
    format!("{} ({})", text.bn, text.en)
}
