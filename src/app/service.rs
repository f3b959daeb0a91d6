//! Services and their promises.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{App, Error, search};
use crate::domain::calendar::{Filing, range_fault};
use crate::domain::contact::OfficeCode;
use crate::domain::delivery::Channel;
use crate::domain::fee::FeeKind;
use crate::domain::promise::{self, Promise};
use crate::domain::service::{Category, Service};
use crate::store::calendar;
use crate::store::page::{Page, PageRequest};
use crate::store::service::{self, ServiceFilter};

/// All services of a charter at once: it has no more.
pub const OF_A_CHARTER: PageRequest = PageRequest { after: 0, limit: 1000 };

/// Which services are asked for; see [`ServiceFilter`].
#[derive(Clone, Debug, Default)]
pub struct ServiceSearch {
    /// Only those of this office.
    pub office: Option<OfficeCode>,
    /// Only those of this category.
    pub category: Option<Category>,
    /// Only those with this channel.
    pub channel: Option<Channel>,
    /// Only those with this kind of fee.
    pub fee: Option<FeeKind>,
    /// Only those that this officer answers for or stands behind.
    pub officer: Option<Uuid>,
    /// Only those found by these words.
    pub query: Option<String>,
}

impl App {
    /// A page of services.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a query without a letter or digit; [`Error::Store`].
    pub async fn list_services(&self, asked: ServiceSearch, page: PageRequest) -> Result<Page<Service>, Error> {
        let filter = ServiceFilter {
            office: asked.office.map(|office| office.to_string()),
            category: asked.category,
            channel: asked.channel,
            fee: asked.fee,
            officer: asked.officer,
            patterns: search::patterns(asked.query.as_deref())?,
        };
        self.store
            .read(move |connection| Ok(service::list(&filter, page, connection)?))
            .await
    }

    /// One service.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Store`].
    pub async fn get_service(&self, id: Uuid) -> Result<Service, Error> {
        self.store
            .read(move |connection| service::get(id, connection)?.ok_or(Error::NotFound("service")))
            .await
    }

    /// The promise of a service to somebody who applies within the office hours of a day, or else right now.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::InvalidParameter`] for a day outside the years 2000 to 2100, [`Error::Store`].
    pub async fn get_promise(&self, id: Uuid, applied_on: Option<NaiveDate>) -> Result<Promise, Error> {
        let filing = applied_on.map_or_else(|| Filing::at(self.now()), Filing::during);
        if let Some(fault) = range_fault(filing.on, "/query/applied_on") {
            return Err(Error::InvalidParameter(vec![fault]));
        }
        self.store
            .read(move |connection| {
                let service = service::get(id, connection)?.ok_or(Error::NotFound("service"))?;
                let calendar = calendar::load(filing.on, connection)?;
                promise::count(id, &service.service.time_limit, filing, &calendar)
                    .ok_or_else(|| Error::parameter("/query/applied_on", "out_of_range", "cannot be counted from"))
            })
            .await
    }
}
