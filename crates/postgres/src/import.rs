//! Taking over everything that another engine holds, into an empty database.
//!
//! It is one transaction: whatever interrupts it, the database stays empty. What
//! was stored is read back inside it and must sum up to what was read there.

use std::pin::pin;

use bytes::BytesMut;
use tagua_store::export::{Cell, Kind, Sum, Summing, TABLES, Table};
use tagua_store::words::Searched;
use tagua_store::{Export, StoreError};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Row, Transaction};

use crate::error::{refused, store_error, unavailable};
use crate::store::{PostgresOptions, config};
use crate::{migrations, tls};

/// Batches read in advance.
const AHEAD: usize = 2;
/// Rows read back at once.
const READ_BACK: i32 = 100;

/// A table that was taken over: the same rows on both sides.
#[derive(Clone, Copy, Debug)]
pub struct Imported {
    /// Its name.
    pub table: &'static str,
    /// What was read in the other engine, and what this one answers.
    pub sum: Sum,
}

/// Takes over everything in `export`, which is given back, into the empty
/// database at `url`. `progress` hears of each table and of its rows so far.
///
/// # Errors
///
/// [`StoreError::Refused`] for a database with something in it,
/// [`StoreError::Corrupt`] where both sides do not hold the same in the end,
/// others as [`crate::PostgresStore::open`]. Whatever the error, nothing was
/// stored.
pub async fn import(
    url: &str,
    export: Export,
    progress: &mut (dyn FnMut(&'static str, u64) + Send),
) -> Result<(Vec<Imported>, Export), StoreError> {
    let config = config(url, &PostgresOptions::default())?;
    let (mut client, connection) = config
        .connect(tls::connector()?)
        .await
        .map_err(store_error)?;
    let driver = tokio::spawn(connection);
    let imported = import_with(&mut client, export, progress).await;
    drop(client);
    driver.abort();
    imported
}

async fn import_with(
    client: &mut Client,
    mut export: Export,
    progress: &mut (dyn FnMut(&'static str, u64) + Send),
) -> Result<(Vec<Imported>, Export), StoreError> {
    refuse_foreign(client).await?;
    migrations::migrate(client).await?;
    let transaction = client.transaction().await.map_err(store_error)?;
    begin(&transaction).await?;
    let mut imported = Vec::new();
    for table in TABLES {
        let read;
        (read, export) = copy(&transaction, table, export, progress).await?;
        let stored = sum(&transaction, table).await?;
        if stored != read {
            let what = format!(
                "table {}: {} rows were read and {} stored, or with another content",
                table.name, read.rows, stored.rows
            );
            return Err(StoreError::Corrupt { what });
        }
        imported.push(Imported {
            table: table.name,
            sum: stored,
        });
    }
    continue_numbers(&transaction).await?;
    // Plans are made without a picture of the tables otherwise.
    batch(&transaction, "ANALYZE").await?;
    transaction.commit().await.map_err(unavailable)?;
    Ok((imported, export))
}

/// Tables that are not Tagua's are somebody's.
async fn refuse_foreign(client: &Client) -> Result<(), StoreError> {
    let sql = "SELECT count(*) FROM pg_class
         WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
             AND to_regclass('schema_migration') IS NULL";
    let row = client.query_one(sql, &[]).await.map_err(store_error)?;
    match row.try_get(0).map_err(store_error)? {
        0_i64 => Ok(()),
        found => Err(refused(format!(
            "the database has {found} tables of another program: give one of its own"
        ))),
    }
}

/// Without limits of time, with the tables to itself, all of them empty.
async fn begin(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    batch(
        transaction,
        "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0",
    )
    .await?;
    for table in TABLES {
        let name = table.name;
        batch(
            transaction,
            &format!("LOCK TABLE \"{name}\" IN EXCLUSIVE MODE"),
        )
        .await?;
        let sql = format!("SELECT EXISTS (SELECT 1 FROM \"{name}\")");
        let row = transaction
            .query_one(&sql, &[])
            .await
            .map_err(store_error)?;
        if row.try_get(0).map_err(store_error)? {
            return Err(refused(format!(
                "table {name} has rows: everything goes into an empty database only"
            )));
        }
    }
    Ok(())
}

async fn batch(transaction: &Transaction<'_>, sql: &str) -> Result<(), StoreError> {
    transaction.batch_execute(sql).await.map_err(store_error)
}

type Rows = Vec<Vec<Cell>>;

/// Copies one table; answers what was read.
async fn copy(
    transaction: &Transaction<'_>,
    table: &'static Table,
    export: Export,
    progress: &mut (dyn FnMut(&'static str, u64) + Send),
) -> Result<(Sum, Export), StoreError> {
    let target = Target::of(transaction, table).await?;
    let (mut batches, reader) = read(table, export);
    let mut rows = 0;
    progress(table.name, rows);
    while let Some(batch) = batches.recv().await {
        rows += u64::try_from(batch.len()).unwrap_or(u64::MAX);
        target.store(transaction, &batch).await?;
        progress(table.name, rows);
    }
    let (sum, export) = reader.await.map_err(unavailable)?;
    Ok((sum?, export))
}

/// Ends with what was read.
type Reader = JoinHandle<(Result<Sum, StoreError>, Export)>;

/// Reads a table on a thread of its own, a few batches ahead.
fn read(table: &'static Table, export: Export) -> (mpsc::Receiver<Rows>, Reader) {
    let (sender, batches) = mpsc::channel(AHEAD);
    let reader = tokio::task::spawn_blocking(move || {
        let mut summing = Summing::default();
        let read = export.rows(table, &mut |rows| {
            rows.iter().for_each(|row| summing.row(row));
            sender.blocking_send(rows).is_ok()
        });
        (read.map(|()| summing.sum()), export)
    });
    (batches, reader)
}

/// Where rows go.
struct Target {
    table: &'static Table,
    sql: String,
    types: Vec<Type>,
}

impl Target {
    async fn of(transaction: &Transaction<'_>, table: &'static Table) -> Result<Self, StoreError> {
        let mut columns = names(table.columns.iter().map(|(name, _)| *name));
        if table.name == "document" {
            columns.push_str(", words");
        }
        let name = table.name;
        let select = format!("SELECT {columns} FROM \"{name}\" LIMIT 0");
        let statement = transaction.prepare(&select).await.map_err(store_error)?;
        Ok(Self {
            table,
            sql: format!("COPY \"{name}\" ({columns}) FROM STDIN BINARY"),
            types: statement
                .columns()
                .iter()
                .map(|column| column.type_().clone())
                .collect(),
        })
    }

    async fn store(
        &self,
        transaction: &Transaction<'_>,
        rows: &[Vec<Cell>],
    ) -> Result<(), StoreError> {
        let sink = transaction.copy_in(&self.sql).await.map_err(store_error)?;
        let mut writer = pin!(BinaryCopyInWriter::new(sink, &self.types));
        for row in rows {
            let mut fields: Vec<_> = row.iter().map(Field::Cell).collect();
            if self.table.name == "document" {
                fields.push(Field::Words(words(self.table, row)?));
            }
            let fields: Vec<&(dyn ToSql + Sync)> = fields
                .iter()
                .map(|field| field as &(dyn ToSql + Sync))
                .collect();
            writer.as_mut().write(&fields).await.map_err(store_error)?;
        }
        writer.finish().await.map_err(store_error).map(drop)
    }
}

/// The words that lists find a document by.
fn words(table: &Table, row: &[Cell]) -> Result<Vec<String>, StoreError> {
    let cell = |column: &str| table.place(column).and_then(|place| row.get(place));
    let missing = |column: &str| StoreError::Corrupt {
        what: format!("a document without {column}"),
    };
    let text = |column: &'static str| {
        cell(column)
            .and_then(Cell::text)
            .ok_or_else(|| missing(column))
    };
    let sequential = cell("sequential").and_then(Cell::integer);
    let sequential = sequential.and_then(|number| u32::try_from(number).ok());
    let searched = Searched {
        receiver_id: text("receiver_id")?,
        receiver_name: text("receiver_name")?,
        establishment: text("establishment")?,
        point: text("point")?,
        sequential: sequential.ok_or_else(|| missing("sequential"))?,
        external_id: cell("external_id").and_then(Cell::text),
    };
    Ok(searched.words())
}

/// A value on its way into a column.
#[derive(Debug)]
enum Field<'a> {
    Cell(&'a Cell),
    /// A `tsvector` without positions.
    Words(Vec<String>),
}

type Failed = Box<dyn std::error::Error + Sync + Send>;

impl ToSql for Field<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failed> {
        match self {
            Self::Words(words) => write_words(words, out),
            Self::Cell(Cell::Null) => Ok(IsNull::Yes),
            Self::Cell(Cell::Text(text)) => text.to_sql(ty, out),
            Self::Cell(Cell::Bytes(bytes)) => bytes.to_sql(ty, out),
            Self::Cell(Cell::Integer(number)) => match *ty {
                Type::INT2 => i16::try_from(*number)?.to_sql(ty, out),
                Type::INT4 => i32::try_from(*number)?.to_sql(ty, out),
                Type::BOOL => (*number != 0).to_sql(ty, out),
                _ => number.to_sql(ty, out),
            },
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// The binary form of `tsvector` (src/backend/utils/adt/tsvector.c,
/// `tsvectorrecv`): how many; for each its text, a zero, and no positions.
fn write_words(words: &[String], out: &mut BytesMut) -> Result<IsNull, Failed> {
    out.extend_from_slice(&u32::try_from(words.len())?.to_be_bytes());
    for word in words {
        out.extend_from_slice(word.as_bytes());
        out.extend_from_slice(&[0, 0, 0]);
    }
    Ok(IsNull::No)
}

/// What a table holds, read row by row in the order of its key. Texts are in
/// the order of their bytes, as everywhere.
async fn sum(transaction: &Transaction<'_>, table: &Table) -> Result<Sum, StoreError> {
    let column = |(name, kind): &(&str, Kind)| match kind {
        Kind::Integer => format!("\"{name}\"::bigint"),
        _ => format!("\"{name}\""),
    };
    let columns: Vec<_> = table.columns.iter().map(column).collect();
    let key = |name: &&str| match table.kind(name) {
        Some(Kind::Text) => format!("\"{name}\" COLLATE \"C\""),
        _ => format!("\"{name}\""),
    };
    let key: Vec<_> = table.key.iter().map(key).collect();
    let sql = format!(
        "SELECT {} FROM \"{}\" ORDER BY {}",
        columns.join(", "),
        table.name,
        key.join(", ")
    );
    let statement = transaction.prepare(&sql).await.map_err(store_error)?;
    let portal = transaction
        .bind(&statement, &[])
        .await
        .map_err(store_error)?;
    let mut summing = Summing::default();
    loop {
        let rows = transaction
            .query_portal(&portal, READ_BACK)
            .await
            .map_err(store_error)?;
        if rows.is_empty() {
            return Ok(summing.sum());
        }
        for row in &rows {
            summing.row(&cells(table, row)?);
        }
    }
}

fn cells(table: &Table, row: &Row) -> Result<Vec<Cell>, StoreError> {
    let columns = table.columns.iter().enumerate();
    let cell = |(place, (_, kind)): (usize, &(&str, Kind))| {
        let cell = match kind {
            Kind::Integer => row
                .try_get(place)
                .map(|number: Option<_>| number.map(Cell::Integer)),
            Kind::Flag => row
                .try_get(place)
                .map(|flag: Option<bool>| flag.map(|flag| Cell::Integer(flag.into()))),
            Kind::Text => row
                .try_get(place)
                .map(|text: Option<_>| text.map(Cell::Text)),
            Kind::Bytes => row
                .try_get(place)
                .map(|bytes: Option<_>| bytes.map(Cell::Bytes)),
        };
        cell.map(|cell| cell.unwrap_or(Cell::Null))
            .map_err(store_error)
    };
    columns.map(cell).collect()
}

/// What the engine numbers itself goes on after what was taken over.
async fn continue_numbers(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    let go_on = |sequence: &str, table: &str, column: &str| {
        format!(
            "SELECT setval({sequence}, coalesce(max(\"{column}\"), 1), count(*) > 0)
             FROM \"{table}\""
        )
    };
    batch(
        transaction,
        &go_on("'document_number'", "document", "document_id"),
    )
    .await?;
    for table in TABLES {
        if let Some(column) = table.numbered {
            let sequence = format!("pg_get_serial_sequence('{}', '{column}')", table.name);
            batch(transaction, &go_on(&sequence, table.name, column)).await?;
        }
    }
    Ok(())
}

fn names<'a>(columns: impl Iterator<Item = &'a str>) -> String {
    let quoted: Vec<_> = columns.map(|name| format!("\"{name}\"")).collect();
    quoted.join(", ")
}
