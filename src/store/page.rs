//! Pages: lists in the order of first publication, continued behind the last entry that was seen.

use chrono::NaiveDate;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Date, Text};
use diesel::{RunQueryDsl, sql_query};

use super::connection::{AnyConnection, Backend};
use super::error::Error;
use super::search;

/// Which part of a list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// The `seq` behind which the page begins; 0 for the first page.
    pub after: i64,
    /// How many entries at most.
    pub limit: i64,
}

/// A part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The entries.
    pub items: Vec<T>,
    /// The `seq` behind which the next page begins; absent on the last page.
    pub next: Option<i64>,
}

impl<T> Page<T> {
    /// A page of rows of which one more than asked for was read: that one tells whether there is a next page.
    pub(super) fn cut(mut rows: Vec<T>, limit: i64, key: impl Fn(&T) -> i64) -> Self {
        let limit = usize::try_from(limit).unwrap_or(0);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(key) } else { None };
        Self { items: rows, next }
    }

    /// The page with each entry made of its row.
    pub(super) fn try_map<U>(self, read: impl Fn(T) -> Result<U, Error>) -> Result<Page<U>, Error> {
        Ok(Page {
            items: self.items.into_iter().map(read).collect::<Result<_, _>>()?,
            next: self.next,
        })
    }
}

/// In which order a list comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// The first one first.
    #[default]
    Oldest,
    /// The last one first.
    Newest,
    /// By the column `urgency`, and within it the first one first.
    Urgent,
}

/// How many bits of a key of [`Order::Urgent`] are the `seq`; the urgency stands above them.
const SEQ_BITS: u32 = 40;

/// The keys of a page, before its rows are read.
pub(super) struct Keys {
    pub(super) seqs: Vec<i64>,
    pub(super) next: Option<i64>,
}

#[derive(QueryableByName)]
struct Key {
    #[diesel(sql_type = BigInt)]
    seq: i64,
}

enum Bind {
    Text(String),
    Number(i64),
    Day(NaiveDate),
}

/// A query for the keys of a page. Every condition that is added has an index that begins with its column and ends with
/// `seq`, so that a page costs its own length, whatever the length of the list.
pub(super) struct Selection {
    table: &'static str,
    /// The column that holds the order: `seq`, or its copy in the index table that leads the query.
    key: String,
    joins: String,
    conditions: Vec<String>,
    binds: Vec<Bind>,
    order: Order,
    /// Whether so few rows are left that they are put in order only once they are found.
    few: bool,
    postgres: bool,
}

impl Selection {
    pub(super) fn of(table: &'static str, connection: &AnyConnection) -> Self {
        Self {
            table,
            key: format!("{table}.seq"),
            joins: String::new(),
            conditions: Vec::new(),
            binds: Vec::new(),
            order: Order::Oldest,
            few: false,
            postgres: matches!(connection, AnyConnection::Postgres(_)),
        }
    }

    /// Binds a value; gives its placeholder, which has to be used at once and once.
    fn bind(&mut self, bind: Bind) -> String {
        self.binds.push(bind);
        if self.postgres {
            format!("${}", self.binds.len())
        } else {
            "?".into()
        }
    }

    /// Only rows with this value in a column, where a value is given.
    pub(super) fn equal(mut self, column: &str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            let place = self.bind(Bind::Text(value.to_owned()));
            self.conditions.push(format!("{}.{column} = {place}", self.table));
        }
        self
    }

    /// Only rows with this value in any of some columns, where a value is given.
    pub(super) fn any_equal<const N: usize>(mut self, columns: [&str; N], value: Option<&str>) -> Self {
        if let Some(value) = value {
            let any = columns.map(|column| {
                let place = self.bind(Bind::Text(value.to_owned()));
                format!("{}.{column} = {place}", self.table)
            });
            self.conditions.push(format!("({})", any.join(" OR ")));
        }
        self
    }

    /// Only rows with this number in a column, where a number is given.
    pub(super) fn equal_number(self, column: &str, number: Option<i64>) -> Self {
        self.compared(column, "=", number)
    }

    /// Only rows with this day or an earlier one in a column, where a day is given. They are few: they are found by that day, and
    /// put in order then.
    pub(super) fn until(mut self, column: &str, day: Option<NaiveDate>) -> Self {
        if let Some(day) = day {
            let place = self.bind(Bind::Day(day));
            self.conditions.push(format!("{}.{column} <= {place}", self.table));
            self.few = true;
        }
        self
    }

    /// Only rows with this number or a greater one in a column, where a number is given.
    pub(super) fn at_least(self, column: &str, number: Option<i64>) -> Self {
        self.compared(column, ">=", number)
    }

    /// Only rows with this number or a smaller one in a column, where a number is given.
    pub(super) fn at_most(self, column: &str, number: Option<i64>) -> Self {
        self.compared(column, "<=", number)
    }

    fn compared(mut self, column: &str, operator: &str, number: Option<i64>) -> Self {
        if let Some(number) = number {
            let place = self.bind(Bind::Number(number));
            self.conditions
                .push(format!("{}.{column} {operator} {place}", self.table));
        }
        self
    }

    /// In this order.
    pub(super) const fn in_order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// Only rows for which a condition without values holds.
    pub(super) fn only(mut self, condition: &str) -> Self {
        self.conditions.push(condition.to_owned());
        self
    }

    /// Only rows that an index table lists under a value, where a value is given.
    pub(super) fn listed(mut self, index: &str, column: &str, seq: &str, value: Option<&str>) -> Self {
        if let Some(value) = value {
            self.key = format!("{index}.{seq}");
            self.joins
                .push_str(&format!(" JOIN {index} ON {index}.{seq} = {}.seq", self.table));
            let place = self.bind(Bind::Text(value.to_owned()));
            self.conditions.push(format!("{index}.{column} = {place}"));
        }
        self
    }

    /// Only rows whose words match all patterns of [`crate::domain::bangla::search_patterns`].
    pub(super) fn matching(mut self, patterns: &[String]) -> Self {
        if patterns.is_empty() {
            return self;
        }
        let table = self.table;
        if self.postgres {
            for pattern in patterns {
                let place = self.bind(Bind::Text(search::like(pattern)));
                self.conditions.push(format!("{table}.search LIKE {place}"));
            }
        } else {
            let index = format!("{table}_search");
            self.key = format!("{index}.rowid");
            self.joins
                .push_str(&format!(" JOIN {index} ON {index}.rowid = {table}.seq"));
            let place = self.bind(Bind::Text(search::fts5(patterns)));
            self.conditions.push(format!("{index}.search MATCH {place}"));
        }
        self
    }

    /// The keys of the page, and where the next one begins.
    pub(super) fn keys(mut self, page: PageRequest, connection: &mut AnyConnection) -> Result<Keys, Error> {
        // a sign in front of it keeps the planners from walking the whole list in its order
        let key = format!("{}{}", if self.few { "+" } else { "" }, self.key);
        let urgency = format!("{}.urgency", self.table);
        let (selected, order) = match self.order {
            Order::Oldest => (key.clone(), key.clone()),
            Order::Newest => (key.clone(), format!("{key} DESC")),
            Order::Urgent => (
                format!("{urgency} * {} + {key}", 1_i64 << SEQ_BITS),
                format!("{urgency}, {key}"),
            ),
        };
        match self.order {
            Order::Oldest => {
                let after = self.bind(Bind::Number(page.after));
                self.conditions.push(format!("{key} > {after}"));
            }
            // the first page
            Order::Newest | Order::Urgent if page.after == 0 => {}
            Order::Newest => {
                let before = self.bind(Bind::Number(page.after));
                self.conditions.push(format!("{key} < {before}"));
            }
            Order::Urgent => {
                let after_urgency = self.bind(Bind::Number(page.after >> SEQ_BITS));
                let after_seq = self.bind(Bind::Number(page.after & ((1 << SEQ_BITS) - 1)));
                self.conditions
                    .push(format!("({urgency}, {key}) > ({after_urgency}, {after_seq})"));
            }
        }
        // one row more than asked for tells whether there is a next page
        let limit = self.bind(Bind::Number(page.limit + 1));
        let sql = format!(
            "SELECT {selected} AS seq FROM {}{} WHERE {} ORDER BY {order} LIMIT {limit}",
            self.table,
            self.joins,
            self.conditions.join(" AND "),
        );
        let mut query = sql_query(sql).into_boxed::<Backend>();
        for bind in self.binds {
            query = match bind {
                Bind::Text(text) => query.bind::<Text, _>(text),
                Bind::Number(number) => query.bind::<BigInt, _>(number),
                Bind::Day(day) => query.bind::<Date, _>(day),
            };
        }
        let rows: Vec<Key> = query.load(connection)?;
        let page = Page::cut(rows, page.limit, |row| row.seq);
        let seq_of = |row: Key| match self.order {
            Order::Oldest | Order::Newest => row.seq,
            Order::Urgent => row.seq & ((1 << SEQ_BITS) - 1),
        };
        Ok(Keys {
            seqs: page.items.into_iter().map(seq_of).collect(),
            next: page.next,
        })
    }
}
