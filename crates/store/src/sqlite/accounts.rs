//! Accounts, API keys, issuers and certificates.

use rusqlite::{Connection, params};
use tagua_fiscal::Ruc;

use super::rows::{self, execute, many, one};
use crate::{
    Account, AccountId, Certificate, Issuer, IssuerId, NewAccount, NewCertificate, NewIssuer,
    StoreError, UnixMillis,
};

pub(super) fn create(connection: &Connection, new: &NewAccount) -> Result<Account, StoreError> {
    execute(
        connection,
        "INSERT INTO account (name, sandbox, created_at) VALUES (?1, ?2, ?3)",
        params![new.name, new.sandbox, new.at.0],
    )?;
    Ok(Account {
        id: AccountId(connection.last_insert_rowid()),
        name: new.name.clone(),
        sandbox: new.sandbox,
    })
}

pub(super) fn all(connection: &Connection) -> Result<Vec<Account>, StoreError> {
    let sql = "SELECT account_id, name, sandbox FROM account ORDER BY account_id";
    many(connection, sql, [], rows::account)
}

pub(super) fn add_key(
    connection: &Connection,
    account: AccountId,
    sha256: [u8; 32],
    at: UnixMillis,
) -> Result<(), StoreError> {
    execute(
        connection,
        "INSERT INTO api_key (sha256, account, created_at) VALUES (?1, ?2, ?3)
         ON CONFLICT DO NOTHING",
        params![sha256, account.0, at.0],
    )?;
    match by_key(connection, sha256)? {
        Some(owner) if owner.id == account => Ok(()),
        _ => Err(refused("the key belongs to another account")),
    }
}

pub(super) fn by_key(
    connection: &Connection,
    sha256: [u8; 32],
) -> Result<Option<Account>, StoreError> {
    let sql = "SELECT account_id, name, sandbox FROM api_key
         JOIN account ON account.account_id = api_key.account WHERE sha256 = ?1";
    one(connection, sql, [sha256], rows::account)
}

pub(super) fn put_issuer(connection: &Connection, new: &NewIssuer) -> Result<Issuer, StoreError> {
    execute(
        connection,
        "INSERT INTO issuer (account, ruc, code_secret, created_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO NOTHING",
        params![new.account.0, new.ruc.as_str(), new.code_secret, new.at.0],
    )?;
    issuer(connection, new.account, new.ruc)?
        .ok_or_else(|| refused("the issuer is not there after it was put"))
}

pub(super) fn issuer(
    connection: &Connection,
    account: AccountId,
    ruc: Ruc,
) -> Result<Option<Issuer>, StoreError> {
    let sql = "SELECT issuer_id, account, ruc, code_secret, settings FROM issuer
         WHERE account = ?1 AND ruc = ?2";
    one(
        connection,
        sql,
        params![account.0, ruc.as_str()],
        rows::issuer,
    )
}

pub(super) fn issuers(
    connection: &Connection,
    account: AccountId,
) -> Result<Vec<Issuer>, StoreError> {
    let sql = "SELECT issuer_id, account, ruc, code_secret, settings FROM issuer
         WHERE account = ?1 ORDER BY issuer_id";
    many(connection, sql, [account.0], rows::issuer)
}

pub(super) fn set_settings(
    connection: &Connection,
    account: AccountId,
    issuer: IssuerId,
    settings: &str,
) -> Result<(), StoreError> {
    let sql = "UPDATE issuer SET settings = ?3 WHERE issuer_id = ?1 AND account = ?2";
    match execute(connection, sql, params![issuer.0, account.0, settings])? {
        0 => Err(refused("the account has no such issuer")),
        _ => Ok(()),
    }
}

pub(super) fn add_certificate(
    connection: &Connection,
    account: AccountId,
    new: &NewCertificate,
) -> Result<Certificate, StoreError> {
    execute(
        connection,
        "INSERT INTO certificate (issuer, sha256, p12, sandbox, not_after, created_at)
         SELECT issuer_id, ?3, ?4, ?5, ?6, ?7 FROM issuer WHERE issuer_id = ?2 AND account = ?1
         ON CONFLICT DO NOTHING",
        params![
            account.0,
            new.issuer.0,
            new.sha256,
            new.p12,
            new.sandbox,
            new.not_after.map(|at| at.0),
            new.at.0,
        ],
    )?;
    let sql = "SELECT certificate_id, issuer, p12, sha256, certificate.sandbox, not_after
         FROM certificate JOIN issuer ON issuer.issuer_id = certificate.issuer
         WHERE issuer.account = ?1 AND certificate.issuer = ?2 AND sha256 = ?3";
    let key = params![account.0, new.issuer.0, new.sha256];
    one(connection, sql, key, rows::certificate)?
        .ok_or_else(|| refused("the account has no such issuer"))
}

pub(super) fn certificates(
    connection: &Connection,
    account: AccountId,
    issuer: IssuerId,
) -> Result<Vec<Certificate>, StoreError> {
    let sql = "SELECT certificate_id, issuer, p12, sha256, certificate.sandbox, not_after
         FROM certificate JOIN issuer ON issuer.issuer_id = certificate.issuer
         WHERE issuer.account = ?1 AND certificate.issuer = ?2
         ORDER BY certificate.created_at DESC, certificate_id DESC";
    many(
        connection,
        sql,
        params![account.0, issuer.0],
        rows::certificate,
    )
}

fn refused(what: &str) -> StoreError {
    StoreError::Refused {
        what: what.to_owned(),
    }
}
