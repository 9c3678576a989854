//! A PostgreSQL server of its own for the tests of this crate: a cluster in a
//! temporary directory, started once, one database for each test.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

/// A running server. It stops with the process.
pub(crate) struct Server {
    _directory: TempDir,
    port: u16,
}

/// The server of this process, or `None` after saying that there is none.
pub(crate) fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(start).as_ref()
}

impl Server {
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

fn start() -> Option<Server> {
    let Some(bin) = bin() else {
        let required = std::env::var_os("TAGUA_REQUIRE_TOOLS").is_some_and(|v| v == "1");
        assert!(!required, "initdb and pg_ctl are not found");
        println!("skipped: PostgreSQL is not installed");
        return None;
    };
    let directory = TempDir::new().unwrap();
    let open = std::fs::Permissions::from_mode(0o777);
    std::fs::set_permissions(directory.path(), open).unwrap();
    let data = directory.path().join("data");
    run(
        &bin,
        "initdb",
        &[
            "-D",
            text(&data),
            "-U",
            "tagua",
            "-A",
            "trust",
            "-E",
            "UTF8",
        ],
    );
    let port = free_port();
    let socket = text(directory.path());
    let options =
        format!("-p {port} -c listen_addresses=127.0.0.1 -k {socket} -c max_connections=400");
    let log = directory.path().join("log");
    run(
        &bin,
        "pg_ctl",
        &[
            "-D",
            text(&data),
            "-l",
            text(&log),
            "-o",
            &options,
            "-w",
            "start",
        ],
    );
    stop_with_this_process(&bin, &data);
    Some(Server {
        _directory: directory,
        port,
    })
}

/// Debian keeps the programs apart by version.
fn bin() -> Option<PathBuf> {
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
