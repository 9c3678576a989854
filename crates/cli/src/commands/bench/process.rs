//! A process under measurement: this program with another command.

use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::{Failure, While};

/// Listens at its address; killed when dropped.
pub(super) struct Process {
    child: Child,
    pub(super) address: SocketAddr,
}

impl Process {
    /// Starts `tagua COMMAND --listen ... --data DIRECTORY EXTRA` and waits until
    /// it listens. What it says goes to a file beside the directory's others.
    pub(super) fn start(command: &str, directory: &Path, extra: &[&str]) -> Result<Self, Failure> {
        let free = TcpListener::bind("127.0.0.1:0").during("no free port")?;
        let address = free.local_addr().during("no free port")?;
        drop(free);
        std::fs::create_dir_all(directory).during("no directory")?;
        let log = std::fs::File::create(directory.join(format!("{command}.log")));
        let program = std::env::current_exe().during("this program's own path is not known")?;
        let child = Command::new(program)
            .args([command, "--listen", &address.to_string(), "--data"])
            .arg(directory)
            .args(extra)
            .stdout(Stdio::null())
            .stderr(log.during("no log file")?)
            .spawn()
            .during(&format!("tagua {command} could not be started"))?;
        let process = Self { child, address };
        process.wait_until_ready(command)?;
        Ok(process)
    }

    fn wait_until_ready(&self, command: &str) -> Result<(), Failure> {
        let started = Instant::now();
        while TcpStream::connect(self.address).is_err() {
            if started.elapsed() > Duration::from_secs(10) {
                return Err(Failure::new(format!(
                    "tagua {command} did not become ready"
                )));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
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
        let status = std::fs::read_to_string(path).during("the memory is not known")?;
        let line = status.lines().find(|line| line.starts_with(field));
        let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
        kib.ok_or_else(|| Failure::new("the memory is not known"))
    }

    /// What its threads have computed so far, those of one name together, the
    /// busiest first.
    pub(super) fn thread_times(&self) -> Result<Vec<ThreadTime>, Failure> {
        let unknown = "the threads are not known";
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

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
