//! The server under measurement, a process of its own.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tagua_store::Store;

use super::load::issue_request;
use crate::failure::{Failure, While};
use crate::install::{self, DataDir, Secrets};
use crate::node::block_on;
use crate::sample;

/// `tagua start` on a directory of its own; killed when dropped.
pub(super) struct Server {
    child: Child,
    pub(super) address: SocketAddr,
    pub(super) secrets: Secrets,
}

impl Server {
    /// On a directory that is made for it.
    pub(super) fn start(directory: &Path, extra: &[&str]) -> Result<Self, Failure> {
        let data = DataDir(directory.to_path_buf());
        let secrets = block_on(async {
            let store = data.open()?;
            let (_, secrets) = install::prepare(&data, &*store).await?;
            store.close().await.during("the database was not closed")?;
            secrets.ok_or_else(|| Failure::new("the directory is in use"))
        })?;
        Self::over(directory, secrets, extra)
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

    /// The request of each sequential: the sample invoice.
    pub(super) fn requests(&self) -> impl Fn(u32) -> Vec<u8> + Send + Sync + 'static {
        const MARK: u32 = 987_654_321;
        let template = sample::invoice(MARK).to_string();
        let (key, password) = (
            self.secrets.api_key.clone(),
            self.secrets.certificate_password.clone(),
        );
        move |sequential| {
            let body = template.replace(&MARK.to_string(), &sequential.to_string());
            issue_request(&key, &password, &body)
        }
    }

    /// The most memory the process ever had resident (Linux's `VmHWM`).
    pub(super) fn peak_rss_kib(&self) -> Result<u64, Failure> {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).during("the server's memory is not known")?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"));
        let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
        kib.ok_or_else(|| Failure::new("the server's memory is not known"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
