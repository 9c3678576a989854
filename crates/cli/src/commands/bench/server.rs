//! The server under measurement, a process of its own.

use std::net::SocketAddr;
use std::path::Path;

use tagua_pipeline::Clock as _;
use tagua_store::{NewAccount, Store};

use super::load::issue_request;
use super::process::Process;
use crate::failure::{Failure, While};
use crate::install::{self, DataDir, Secrets};
use crate::node::block_on;
use crate::sample;
use crate::world::SystemClock;

/// `tagua start` on a directory of its own; killed when dropped.
pub(super) struct Server {
    pub(super) process: Process,
    pub(super) secrets: Secrets,
    /// The API keys of all accounts.
    keys: Vec<String>,
}

impl Server {
    /// On a directory that is made for it.
    pub(super) fn start(directory: &Path, extra: &[&str]) -> Result<Self, Failure> {
        Self::of_accounts(directory, 1, extra)
    }

    /// The same with so many accounts, each of which can issue.
    pub(super) fn of_accounts(
        directory: &Path,
        accounts: u16,
        extra: &[&str],
    ) -> Result<Self, Failure> {
        let data = DataDir(directory.to_path_buf());
        let (secrets, more) = block_on(async {
            let store = data.open()?;
            let (_, secrets) = install::prepare(&data, &*store).await?;
            let secrets = secrets.ok_or_else(|| Failure::new("the directory is in use"))?;
            let mut more = Vec::new();
            for number in 1..accounts {
                more.push(new_account(&*store, number).await?);
            }
            store.close().await.during("the database was not closed")?;
            Ok((secrets, more))
        })?;
        let mut server = Self::over(directory, secrets, extra)?;
        server.keys.extend(more);
        Ok(server)
    }

    /// On a directory that is there.
    pub(super) fn over(
        directory: &Path,
        secrets: Secrets,
        extra: &[&str],
    ) -> Result<Self, Failure> {
        Ok(Self {
            process: Process::start("start", directory, extra)?,
            keys: vec![secrets.api_key.clone()],
            secrets,
        })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.process.address
    }

    /// The request of each number: the sample invoice. Accounts take turns, each
    /// with an establishment of its own, because SRI sees one taxpayer.
    pub(super) fn requests(&self) -> impl Fn(u32) -> Vec<u8> + Send + Sync + 'static {
        const MARK: u32 = 987_654_321;
        const ESTABLISHMENT: &str = r#""codigo":"001""#;
        let template = sample::invoice(MARK).to_string();
        let (before, after) = template
            .split_once(&MARK.to_string())
            .unwrap_or((&template, ""));
        let (between, after) = after.split_once(ESTABLISHMENT).unwrap_or((after, ""));
        let [before, between, after] = [before, between, after].map(str::to_owned);
        let (keys, password) = (self.keys.clone(), self.secrets.certificate_password.clone());
        move |number| {
            let (key, account) = of_turn(&keys, number);
            let establishment = account + 1;
            let body = format!(r#"{before}{number}{between}"codigo":"{establishment:03}"{after}"#);
            issue_request(key, &password, &body)
        }
    }

    /// The question after the document of a number.
    pub(super) fn query(&self, number: u32, id: &str) -> Vec<u8> {
        let (key, _) = of_turn(&self.keys, number);
        format!("GET /edocs/{id} HTTP/1.1\r\nHost: bench\r\nX-Key: {key}\r\n\r\n").into_bytes()
    }
}

/// Makes an account; its API key.
async fn new_account(store: &dyn Store, number: u16) -> Result<String, Failure> {
    let at = SystemClock.now();
    let account = NewAccount {
        name: format!("bench {number}"),
        sandbox: true,
        at,
    };
    let account = store.create_account(account).await;
    let account = account.during("the account was not stored")?;
    install::new_key(store, &account, at).await
}

/// The key of the account whose turn a number is, and the account's place.
fn of_turn(keys: &[String], number: u32) -> (&str, u32) {
    let count = u32::try_from(keys.len()).unwrap_or(1).max(1);
    let place = number % count;
    let key = usize::try_from(place)
        .ok()
        .and_then(|place| keys.get(place));
    (key.map(String::as_str).unwrap_or_default(), place)
}
