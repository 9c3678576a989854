//! Numbered SQL files, each applied once in a transaction of its own under a
//! lock that keeps other nodes waiting, and remembered with the SHA-256 of its text.

use aws_lc_rs::digest::{SHA256, digest};
use tagua_store::StoreError;
use tokio_postgres::{Client, Transaction};

use crate::error::store_error;

/// In the order of their numbers, which count from 1 without gaps. A file that
/// was released is never edited: the next change is another file.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_documents.sql"),
    include_str!("migrations/0002_turns.sql"),
];

/// Names the lock: "tagua" in ASCII.
const LOCK: i64 = 0x74_61_67_75_61;

/// Brings the database to the newest schema. Touches nothing when the database
/// is newer than this program or an applied file is not the one known here.
pub(crate) async fn migrate(client: &mut Client) -> Result<(), StoreError> {
    migrate_with(client, MIGRATIONS).await
}

async fn migrate_with(client: &mut Client, migrations: &[&str]) -> Result<(), StoreError> {
    loop {
        let transaction = client.transaction().await.map_err(store_error)?;
        // Held until the end of the transaction.
        let sql = "SELECT pg_advisory_xact_lock($1)";
        transaction
            .execute(sql, &[&LOCK])
            .await
            .map_err(store_error)?;
        let applied = applied(&transaction).await?;
        check(&applied, migrations)?;
        let Some(sql) = migrations.get(applied.len()) else {
            return transaction.commit().await.map_err(store_error);
        };
        let number = number(applied.len() + 1);
        apply(&transaction, number, sql).await?;
        transaction.commit().await.map_err(store_error)?;
        tracing::info!(number, "schema migration applied");
    }
}

fn check(applied: &[Vec<u8>], migrations: &[&str]) -> Result<(), StoreError> {
    if applied.len() > migrations.len() {
        return Err(StoreError::Newer {
            found: number(applied.len()),
            known: number(migrations.len()),
        });
    }
    for (index, (found, sql)) in applied.iter().zip(migrations).enumerate() {
        if *found != checksum(sql) {
            let what = format!("migration {} is not the one applied here", index + 1);
            return Err(StoreError::Corrupt { what });
        }
    }
    Ok(())
}

/// The checksums of what was applied, in order.
async fn applied(transaction: &Transaction<'_>) -> Result<Vec<Vec<u8>>, StoreError> {
    let create = "CREATE TABLE IF NOT EXISTS schema_migration (
             number   INTEGER PRIMARY KEY,
             checksum BYTEA NOT NULL
         )";
    transaction
        .batch_execute(create)
        .await
        .map_err(store_error)?;
    let sql = "SELECT checksum FROM schema_migration ORDER BY number";
    let rows = transaction.query(sql, &[]).await.map_err(store_error)?;
    rows.iter()
        .map(|row| row.try_get(0).map_err(store_error))
        .collect()
}

async fn apply(transaction: &Transaction<'_>, number: u32, sql: &str) -> Result<(), StoreError> {
    transaction.batch_execute(sql).await.map_err(store_error)?;
    let sum = checksum(sql);
    let remember = "INSERT INTO schema_migration (number, checksum) VALUES ($1, $2)";
    let number = i32::try_from(number).unwrap_or(i32::MAX);
    let remembered = transaction.execute(remember, &[&number, &sum]).await;
    remembered.map_err(store_error).map(drop)
}

fn checksum(sql: &str) -> Vec<u8> {
    digest(&SHA256, sql.as_bytes()).as_ref().to_vec()
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
