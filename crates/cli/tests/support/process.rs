//! A child process with its two outputs, gone when it is dropped.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::PATIENCE;

/// A server or simulator that says where it listens.
pub(crate) struct Process {
    child: Child,
    log: Arc<Log>,
}

/// Lines of both outputs in the order they came.
#[derive(Default)]
struct Log {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    lines: Vec<String>,
    ended: usize,
}

/// When both have ended the process is gone.
const OUTPUTS: usize = 2;

impl Process {
    pub(crate) fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let log = Arc::new(Log::default());
        log.follow(child.stdout.take().unwrap());
        log.follow(child.stderr.take().unwrap());
        Self { child, log }
    }

    /// The address in the line `… ready at http://ADDRESS …`.
    #[track_caller]
    pub(crate) fn ready(&self) -> SocketAddr {
        let line = self.line(PATIENCE, |line| line.contains(" ready at http://"));
        let (_, address) = line.split_once("http://").unwrap();
        let address = address.split_whitespace().next().unwrap();
        address.parse().unwrap()
    }

    /// The first line, said or yet to be said, that satisfies `wanted`.
    #[track_caller]
    pub(crate) fn line(&self, patience: Duration, wanted: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + patience;
        let mut state = self.log.state.lock().unwrap();
        loop {
            if let Some(line) = state.lines.iter().find(|line| wanted(line)) {
                return line.clone();
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if state.ended == OUTPUTS || left.is_zero() {
                break;
            }
            state = self.log.changed.wait_timeout(state, left).unwrap().0;
        }
        drop(state);
        panic!("such a line was not said:\n{}", self.said());
    }

    /// Everything it said so far.
    pub(crate) fn said(&self) -> String {
        self.log.state.lock().unwrap().lines.join("\n")
    }

    /// `SIGKILL`.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// `SIGTERM`.
    pub(crate) fn ask_to_stop(&self) {
        let kill = format!("kill -TERM {}", self.child.id());
        let status = Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert!(status.success());
    }

    /// Waits until it ends by itself.
    #[track_caller]
    pub(crate) fn exit(&mut self, patience: Duration) -> ExitStatus {
        let state = self.log.state.lock().unwrap();
        let alive = |state: &mut State| state.ended < OUTPUTS;
        let waited = self
            .log
            .changed
            .wait_timeout_while(state, patience, alive)
            .unwrap()
            .1;
        assert!(!waited.timed_out(), "it did not end: {}", self.said());
        self.child.wait().unwrap()
    }

    /// `SIGTERM`, then an orderly end within the promised time.
    #[track_caller]
    pub(crate) fn stop(&mut self) {
        self.ask_to_stop();
        let status = self.exit(Duration::from_secs(10));
        assert_eq!(status.code(), Some(0), "{}", self.said());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Log {
    fn follow(self: &Arc<Self>, output: impl Read + Send + 'static) {
        let log = Arc::clone(self);
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                log.state.lock().unwrap().lines.push(line);
                log.changed.notify_all();
            }
            log.state.lock().unwrap().ended += 1;
            log.changed.notify_all();
        });
    }
}
