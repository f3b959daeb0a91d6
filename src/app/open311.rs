//! What anybody may see of service requests, as Open311 GeoReport asks for it: which service, in which state, since when.
//! Nothing of the applicant, and nothing of grievances.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::service::{OF_A_CHARTER, ServiceSearch};
use super::{App, Error};
use crate::domain::contact::OfficeCode;
use crate::domain::office::Office;
use crate::domain::service::{Category, Service};
use crate::domain::service_request::State;
use crate::domain::service_request::record::Record;
use crate::domain::text::Text;
use crate::store::office::OfficeFilter;
use crate::store::page::PageRequest;
use crate::store::service_request::{self, PublicFilter};
use crate::store::{office, served};

/// A service request as anybody may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicRequest {
    /// Identifies the request; it is not its tracking code.
    pub id: Uuid,
    /// What was applied for.
    pub service: Uuid,
    /// The name of the service.
    pub service_name: Text,
    /// The office that was asked.
    pub office: OfficeCode,
    /// In which state it is.
    pub state: State,
    /// When it was filed.
    pub filed_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// The day by whose end in Dhaka it is due.
    pub due_on: Option<NaiveDate>,
}

impl From<Record> for PublicRequest {
    fn from(record: Record) -> Self {
        Self {
            id: record.id,
            service: record.service.id,
            service_name: record.service.name.clone(),
            office: record.service.office.clone(),
            state: record.state,
            filed_at: record.filed_at,
            updated_at: record.updated_at,
            due_on: record.due_on,
        }
    }
}

/// Which requests anybody asks for.
#[derive(Clone, Debug)]
pub struct PublicSearch {
    /// Only those to this office.
    pub office: OfficeCode,
    /// Only these, where any are named.
    pub ids: Vec<Uuid>,
    /// Only those for these services, where any are named.
    pub services: Vec<Uuid>,
    /// Only those that are open, or only those that are not.
    pub open: Option<bool>,
    /// Only those filed at this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Only those filed before this instant.
    pub to: Option<DateTime<Utc>>,
    /// How many are passed over, and how many are given at most.
    pub part: (i64, i64),
}

impl App {
    /// The office of a code; where none is given, the one office that publishes a charter.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::InvalidParameter`] where there are several and none is named; [`Error::Store`].
    pub async fn jurisdiction(&self, code: Option<OfficeCode>) -> Result<Office, Error> {
        self.store
            .read(move |connection| {
                if let Some(code) = code {
                    return office::get(code.as_str(), connection)?.ok_or(Error::NotFound("jurisdiction_id"));
                }
                let first = PageRequest { after: 0, limit: 1 };
                let mut page = office::list(&OfficeFilter::default(), first, connection)?;
                match (page.items.pop(), page.next) {
                    (Some(office), None) => Ok(office),
                    (None, _) => Err(Error::NotFound("jurisdiction_id")),
                    (Some(_), Some(_)) => Err(Error::parameter(
                        "/query/jurisdiction_id",
                        "required",
                        "was not provided: name an office by its code",
                    )),
                }
            })
            .await
    }

    /// The services of an office that anybody may apply for.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn public_services(&self, office: OfficeCode) -> Result<Vec<Service>, Error> {
        let asked = ServiceSearch {
            office: Some(office),
            ..ServiceSearch::default()
        };
        let services = self.list_services(asked, OF_A_CHARTER).await?;
        let mut services = services.try_map(|served| served.read())?.items;
        services.retain(|entry| entry.service.category.is_public());
        Ok(services)
    }

    /// Requests as anybody may see them, the last one filed first.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn public_requests(&self, asked: PublicSearch) -> Result<Vec<PublicRequest>, Error> {
        self.store
            .read(move |connection| {
                let filter = PublicFilter {
                    office: asked.office.to_string(),
                    ids: asked.ids,
                    services: asked.services,
                    except: Some(Category::Internal),
                    open: asked.open,
                    from: asked.from,
                    to: asked.to,
                    part: asked.part,
                };
                let records = service_request::public(&filter, connection)?;
                Ok(records.into_iter().map(PublicRequest::from).collect())
            })
            .await
    }

    /// One request as anybody may see it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Store`].
    pub async fn public_request(&self, id: Uuid) -> Result<PublicRequest, Error> {
        self.store
            .read(move |connection| {
                let record = service_request::get(id, connection)?.ok_or(Error::NotFound("service_request_id"))?;
                let service = served::entry::<Service>(record.service.id, connection)?;
                if service.is_some_and(|entry| !entry.service.category.is_public()) {
                    return Err(Error::NotFound("service_request_id"));
                }
                Ok(record.into())
            })
            .await
    }
}
