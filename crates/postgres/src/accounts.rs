//! Accounts, API keys, issuers and certificates.

use tagua_fiscal::Ruc;
use tagua_store::{
    Account, AccountId, Certificate, Issuer, IssuerId, NewAccount, NewCertificate, NewIssuer,
    StoreError, UnixMillis,
};

use crate::error::refused;
use crate::rows;
use crate::session::Session;

pub(crate) async fn create(session: &Session, new: &NewAccount) -> Result<Account, StoreError> {
    let sql = "INSERT INTO account (name, sandbox, created_at) VALUES ($1, $2, $3)
         RETURNING account_id, name, sandbox";
    let row = session
        .one(sql, &[&new.name, &new.sandbox, &new.at.0])
        .await?
        .ok_or_else(|| refused("the account is not there after it was put"))?;
    rows::account(&row)
}

pub(crate) async fn all(session: &Session) -> Result<Vec<Account>, StoreError> {
    let sql = "SELECT account_id, name, sandbox FROM account ORDER BY account_id";
    session.many(sql, &[], rows::account).await
}

pub(crate) async fn add_key(
    session: &Session,
    account: AccountId,
    sha256: [u8; 32],
    at: UnixMillis,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO api_key (sha256, account, created_at) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING";
    session
        .execute(sql, &[&sha256.as_slice(), &account.0, &at.0])
        .await?;
    match by_key(session, sha256).await? {
        Some(owner) if owner.id == account => Ok(()),
        _ => Err(refused("the key belongs to another account")),
    }
}

pub(crate) async fn by_key(
    session: &Session,
    sha256: [u8; 32],
) -> Result<Option<Account>, StoreError> {
    let sql = "SELECT account_id, name, sandbox FROM api_key
         JOIN account ON account.account_id = api_key.account WHERE sha256 = $1";
    let row = session.one(sql, &[&sha256.as_slice()]).await?;
    row.as_ref().map(rows::account).transpose()
}

pub(crate) async fn put_issuer(session: &Session, new: &NewIssuer) -> Result<Issuer, StoreError> {
    let sql = "INSERT INTO issuer (account, ruc, code_secret, created_at)
         VALUES ($1, $2, $3, $4) ON CONFLICT (account, ruc) DO NOTHING";
    let ruc = new.ruc.as_str();
    let secret = new.code_secret.as_slice();
    session
        .execute(sql, &[&new.account.0, &ruc, &secret, &new.at.0])
        .await?;
    issuer(session, new.account, new.ruc)
        .await?
        .ok_or_else(|| refused("the issuer is not there after it was put"))
}

pub(crate) async fn issuer(
    session: &Session,
    account: AccountId,
    ruc: Ruc,
) -> Result<Option<Issuer>, StoreError> {
    let sql = "SELECT issuer_id, account, ruc, code_secret, settings FROM issuer
         WHERE account = $1 AND ruc = $2";
    let row = session.one(sql, &[&account.0, &ruc.as_str()]).await?;
    row.as_ref().map(rows::issuer).transpose()
}

pub(crate) async fn issuers(
    session: &Session,
    account: AccountId,
) -> Result<Vec<Issuer>, StoreError> {
    let sql = "SELECT issuer_id, account, ruc, code_secret, settings FROM issuer
         WHERE account = $1 ORDER BY issuer_id";
    session.many(sql, &[&account.0], rows::issuer).await
}

pub(crate) async fn set_settings(
    session: &Session,
    account: AccountId,
    issuer: IssuerId,
    settings: &str,
) -> Result<(), StoreError> {
    let sql = "UPDATE issuer SET settings = $3 WHERE issuer_id = $1 AND account = $2";
    match session
        .execute(sql, &[&issuer.0, &account.0, &settings])
        .await?
    {
        0 => Err(refused("the account has no such issuer")),
        _ => Ok(()),
    }
}

pub(crate) async fn add_certificate(
    session: &Session,
    account: AccountId,
    new: &NewCertificate,
) -> Result<Certificate, StoreError> {
    let sql = "INSERT INTO certificate (issuer, sha256, p12, sandbox, not_after, created_at)
         SELECT issuer_id, $3, $4, $5, $6, $7 FROM issuer WHERE issuer_id = $2 AND account = $1
         ON CONFLICT DO NOTHING";
    let sha256 = new.sha256.as_slice();
    let not_after = new.not_after.map(|at| at.0);
    session
        .execute(
            sql,
            &[
                &account.0,
                &new.issuer.0,
                &sha256,
                &new.p12,
                &new.sandbox,
                &not_after,
                &new.at.0,
            ],
        )
        .await?;
    let sql = "SELECT certificate_id, issuer, p12, sha256, certificate.sandbox, not_after
         FROM certificate JOIN issuer ON issuer.issuer_id = certificate.issuer
         WHERE issuer.account = $1 AND certificate.issuer = $2 AND sha256 = $3";
    let row = session
        .one(sql, &[&account.0, &new.issuer.0, &sha256])
        .await?
        .ok_or_else(|| refused("the account has no such issuer"))?;
    rows::certificate(&row)
}

pub(crate) async fn certificates(
    session: &Session,
    account: AccountId,
    issuer: IssuerId,
) -> Result<Vec<Certificate>, StoreError> {
    let sql = "SELECT certificate_id, issuer, p12, sha256, certificate.sandbox, not_after
         FROM certificate JOIN issuer ON issuer.issuer_id = certificate.issuer
         WHERE issuer.account = $1 AND certificate.issuer = $2
         ORDER BY certificate.created_at DESC, certificate_id DESC";
    session
        .many(sql, &[&account.0, &issuer.0], rows::certificate)
        .await
}
