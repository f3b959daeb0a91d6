//! Services and their promises.

use std::sync::Arc;

use chrono::NaiveDate;
use quick_cache::sync::Cache;
use uuid::Uuid;

use super::office::{OfficeProfiles, profiles};
use super::{App, Error, search};
use crate::domain::calendar::{Filing, range_fault};
use crate::domain::contact::OfficeCode;
use crate::domain::delivery::Channel;
use crate::domain::fee::FeeKind;
use crate::domain::office::Office;
use crate::domain::promise::{self, Promise};
use crate::domain::service::{Category, Service};
use crate::store::page::{Page, PageRequest};
use crate::store::served::{self, Current, Served};
use crate::store::service::{self, ServiceFilter};
use crate::store::{self, AnyConnection, Store, office};

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

impl ServiceSearch {
    fn filter(self) -> Result<ServiceFilter, Error> {
        Ok(ServiceFilter {
            office: self.office.map(|office| office.to_string()),
            category: self.category,
            channel: self.channel,
            fee: self.fee,
            officer: self.officer,
            patterns: search::patterns(self.query.as_deref())?,
        })
    }
}

fn of_id(id: Uuid, connection: &mut AnyConnection) -> Result<Service, Error> {
    served::entry(id, connection)?.ok_or(Error::NotFound("service"))
}

/// The number of the change that left a service as it is, and that.
pub(super) fn current(found: Current<Service>) -> Result<(i64, Service), store::Error> {
    Ok((found.sequence, found.served.read()?))
}

/// How many services are remembered.
const REMEMBERED: usize = 1000;

/// Services as they were last read, each with the number of the change that left it so: whoever relies on one has to see that
/// this still stands. They are read from outside of transactions, so that nothing is remembered that was never kept.
pub(super) struct LastServices(Cache<Uuid, Arc<(i64, Service)>>);

impl Default for LastServices {
    fn default() -> Self {
        Self(Cache::new(REMEMBERED))
    }
}

impl LastServices {
    /// A service as it was last read, or else as it is.
    pub(super) async fn find(&self, id: Uuid, store: &Store) -> Result<Option<Arc<(i64, Service)>>, store::Error> {
        if let Some(known) = self.0.get(&id) {
            return Ok(Some(known));
        }
        let found = served::find(id, store).await?.map(current).transpose()?.map(Arc::new);
        if let Some(found) = &found {
            self.0.insert(id, found.clone());
        }
        Ok(found)
    }

    /// Forgets a service that is no longer as it was.
    pub(super) fn forget(&self, id: Uuid) {
        self.0.remove(&id);
    }
}

impl App {
    /// A page of services.
    ///
    /// # Errors
    /// [`Error::InvalidParameter`] for a query without a letter or digit; [`Error::Store`].
    pub async fn list_services(&self, asked: ServiceSearch, page: PageRequest) -> Result<Page<Served<Service>>, Error> {
        let filter = asked.filter()?;
        self.store
            .look_up(move |connection| service::list(&filter, page, connection))
            .await
            .map_err(Error::from)
    }

    /// A page of services with the offices that promise them, all of one moment.
    ///
    /// # Errors
    /// As for [`App::list_services`].
    pub async fn list_services_with_offices(
        &self,
        asked: ServiceSearch,
        page: PageRequest,
    ) -> Result<(Page<Service>, OfficeProfiles), Error> {
        let filter = asked.filter()?;
        self.store
            .read(move |connection| {
                let page = service::list(&filter, page, connection)?.try_map(|served| served.read())?;
                let offices = page.items.iter().map(|service| service.office.clone());
                let offices = profiles(offices.collect(), connection)?;
                Ok((page, offices))
            })
            .await
    }

    /// One service.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Store`].
    pub async fn get_service(&self, id: Uuid) -> Result<Current<Service>, Error> {
        let found = served::find(id, &self.store).await?;
        found.ok_or(Error::NotFound("service"))
    }

    /// One service with the office that promises it, both of one moment.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Store`].
    pub async fn get_service_with_office(&self, id: Uuid) -> Result<(Service, Office), Error> {
        self.store
            .read(move |connection| {
                let service = of_id(id, connection)?;
                let office = office::get(service.office.as_str(), connection)?.ok_or(Error::NotFound("office"))?;
                Ok((service, office))
            })
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
        let calendar = self.calendar.clone();
        self.store
            .read(move |connection| {
                let service = of_id(id, connection)?;
                let calendar = calendar.now(connection)?;
                promise::count(id, &service.service.time_limit, filing, &calendar)
                    .ok_or_else(|| Error::parameter("/query/applied_on", "out_of_range", "cannot be counted from"))
            })
            .await
    }
}
