//! PostgreSQL servers for the tests: clusters in temporary directories. One is
//! started for all tests of a program, with one database for each; a test that
//! stops a server has one of its own.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

/// A running server. It stops with the process.
pub(crate) struct Server {
    directory: TempDir,
    bin: PathBuf,
    port: u16,
}

/// The server of this process, or `None` after saying that there is none.
pub(crate) fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(own_server).as_ref()
}

/// A server that nobody else uses, or `None` after saying that there is none.
pub(crate) fn own_server() -> Option<Server> {
    let server = Server::new(bin()?);
    server.start();
    stop_with_this_process(&server.bin, &server.data());
    Some(server)
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may be frozen, or stopped already.
        if self.data().join("postmaster.pid").exists() {
            self.thaw();
        }
        let data = self.data();
        let _ = command(&self.bin, "pg_ctl")
            .args(["-D", text(&data), "-m", "immediate", "stop"])
            .current_dir("/")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
}

impl Server {
    fn new(bin: PathBuf) -> Self {
        let directory = TempDir::new().unwrap();
        let open = std::fs::Permissions::from_mode(0o777);
        std::fs::set_permissions(directory.path(), open).unwrap();
        let port = free_port();
        let server = Self {
            directory,
            bin,
            port,
        };
        let data = server.data();
        let arguments = ["-D", text(&data), "-U", "tagua", "-A", "trust"];
        run(
            &server.bin,
            "initdb",
            &[&arguments[..], &["-E", "UTF8"]].concat(),
        );
        server
    }

    fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// Returns when it answers. Its port is the same after each start.
    pub(crate) fn start(&self) {
        let socket = text(self.directory.path());
        let port = self.port;
        let options =
            format!("-p {port} -c listen_addresses=127.0.0.1 -k {socket} -c max_connections=400");
        let log = self.directory.path().join("log");
        self.control(&["-l", text(&log), "-o", &options, "-w", "start"]);
    }

    /// As a crash of the database: nothing is finished, nobody is told.
    pub(crate) fn stop(&self) {
        self.control(&["-m", "immediate", "-w", "stop"]);
    }

    /// Stops every process of it in its tracks: connections stay, and are silent.
    pub(crate) fn freeze(&self) {
        self.signal("STOP");
    }

    pub(crate) fn thaw(&self) {
        self.signal("CONT");
    }

    fn signal(&self, signal: &str) {
        let file = std::fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        let main = file.lines().next().unwrap();
        let children = format!("/proc/{main}/task/{main}/children");
        let children = std::fs::read_to_string(children).unwrap();
        let kill = format!("kill -{signal} {main} {children}");
        let status = Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert!(status.success(), "{kill}: {status}");
    }

    fn control(&self, arguments: &[&str]) {
        let data = self.data();
        run(
            &self.bin,
            "pg_ctl",
            &[&["-D", text(&data)], arguments].concat(),
        );
    }

    /// The URL of a new, empty database.
    pub(crate) async fn database(&self) -> String {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("tagua_{number}");
        let url = self.url("postgres");
        let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls)
            .await
            .unwrap();
        let driver = tokio::spawn(connection);
        let create = format!("CREATE DATABASE {name}");
        client.batch_execute(&create).await.unwrap();
        driver.abort();
        self.url(&name)
    }

    fn url(&self, database: &str) -> String {
        format!("postgres://tagua@127.0.0.1:{}/{database}", self.port)
    }
}

/// Where the programs are, or `None` after saying that they are missing.
fn bin() -> Option<PathBuf> {
    let found = find();
    if found.is_none() {
        let required = std::env::var_os("TAGUA_REQUIRE_TOOLS").is_some_and(|v| v == "1");
        assert!(!required, "initdb and pg_ctl are not found");
        println!("skipped: PostgreSQL is not installed");
    }
    found
}

/// Debian keeps the programs apart by version.
fn find() -> Option<PathBuf> {
    let debian = (15..=20).rev();
    let mut places: Vec<PathBuf> = debian
        .map(|version| PathBuf::from(format!("/usr/lib/postgresql/{version}/bin")))
        .collect();
    places.extend(std::env::var_os("TAGUA_POSTGRES_BIN").map(PathBuf::from));
    places
        .into_iter()
        .find(|place| place.join("pg_ctl").exists())
}

/// PostgreSQL does not run as root.
fn command(bin: &Path, program: &str) -> Command {
    let program = bin.join(program);
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args([
        "--reuid",
        "postgres",
        "--regid",
        "postgres",
        "--clear-groups",
    ]);
    command.arg(program);
    command
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}

fn run(bin: &Path, program: &str, arguments: &[&str]) {
    let status = command(bin, program)
        .args(arguments)
        .current_dir("/")
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .status()
        .unwrap();
    assert!(status.success(), "{program}: {status}");
}

/// A watcher that outlives a test process that is killed.
#[expect(clippy::zombie_processes, reason = "it ends after this process")]
fn stop_with_this_process(bin: &Path, data: &Path) {
    let parent = std::process::id();
    let stop = format!(
        "while [ -e /proc/{parent} ]; do sleep 1; done; {} -D {} -m immediate stop; rm -rf {}",
        bin.join("pg_ctl").display(),
        data.display(),
        data.display()
    );
    let mut shell = match is_root() {
        true => {
            let mut shell = Command::new("setpriv");
            shell.args([
                "--reuid",
                "postgres",
                "--regid",
                "postgres",
                "--clear-groups",
                "sh",
            ]);
            shell
        }
        false => Command::new("sh"),
    };
    shell
        .args(["-c", &stop])
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
