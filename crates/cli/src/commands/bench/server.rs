//! The server under measurement, a process of its own.

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tagua_pipeline::Clock as _;
use tagua_store::{NewAccount, Store};

use super::load::issue_request;
use crate::failure::{Failure, While};
use crate::install::{self, DataDir, Secrets};
use crate::node::block_on;
use crate::sample;
use crate::world::SystemClock;

/// `tagua start` on a directory of its own; killed when dropped.
pub(super) struct Server {
    child: Child,
    pub(super) address: SocketAddr,
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
        let free = TcpListener::bind("127.0.0.1:0").during("no free port")?;
        let address = free.local_addr().during("no free port")?;
        drop(free);
        let log = std::fs::File::create(directory.join("server.log")).during("no log file")?;
        let program = std::env::current_exe().during("this program's own path is not known")?;
        let child = Command::new(program)
            .args(["start", "--listen", &address.to_string(), "--data"])
            .arg(directory)
            .args(extra)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .during("the server could not be started")?;
        let mut server = Self {
            child,
            address,
            keys: vec![secrets.api_key.clone()],
            secrets,
        };
        server.wait_until_ready()?;
        Ok(server)
    }

    fn wait_until_ready(&mut self) -> Result<(), Failure> {
        let started = Instant::now();
        while std::net::TcpStream::connect(self.address).is_err() {
            if started.elapsed() > Duration::from_secs(10) {
                return Err(Failure::new("the server did not become ready"));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
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

    /// The most memory the process ever had resident (Linux's `VmHWM`).
    pub(super) fn peak_rss_kib(&self) -> Result<u64, Failure> {
        self.memory("VmHWM:")
    }

    /// The memory the process has resident (Linux's `VmRSS`).
    pub(super) fn rss_kib(&self) -> Result<u64, Failure> {
        self.memory("VmRSS:")
    }

    fn memory(&self, field: &str) -> Result<u64, Failure> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).during("the server's memory is not known")?;
        let line = status.lines().find(|line| line.starts_with(field));
        let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
        kib.ok_or_else(|| Failure::new("the server's memory is not known"))
    }

    /// What its threads have computed so far, those of one name together, the
    /// busiest first.
    pub(super) fn thread_times(&self) -> Result<Vec<ThreadTime>, Failure> {
        let unknown = "the server's threads are not known";
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).during(unknown)?;
        let mut times = BTreeMap::<String, u64>::new();
        for task in tasks {
            // A thread may end while it is looked at.
            let stat = std::fs::read_to_string(task.during(unknown)?.path().join("stat"));
            if let Some((name, micros)) = stat.ok().as_deref().and_then(thread_time) {
                *times.entry(name).or_default() += micros;
            }
        }
        let times = times.into_iter();
        let mut times: Vec<_> = times
            .map(|(name, micros)| ThreadTime { name, micros })
            .collect();
        times.sort_by_key(|thread| std::cmp::Reverse(thread.micros));
        Ok(times)
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

/// The CPU time of all threads of one name.
pub(super) struct ThreadTime {
    pub(super) name: String,
    pub(super) micros: u64,
}

/// Name and microseconds from `/proc/PID/task/TID/stat`: the name stands in
/// parentheses, `utime` and `stime` are the fields 14 and 15 (proc(5)), in
/// hundredths of a second.
fn thread_time(stat: &str) -> Option<(String, u64)> {
    let (name, fields) = stat.split_once('(')?.1.rsplit_once(") ")?;
    let mut fields = fields.split(' ').skip(11);
    let user = fields.next()?.parse::<u64>().ok()?;
    let system = fields.next()?.parse::<u64>().ok()?;
    Some((name.to_owned(), (user + system) * 10_000))
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
