//! Cases as they are found by their tracking codes, together with others that are asked for at the same time.

use chrono::{DateTime, Utc};
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text};
use uuid::Uuid;

use super::Store;
use super::connection::AnyConnection;
use super::error::Error;
use super::failed_attempt::Share;
use super::gather::{Gathered, Lookup, Numbered, Waiting, by_keys};
use super::request_lookup::with_histories;
use super::statement::Value;
use super::texts::{id, stored_instant};
use crate::domain::case::event::Event;
use crate::domain::service_request::record::Record;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The tracking code.
    pub code: String,
    /// In which share codes that nobody has are counted.
    pub share: Option<Share>,
    /// Since when they are counted.
    pub since: DateTime<Utc>,
}

/// What is found by a tracking code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The share is used up: nothing is told.
    Refused,
    /// Nobody has the code.
    Nothing,
    /// A service request with its history.
    ServiceRequest(Box<(Record, Vec<Event>)>),
    /// The grievance with this id.
    Grievance(Uuid),
}

#[derive(QueryableByName)]
struct FoundRow {
    #[diesel(sql_type = BigInt)]
    n: i64,
    #[diesel(sql_type = BigInt)]
    tried: i64,
    #[diesel(sql_type = Nullable<Text>)]
    request: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    grievance: Option<String>,
}

impl Numbered for FoundRow {
    fn n(&self) -> i64 {
        self.n
    }
}

/// Looks for cases by their tracking codes.
pub(super) struct Tracked;

impl Lookup for Tracked {
    type Key = Wanted;
    type Found = Found;

    /// By one statement, and one more where there are service requests among them. Both kinds of case are looked for, whatever
    /// is found: the work is the same.
    fn find(keys: &[Wanted], connection: &mut AnyConnection) -> Result<Vec<Result<Found, Error>>, Error> {
        let text = "SELECT keys.n AS n, \
             (SELECT count(*) FROM (SELECT 1 FROM failed_attempts WHERE scope = keys.share AND attempted_at > ? LIMIT ?) AS a) \
             AS tried, (SELECT id FROM service_requests WHERE tracking_code = keys.code) AS request, \
             (SELECT id FROM grievances WHERE tracking_code = keys.code) AS grievance FROM keys";
        let named: Vec<[String; 2]> = keys
            .iter()
            .map(|wanted| {
                let scope = wanted.share.as_ref().map_or("", |share| &share.scope);
                [wanted.code.clone(), scope.to_owned()]
            })
            .collect();
        // they came within the same few milliseconds
        let since = keys.iter().map(|wanted| wanted.since).min().unwrap_or_default();
        let limit = keys.iter().filter_map(most).max().unwrap_or(0);
        let values = [Value::from(stored_instant(since)), Value::from(limit)];
        let rows: Vec<Option<FoundRow>> = by_keys((["code", "share"], &named), (text, &values), connection)?;
        let mut requests: Vec<&str> = rows.iter().flatten().filter_map(|row| row.request.as_deref()).collect();
        requests.sort_unstable();
        requests.dedup();
        let requests = with_histories(&requests, connection)?;
        let found = rows.iter().zip(keys).map(|(row, wanted)| {
            let row = row
                .as_ref()
                .ok_or_else(|| Error::Corrupt("a look-up without an answer".into()))?;
            if most(wanted).is_some_and(|most| row.tried >= most) {
                return Ok(Found::Refused);
            }
            match (&row.request, &row.grievance) {
                (Some(request), _) => match requests.get(request) {
                    Some(Ok(found)) => Ok(Found::ServiceRequest(Box::new(found.clone()))),
                    Some(Err(error)) => Err(error.again()),
                    // it was purged between the two statements
                    None => Ok(Found::Nothing),
                },
                (None, Some(grievance)) => Ok(Found::Grievance(id(grievance)?)),
                (None, None) => Ok(Found::Nothing),
            }
        });
        Ok(found.collect())
    }

    fn waiting(gathered: &Gathered) -> &Waiting<Self> {
        &gathered.tracked
    }
}

/// How many attempts use up the share; none where nothing is counted.
fn most(wanted: &Wanted) -> Option<i64> {
    let share = wanted.share.as_ref()?;
    Some(i64::try_from(share.attempts).unwrap_or(i64::MAX))
}

/// The case of a tracking code, looked up together with others.
///
/// # Errors
/// As for [`Store::look_up`].
pub async fn find(wanted: Wanted, store: &Store) -> Result<Found, Error> {
    store.find::<Tracked>(wanted).await
}
