//! Statements in SQL that is written by hand. A connection prepares each text once and keeps it, where diesel's `sql_query`
//! is prepared anew each time: on PostgreSQL that is a way to the server and back.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::backend::Backend;
use diesel::expression::{ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, Date, HasSqlType, Text, Timestamp, Untyped};
use diesel::{AppearsOnTable, Expression, QueryResult, RunQueryDsl, SelectableExpression};

/// A statement; each `?` in its text stands for the next one of its values.
#[derive(Clone, Debug)]
pub(super) struct Sql {
    text: String,
    values: Vec<Value>,
}

/// A value of a statement.
#[derive(Clone, Debug)]
pub(super) enum Value {
    Text(String),
    Number(i64),
    Day(NaiveDate),
    Instant(NaiveDateTime),
}

macro_rules! values {
    ($($kind:ty => $value:ident),*) => {
        $(impl From<$kind> for Value {
            fn from(value: $kind) -> Self {
                Self::$value(value.into())
            }
        })*
    };
}
values!(String => Text, &str => Text, i64 => Number, NaiveDate => Day, NaiveDateTime => Instant);

/// A statement without values yet.
pub(super) fn sql(text: impl Into<String>) -> Sql {
    Sql {
        text: text.into(),
        values: Vec::new(),
    }
}

impl Sql {
    /// The value of the next `?`.
    pub(super) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }
}

impl<DB> QueryFragment<DB> for Sql
where
    DB: Backend + HasSqlType<Text> + HasSqlType<BigInt> + HasSqlType<Date> + HasSqlType<Timestamp>,
    String: ToSql<Text, DB>,
    i64: ToSql<BigInt, DB>,
    NaiveDate: ToSql<Date, DB>,
    NaiveDateTime: ToSql<Timestamp, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let mut values = self.values.iter();
        for (number, piece) in self.text.split('?').enumerate() {
            if number > 0 {
                match values.next() {
                    Some(Value::Text(text)) => out.push_bind_param::<Text, _>(text)?,
                    Some(Value::Number(number)) => out.push_bind_param::<BigInt, _>(number)?,
                    Some(Value::Day(day)) => out.push_bind_param::<Date, _>(day)?,
                    Some(Value::Instant(instant)) => out.push_bind_param::<Timestamp, _>(instant)?,
                    None => {
                        let words = format!("a statement without all of its values: {}", self.text);
                        return Err(diesel::result::Error::QueryBuilderError(words.into()));
                    }
                }
            }
            out.push_sql(piece);
        }
        Ok(())
    }
}

impl QueryId for Sql {
    type QueryId = ();

    // the text is what it is known by
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Sql {
    type SqlType = Untyped;
}

impl<Connection> RunQueryDsl<Connection> for Sql {}

/// A condition in SQL, for a statement of diesel's own.
#[derive(Clone, Debug)]
pub(super) struct Condition(pub(super) Sql);

impl<DB: Backend> QueryFragment<DB> for Condition
where
    Sql: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }
}

impl QueryId for Condition {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Expression for Condition {
    type SqlType = Bool;
}

impl<Table> AppearsOnTable<Table> for Condition {}

impl<Table> SelectableExpression<Table> for Condition {}

impl<GroupBy> ValidGrouping<GroupBy> for Condition {
    type IsAggregate = is_aggregate::Never;
}
