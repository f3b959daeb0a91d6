//! Pages: lists in the order of first publication, continued behind the last entry that was seen.

use super::connection::AnyConnection;
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
    postgres: bool,
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
        if patterns.is_empty() {
            return self;
        }
        let table = self.table;
        if self.postgres {
            for pattern in patterns {
                self = self.with(format!("{table}.search LIKE ?"), search::like(pattern));
            }
            self
        } else {
            let index = format!("{table}_search");
            self.key = format!("{index}.rowid");
            self.joins
                .push_str(&format!(" JOIN {index} ON {index}.rowid = {table}.seq"));
            self.with(format!("{index}.search MATCH ?"), search::fts5(patterns))
        }
    }

    /// The statement for the keys of the page, as the column `seq`, perhaps with another column of the table beside them; and
    /// its values. It finds one row more than asked for, which tells whether there is a next page.
    pub(super) fn statement(mut self, page: PageRequest, beside: Option<&str>) -> (String, Vec<Value>) {
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
        self = match self.order {
            Order::Oldest => self.with(format!("{key} > ?"), page.after),
            // the first page
            Order::Newest | Order::Urgent if page.after == 0 => self,
            Order::Newest => self.with(format!("{key} < ?"), page.after),
            Order::Urgent => {
                self.values.push(Value::from(page.after >> SEQ_BITS));
                let seq = page.after & ((1 << SEQ_BITS) - 1);
                self.with(format!("({urgency}, {key}) > (?, ?)"), seq)
            }
        };
        self.values.push(Value::from(page.limit + 1));
        let beside = beside.map_or_else(String::new, |column| format!(", {}.{column} AS {column}", self.table));
        let text = format!(
            "SELECT {selected} AS seq{beside} FROM {}{} WHERE {} ORDER BY {order} LIMIT ?",
            self.table,
            self.joins,
            self.conditions.join(" AND "),
        );
        (text, self.values)
    }

    /// The condition that a row of the table is on the page, or the first one behind it: for statements that read the rows
    /// along with their keys.
    pub(super) fn filter(self, page: PageRequest) -> Condition {
        let (table, key) = (self.table, self.key.clone());
        let (keys, values) = self.statement(page, None);
        // the order's own column may be made of two
        let (_, from) = keys.split_once(" AS seq FROM ").unwrap_or_default();
        let text = format!("{table}.seq IN (SELECT {key} FROM {from})");
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
        let (selection, page) = ($selection, $page);
        let order = selection.order();
        let rows: ::std::result::Result<::std::vec::Vec<(i64, $row)>, _> = $crate::store::connection::directly!(
            load: $table::table
                .filter(selection.filter(page))
                .select(($table::seq, <$row>::as_select())),
            $connection
        );
        let urgency = $urgency;
        rows.map(|rows| order.page(rows, page.limit, |(seq, row)| (urgency(row), *seq)).map(|(_, row)| row))
    }};
}
pub(super) use page_of_rows;
