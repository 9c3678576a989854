//! A data directory: what is in it, and how it is made.
//!
//! ```text
//! tagua.db               everything (see the store)
//! sandbox-authority.p12  the sandbox's authority and signing key, encrypted with its password
//! simulator/             the simulator's own files; the server never reads them
//! ```

use std::fs;
use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tagua_fiscal::Ruc;
use tagua_pipeline::{Clock, Random};
use tagua_postgres::{PostgresOptions, PostgresStore};
use tagua_server::{SandboxCertificates, SandboxRefusal};
use tagua_simulator::sandbox::{self, SandboxError};
use tagua_store::{
    Account, Issuer, NewAccount, NewIssuer, SqliteOptions, SqliteStore, Store, StoreError,
    UnixMillis, sha256,
};

use crate::args::Place;
use crate::failure::{Failure, While};
use crate::world::{SystemClock, SystemRandom, random_hex};

/// The issuer of the samples.
pub(crate) const SAMPLE_RUC: &str = "1799999990001";

/// Where things are in a data directory.
#[derive(Clone, Debug)]
pub(crate) struct DataDir(pub(crate) PathBuf);

impl DataDir {
    pub(crate) fn simulator(&self) -> PathBuf {
        self.0.join("simulator")
    }

    pub(crate) fn sandbox_authority(&self) -> PathBuf {
        self.0.join("sandbox-authority.p12")
    }

    /// Opens the database, making the directory where it is missing, for the
    /// owner alone: certificate files are in it.
    pub(crate) fn open(&self) -> Result<Arc<SqliteStore>, Failure> {
        self.make()?;
        SqliteStore::open(&self.0, SqliteOptions::default())
            .map(Arc::new)
            .map_err(|error| {
                let failure =
                    Failure::caused(format!("{} could not be opened", self.0.display()), &error);
                match error {
                    StoreError::InUse { .. } => {
                        failure.hint("a server works on it: stop it, or give another --data")
                    }
                    _ => failure,
                }
            })
    }

    fn make(&self) -> Result<(), Failure> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.0)
            .during(&format!("{} could not be made", self.0.display()))
    }

    /// Whether there is anything to open.
    pub(crate) fn exists(&self) -> bool {
        self.0.join("tagua.db").exists()
    }
}

/// Opens the database of an installation, making it where it is missing.
/// `on_work` is called when another node has stored new work.
pub(crate) async fn open(
    place: &Place,
    on_work: impl Fn() + Send + Sync + 'static,
) -> Result<Arc<dyn Store>, Failure> {
    let data = DataDir(place.data.clone());
    let Some(url) = &place.database else {
        let store = data.open()?;
        refuse_moved(&*store).await?;
        return Ok(store);
    };
    data.make()?;
    let opened = PostgresStore::open(url, PostgresOptions::default(), on_work).await;
    // The URL may hold a password: what is said does not repeat it.
    let opened = opened.during("the PostgreSQL database could not be opened");
    let store: Arc<dyn Store> = Arc::new(opened.map_err(|failure| {
        failure.hint(
            "--database has the form postgres://user:password@host:5432/name; \
             the server must run there and have that database (createdb)",
        )
    })?);
    share_sandbox(&data, &*store).await?;
    Ok(store)
}

/// The note in a data directory whose content went to a PostgreSQL database.
pub(crate) const MOVED_NOTE: &str = "moved";

/// Two databases that go on from the same documents would number twice.
async fn refuse_moved(store: &dyn Store) -> Result<(), Failure> {
    let moved = store.note(MOVED_NOTE).await;
    match moved.during("the database could not be read")? {
        None => Ok(()),
        Some(_) => Err(Failure::new(
            "everything in this data directory was moved to a PostgreSQL database",
        )
        .hint("give it with --database")),
    }
}

/// The failure of commands that want an installation.
pub(crate) fn not_initialized(place: &Place) -> Failure {
    let (what, hint) = match place.database {
        None => ("data directory", "run `tagua init` first"),
        Some(_) => ("database", "run `tagua init --database URL` first, once"),
    };
    Failure::new(format!("the {what} is not initialized")).hint(hint)
}

/// Name of the note that carries the sandbox's authority to other nodes.
pub(crate) const SANDBOX_NOTE: &str = "sandbox-authority.p12";

/// Nodes of one database sign with one sandbox: its file, encrypted with its
/// password, travels in the database.
async fn share_sandbox(data: &DataDir, store: &dyn Store) -> Result<(), Failure> {
    let note = store.note(SANDBOX_NOTE).await;
    let Some(shared) = note.during("the sandbox's authority could not be read")? else {
        return Ok(());
    };
    let file = data.sandbox_authority();
    match fs::read(&file) {
        Ok(own) if own == shared => Ok(()),
        _ => write_durably(&file, &shared),
    }
}

/// What is shown once.
pub(crate) struct Secrets {
    pub(crate) api_key: String,
    pub(crate) certificate_password: String,
}

/// An initialized data directory, open for a command that reads or changes
/// what is registered.
pub(crate) struct Registry {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) account: Account,
}

impl Registry {
    /// Opens it, works with it, and closes it however the work ended: everything
    /// is flushed when this returns.
    pub(crate) async fn with<T>(
        place: &Place,
        work: impl AsyncFnOnce(&Self) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let registry = Self::open(place).await?;
        let done = work(&registry).await;
        let closed = registry.store.close().await;
        let done = done?;
        closed.during("the database was not closed")?;
        Ok(done)
    }

    /// Takes the directory's lock where the database is in it.
    async fn open(place: &Place) -> Result<Self, Failure> {
        let missing = || not_initialized(place);
        if place.database.is_none() && !DataDir(place.data.clone()).exists() {
            return Err(missing());
        }
        let store = open(place, || {}).await?;
        let account = sandbox_account(&*store).await?.ok_or_else(missing)?;
        Ok(Self { store, account })
    }

    pub(crate) async fn issuers(&self) -> Result<Vec<Issuer>, Failure> {
        let issuers = self.store.issuers(self.account.id).await;
        issuers.during("the issuers could not be read")
    }

    /// The issuer of this RUC, which must be known.
    pub(crate) async fn issuer(&self, ruc: Ruc) -> Result<Issuer, Failure> {
        let found = self.store.issuer(self.account.id, ruc).await;
        if let Some(issuer) = found.during("the issuer could not be read")? {
            return Ok(issuer);
        }
        let known = self.issuers().await?;
        let known: Vec<_> = known.iter().map(|issuer| issuer.ruc.to_string()).collect();
        let known = match known.is_empty() {
            true => "no issuer is registered yet".to_owned(),
            false => format!("registered: {}", known.join(", ")),
        };
        let hint = "register it with `tagua cert add --p12 FILE` or with \
                    `tagua issuer set --new --ruc RUC NAME=VALUE`";
        Err(Failure::new(format!("{ruc} is not registered")).hint(format!("{known}; {hint}")))
    }

    /// The issuer of this RUC, made where it is missing.
    pub(crate) async fn register(&self, ruc: Ruc) -> Result<Issuer, Failure> {
        let mut code_secret = [0; 32];
        SystemRandom.fill(&mut code_secret);
        let issuer = NewIssuer {
            account: self.account.id,
            ruc,
            code_secret,
            at: SystemClock.now(),
        };
        let issuer = self.store.put_issuer(issuer).await;
        issuer.during("the issuer was not stored")
    }
}

/// Makes the sandbox account with its key and certificate unless it is there.
/// The account is written last: a run interrupted before that starts over, and
/// one interrupted after it is mended with `--new-key --new-password`.
pub(crate) async fn prepare(
    data: &DataDir,
    store: &dyn Store,
) -> Result<(Account, Option<Secrets>), Failure> {
    if let Some(account) = sandbox_account(store).await? {
        return Ok((account, None));
    }
    let certificate_password = new_sandbox(data, store).await?;
    let at = SystemClock.now();
    let account = NewAccount {
        name: "sandbox".to_owned(),
        sandbox: true,
        at,
    };
    let account = store
        .create_account(account)
        .await
        .during("the account was not stored")?;
    let api_key = new_key(store, &account, at).await?;
    Ok((
        account,
        Some(Secrets {
            api_key,
            certificate_password,
        }),
    ))
}

/// The account that commands work for.
pub(crate) async fn sandbox_account(store: &dyn Store) -> Result<Option<Account>, Failure> {
    let accounts = store
        .accounts()
        .await
        .during("the accounts could not be read")?;
    Ok(accounts.into_iter().next())
}

/// 128 random bits; only their SHA-256 is kept.
pub(crate) async fn new_key(
    store: &dyn Store,
    account: &Account,
    at: UnixMillis,
) -> Result<String, Failure> {
    let key = random_hex(16);
    store
        .add_api_key(account.id, sha256(key.as_bytes()), at)
        .await
        .during("the API key was not stored")?;
    Ok(key)
}

/// Replaces the sandbox's authority and gives its new password. Certificates of
/// the former authority stay trusted by the simulator.
pub(crate) async fn new_sandbox(data: &DataDir, store: &dyn Store) -> Result<String, Failure> {
    let password = random_hex(8);
    let seconds = SystemClock.now().0 / 1000;
    let authority = sandbox::create(&password, &random_hex(4), seconds)
        .during("the sandbox certificate could not be made")?;
    let trusted = data.simulator().join("sandbox-ca");
    fs::create_dir_all(&trusted).during("the simulator's directory could not be made")?;
    let name = format!("{}.der", random_hex(8));
    write_durably(&trusted.join(name), &authority.ca_certificate_der)?;
    write_durably(&data.sandbox_authority(), &authority.p12)?;
    let kept = store.put_note(SANDBOX_NOTE, authority.p12).await;
    kept.during("the sandbox certificate was not stored")?;
    Ok(password)
}

/// Written beside, flushed, then renamed: a power cut leaves the old or the new file.
pub(crate) fn write_durably(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let beside = path.with_extension("new");
    let write = || -> std::io::Result<()> {
        let mut file = fs::File::create(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)?;
        match path.parent() {
            Some(parent) => fs::File::open(parent)?.sync_all(),
            None => Ok(()),
        }
    };
    write().during(&format!("{} could not be written", path.display()))
}

/// Makes certificates from the sandbox's authority file.
pub(crate) struct SandboxFile {
    path: PathBuf,
}

impl SandboxFile {
    pub(crate) fn of(data: &DataDir) -> Self {
        Self {
            path: data.sandbox_authority(),
        }
    }
}

impl SandboxCertificates for SandboxFile {
    fn issue(
        &self,
        ruc: &str,
        password: &str,
        now_seconds: i64,
    ) -> Result<Vec<u8>, SandboxRefusal> {
        let unusable = |error: &dyn std::error::Error| SandboxRefusal::Unusable(error.to_string());
        let authority = fs::read(&self.path).map_err(|error| unusable(&error))?;
        let mut serial = [0; 16];
        SystemRandom.fill(&mut serial);
        let name = format!("EMISOR DE PRUEBA {ruc}");
        sandbox::issue(&authority, password, ruc, &name, now_seconds, serial).map_err(|error| {
            match error {
                SandboxError::WrongPassword => SandboxRefusal::WrongPassword,
                other => unusable(&other),
            }
        })
    }
}
