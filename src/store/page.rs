//! Pages: lists in the order of first publication, continued behind the last entry that was seen.

use diesel::RunQueryDsl;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::BigInt;

use super::connection::AnyConnection;
use super::error::Error;
use super::search;
use super::statement::{Condition, Sql, Value, sql};
use chrono::NaiveDate;

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

    /// The page with each entry made of another one.
    pub fn map<U>(self, make: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(make).collect(),
            next: self.next,
        }
    }

    /// The same where the making may fail.
    ///
    /// # Errors
    /// Those of the making.
    pub fn try_map<U, E>(self, read: impl Fn(T) -> Result<U, E>) -> Result<Page<U>, E> {
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

impl Order {
    /// The page of rows that were read in no order, one more than asked for: that one tells whether there is a next page.
    /// `place` gives the urgency and the `seq` of each.
    pub(super) fn page<T>(self, mut rows: Vec<T>, limit: i64, place: impl Fn(&T) -> (i32, i64)) -> Page<T> {
        rows.sort_unstable_by_key(|row| match (self, place(row)) {
            (Self::Oldest, (_, seq)) => (0, seq),
            (Self::Newest, (_, seq)) => (0, -seq),
            (Self::Urgent, place) => place,
        });
        Page::cut(rows, limit, |row| match (self, place(row)) {
            (Self::Oldest | Self::Newest, (_, seq)) => seq,
            (Self::Urgent, (urgency, seq)) => (i64::from(urgency) << SEQ_BITS) + seq,
        })
    }
}

/// How many bits of a key of [`Order::Urgent`] are the `seq`; the urgency stands above them.
const SEQ_BITS: u32 = 40;

/// A query for the keys of a page. Every condition that is added has an index that begins with its column and ends with
/// `seq`, so that a page costs its own length, whatever the length of the list.
#[derive(Clone)]
pub(super) struct Selection {
    table: &'static str,
    /// The column that holds the order: `seq`, or its copy in the index table that leads the query.
    key: String,
    joins: String,
    conditions: Vec<String>,
    values: Vec<Value>,
    order: Order,
    /// Whether so few rows are left that they are put in order only once they are found.
    few: bool,
    /// What the words of the rows are to match.
    patterns: Vec<String>,
    /// Where they say how words begin: in whose list they are looked for.
    within: Option<search::Within>,
    /// Whether they are looked for among the next entries of the list only.
    nearby: bool,
    postgres: bool,
}

/// How many entries of a list are nearby.
const NEARBY: usize = 100;

/// An entry that is further off.
#[derive(QueryableByName)]
struct Further {
    #[diesel(sql_type = BigInt)]
    #[expect(dead_code, reason = "that it is there is what is asked for")]
    seq: i64,
}

impl Selection {
    pub(super) fn of(table: &'static str, connection: &AnyConnection) -> Self {
        Self {
            table,
            key: format!("{table}.seq"),
            joins: String::new(),
            conditions: Vec::new(),
            values: Vec::new(),
            order: Order::Oldest,
            few: false,
            patterns: Vec::new(),
            within: None,
            nearby: false,
            postgres: matches!(connection, AnyConnection::Postgres(_)),
        }
    }

    /// Adds a condition with a value.
    fn with(mut self, condition: String, value: impl Into<Value>) -> Self {
        self.conditions.push(condition);
        self.values.push(value.into());
        self
    }

    /// Only rows with this value in a column, where a value is given.
    pub(super) fn equal(self, column: &str, value: Option<&str>) -> Self {
        let Some(value) = value else {
            return self;
        };
        let condition = format!("{}.{column} = ?", self.table);
        self.with(condition, value)
    }

    /// Only rows with this value in any of some columns, where a value is given.
    pub(super) fn any_equal<const N: usize>(mut self, columns: [&str; N], value: Option<&str>) -> Self {
        if let Some(value) = value {
            let any = columns.map(|column| format!("{}.{column} = ?", self.table));
            self.conditions.push(format!("({})", any.join(" OR ")));
            self.values.extend(columns.map(|_| Value::from(value)));
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
        let Some(day) = day else {
            return self;
        };
        self.few = true;
        let condition = format!("{}.{column} <= ?", self.table);
        self.with(condition, day)
    }

    /// Only rows with this number or a greater one in a column, where a number is given.
    pub(super) fn at_least(self, column: &str, number: Option<i64>) -> Self {
        self.compared(column, ">=", number)
    }

    /// Only rows with this number or a smaller one in a column, where a number is given.
    pub(super) fn at_most(self, column: &str, number: Option<i64>) -> Self {
        self.compared(column, "<=", number)
    }

    fn compared(self, column: &str, operator: &str, number: Option<i64>) -> Self {
        let Some(number) = number else {
            return self;
        };
        let condition = format!("{}.{column} {operator} ?", self.table);
        self.with(condition, number)
    }

    /// The order it comes in.
    pub(super) const fn order(&self) -> Order {
        self.order
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
        let Some(value) = value else {
            return self;
        };
        self.key = format!("{index}.{seq}");
        self.joins
            .push_str(&format!(" JOIN {index} ON {index}.{seq} = {}.seq", self.table));
        self.with(format!("{index}.{column} = ?"), value)
    }

    /// Only rows whose words match all patterns of [`crate::domain::bangla::search_patterns`].
    pub(super) fn matching(mut self, patterns: &[String]) -> Self {
        self.patterns = patterns.to_vec();
        self
    }

    /// Only rows that have words beginning as all patterns of [`crate::domain::bangla::beginning_patterns`] say, in a list that
    /// has been narrowed to an office as is said.
    pub(super) fn beginning(mut self, patterns: &[String], within: search::Within) -> Self {
        self.within = Some(within);
        self.matching(patterns)
    }

    /// The page that a statement of this selection reads. What is searched for is looked for among the next entries of the list
    /// first: a word that many have is found there at once, where an index would have to look at all of them. Only what is
    /// rarer is looked for in the index.
    pub(super) fn read<T>(
        self,
        page: PageRequest,
        connection: &mut AnyConnection,
        read: impl Fn(Self, &mut AnyConnection) -> Result<Page<T>, Error>,
    ) -> Result<Page<T>, Error> {
        if self.patterns.is_empty() {
            return read(self, connection);
        }
        let nearby = Self {
            nearby: true,
            ..self.clone()
        };
        let found = read(nearby, connection)?;
        if found.next.is_some() || self.ends_nearby(page, connection)? {
            return Ok(found);
        }
        read(self, connection)
    }

    /// Whether the list has no entry that is further off.
    fn ends_nearby(&self, page: PageRequest, connection: &mut AnyConnection) -> Result<bool, Error> {
        let all = Self {
            patterns: Vec::new(),
            ..self.clone()
        };
        let (text, mut values) = all.statement(page, None);
        values.pop();
        let text = text.replace("LIMIT ?", &format!("LIMIT 1 OFFSET {NEARBY}"));
        let further: Vec<Further> = values.into_iter().fold(sql(text), Sql::bind).load(connection)?;
        Ok(further.is_empty())
    }

    /// The same with the patterns as conditions, which the indexes of words answer.
    fn indexed(mut self) -> Self {
        let patterns = std::mem::take(&mut self.patterns);
        if patterns.is_empty() {
            return self;
        }
        let table = self.table;
        if let (true, Some(within)) = (self.postgres, self.within.take()) {
            self.few = true;
            // the planner takes the words for less rare than they are, and would look at the whole office as well
            let by_office = format!("{table}.{} = ?", within.column);
            for condition in self.conditions.iter_mut().filter(|condition| **condition == by_office) {
                *condition = format!("{table}.{} || '' = ?", within.column);
            }
            let found = format!("search_words({table}.search, {}) @@ CAST(? AS TSQUERY)", within.offices);
            self.with(found, search::tsquery(&patterns, &within.office))
        } else if self.postgres {
            for pattern in patterns {
                self = self.with(format!("{table}.search LIKE ?"), search::like(&pattern));
            }
            // they are rare: found by their words, and put in order then
            self.few = true;
            self
        } else {
            let index = format!("{table}_search");
            self.key = format!("{index}.rowid");
            self.joins
                .push_str(&format!(" JOIN {index} ON {index}.rowid = {table}.seq"));
            let query = if self.within.is_some() {
                search::fts5_beginnings(&patterns)
            } else {
                search::fts5(&patterns)
            };
            self.with(format!("{index} MATCH ?"), query)
        }
    }

    /// The statement for the keys of the page, as the column `seq`, perhaps with another column of the table beside them; and
    /// its values. It finds one row more than asked for, which tells whether there is a next page.
    pub(super) fn statement(self, page: PageRequest, beside: Option<&str>) -> (String, Vec<Value>) {
        let beside = beside.map_or_else(String::new, |column| format!(", {}.{column} AS {column}", self.table));
        let mut this = if self.nearby { self } else { self.indexed() };
        let patterns = std::mem::take(&mut this.patterns);
        // a sign in front of it keeps the planners from walking the whole list in its order
        let key = format!("{}{}", if this.few { "+" } else { "" }, this.key);
        let urgency = format!("{}.urgency", this.table);
        let order = match this.order {
            Order::Oldest => key.clone(),
            Order::Newest => format!("{key} DESC"),
            Order::Urgent => format!("{urgency}, {key}"),
        };
        this = match this.order {
            Order::Oldest => this.with(format!("{key} > ?"), page.after),
            // the first page
            Order::Newest | Order::Urgent if page.after == 0 => this,
            Order::Newest => this.with(format!("{key} < ?"), page.after),
            Order::Urgent => {
                this.values.push(Value::from(page.after >> SEQ_BITS));
                let seq = page.after & ((1 << SEQ_BITS) - 1);
                this.with(format!("({urgency}, {key}) > (?, ?)"), seq)
            }
        };
        let from = format!("{}{} WHERE {}", this.table, this.joins, this.conditions.join(" AND "));
        let text = if patterns.is_empty() {
            format!("SELECT {key} AS seq{beside} FROM {from} ORDER BY {order} LIMIT ?")
        } else {
            // the entries nearby under the name of their table, with what is made of their columns here
            let table = this.table;
            let place = if this.postgres { "strpos" } else { "instr" };
            let found = vec![format!("{place}({table}.search, ?) > 0"); patterns.len()].join(" AND ");
            this.values.extend(patterns.into_iter().map(Value::from));
            let entries = format!("SELECT {table}.* FROM {from} ORDER BY {order} LIMIT {NEARBY}");
            let (key, order) = (
                format!("{table}.seq"),
                order.replace(&this.key, &format!("{table}.seq")),
            );
            format!("SELECT {key} AS seq{beside} FROM ({entries}) AS {table} WHERE {found} ORDER BY {order} LIMIT ?")
        };
        this.values.push(Value::from(page.limit + 1));
        (text, this.values)
    }

    /// The condition that a row of the table is on the page, or the first one behind it: for statements that read the rows
    /// along with their keys.
    pub(super) fn filter(self, page: PageRequest) -> Condition {
        let table = self.table;
        let (keys, values) = self.statement(page, None);
        let text = format!("{table}.seq IN ({keys})");
        Condition(values.into_iter().fold(sql(text), Sql::bind))
    }
}

/// The page of a table's rows that a selection says, read by one statement. Where the order may be [`Order::Urgent`], the
/// urgency of a row is given.
macro_rules! page_of_rows {
    ($table:ident => $row:ty, $selection:expr, $page:expr, $connection:expr) => {
        $crate::store::page::page_of_rows!($table => $row, $selection, $page, |_: &$row| 0, $connection)
    };
    ($table:ident => $row:ty, $selection:expr, $page:expr, $urgency:expr, $connection:expr) => {{
        let (urgency, page) = ($urgency, $page);
        $selection.read(page, $connection, |selection, connection| {
            let order = selection.order();
            let rows: ::std::vec::Vec<(i64, $row)> = $crate::store::connection::directly!(
                load: $table::table
                    .filter(selection.filter(page))
                    .select(($table::seq, <$row>::as_select())),
                connection
            )?;
            let page = order.page(rows, page.limit, |(seq, row)| (urgency(row), *seq));
            Ok::<_, $crate::store::Error>(page.map(|(_, row)| row))
        })
    }};
}
pub(super) use page_of_rows;
