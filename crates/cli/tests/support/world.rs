//! One installation in a directory of its own, with whoever talks to it.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::{Value, json};
use tagua_simulator::ledger::{self, Entry};
use tagua_store::{NewAccount, SqliteOptions, SqliteStore, Store, UnixMillis, sha256};
use tempfile::TempDir;

use super::http::{self, Answer};
use super::process::Process;
use super::{succeed, tagua, wait_until};

/// A data directory as `tagua init` makes it, and a directory for a simulator
/// in another process that trusts the same sandbox.
pub(crate) struct World {
    directory: TempDir,
    pub(crate) key: String,
    pub(crate) password: String,
}

/// What `tagua init` made for all worlds of a test program: two RSA keys take
/// longer than most tests.
struct Template {
    directory: TempDir,
    key: String,
    password: String,
}

static TEMPLATE: OnceLock<Template> = OnceLock::new();

fn template() -> Template {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let printed = succeed(&["init", "--json", "--data", text(&data)]);
    let printed: Value = serde_json::from_str(&printed).unwrap();
    let secret = |name: &str| printed[name].as_str().unwrap().to_owned();
    Template {
        key: secret("api_key"),
        password: secret("certificate_password"),
        directory,
    }
}

impl World {
    pub(crate) fn new() -> Self {
        let template = TEMPLATE.get_or_init(template);
        let world = Self {
            directory: tempfile::tempdir().unwrap(),
            key: template.key.clone(),
            password: template.password.clone(),
        };
        copy(&template.directory.path().join("data"), &world.data());
        let trusted = Path::new("sandbox-ca");
        let own = world.data().join("simulator").join(trusted);
        copy(&own, &world.simulator_data().join(trusted));
        world
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path().join("data")
    }

    pub(crate) fn simulator_data(&self) -> PathBuf {
        self.path().join("simulator")
    }

    /// Another sandbox account with an API key, while no server runs.
    pub(crate) fn add_account(&self, key: &str) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let store = SqliteStore::open(&self.data(), SqliteOptions::default()).unwrap();
            let account = NewAccount {
                name: "another".to_owned(),
                sandbox: true,
                at: UnixMillis(1),
            };
            let account = store.create_account(account).await.unwrap();
            let at = UnixMillis(1);
            store
                .add_api_key(account.id, sha256(key.as_bytes()), at)
                .await
                .unwrap();
            store.close().await.unwrap();
        });
    }

    /// `tagua start` with the simulator inside.
    #[track_caller]
    pub(crate) fn start(&self) -> Server {
        self.start_with(&[], &[])
    }

    /// `tagua start` against a simulator in another process.
    #[track_caller]
    pub(crate) fn start_against(&self, simulator: SocketAddr) -> Server {
        let url = format!("http://{simulator}");
        self.start_with(&["--simulator-url", &url], &[])
    }

    /// `tagua start` with options and environment variables.
    #[track_caller]
    pub(crate) fn start_with(&self, options: &[&str], settings: &[(&str, &str)]) -> Server {
        let mut command = tagua();
        command.args(["start", "--listen", "127.0.0.1:0", "--data"]);
        command.arg(self.data()).args(options);
        command.envs(settings.iter().copied());
        let process = Process::start(&mut command);
        Server {
            address: process.ready(),
            process,
            key: self.key.clone(),
            password: self.password.clone(),
        }
    }

    /// `tagua simulator` with its own directory.
    #[track_caller]
    pub(crate) fn start_simulator(&self) -> Simulator {
        self.start_simulator_at("127.0.0.1:0")
    }

    #[track_caller]
    pub(crate) fn start_simulator_at(&self, listen: &str) -> Simulator {
        let mut command = tagua();
        command.args(["simulator", "--listen", listen, "--data"]);
        command.arg(self.simulator_data());
        let process = Process::start(&mut command);
        Simulator {
            address: process.ready(),
            process,
        }
    }

    /// What the simulator in another process has written down.
    pub(crate) fn ledger(&self) -> Vec<Entry> {
        entries(&self.simulator_data())
    }

    /// What the simulator inside the server has written down.
    pub(crate) fn embedded_ledger(&self) -> Vec<Entry> {
        entries(&self.data().join("simulator"))
    }
}

fn entries(directory: &Path) -> Vec<Entry> {
    let entries = ledger::read(directory.join(ledger::LEDGER_FILE)).unwrap();
    entries.collect::<Result<_, _>>().unwrap()
}

/// A running `tagua start`, and a client of it.
pub(crate) struct Server {
    pub(crate) process: Process,
    pub(crate) address: SocketAddr,
    pub(crate) key: String,
    pub(crate) password: String,
}

impl Server {
    /// A request with the account's key.
    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Answer {
        let headers = [("x-key", &*self.key)];
        http::call(self.address, "GET", path, &headers, b"").unwrap()
    }

    /// A request with the account's key and `password`.
    #[track_caller]
    pub(crate) fn post(&self, path: &str, password: &str, body: &Value) -> Answer {
        let headers = [("x-key", &*self.key), ("x-password", password)];
        let body = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        http::call(self.address, "POST", path, &headers, body.as_bytes()).unwrap()
    }

    /// Issues an invoice that must be accepted.
    #[track_caller]
    pub(crate) fn issue(&self, body: &Value) -> Value {
        accepted(&self.post("/invoices/issue", &self.password, body))
    }

    /// Corrects a document; the correction must be accepted.
    #[track_caller]
    pub(crate) fn reissue(&self, id: &str, body: &Value) -> Value {
        accepted(&self.post(&format!("/invoices/{id}/reissue"), &self.password, body))
    }

    #[track_caller]
    pub(crate) fn query(&self, id: &str) -> Value {
        accepted(&self.get(&format!("/invoices/{id}")))
    }

    /// Asks for the document until SRI has decided.
    #[track_caller]
    pub(crate) fn settled(&self, id: &str, estado: &str) -> Value {
        wait_until(&format!("{id} {estado}"), || {
            let document = self.query(id);
            match document["estado"].as_str() {
                Some("CREADO" | "ENVIADO" | "RECIBIDO") => None,
                Some(found) => {
                    assert_eq!(found, estado, "{document}");
                    Some(document)
                }
                None => panic!("{document}"),
            }
        })
    }

    /// The file that the link of a document gives to whoever has it.
    #[track_caller]
    pub(crate) fn xml(&self, id: &str) -> String {
        let path = format!("/ver/{id}/xml");
        let answer = http::call(self.address, "GET", &path, &[], b"").unwrap();
        assert_eq!(answer.status, 200);
        String::from_utf8(answer.body).unwrap()
    }
}

#[track_caller]
fn accepted(answer: &Answer) -> Value {
    assert_eq!(
        answer.status,
        200,
        "{}",
        String::from_utf8_lossy(&answer.body)
    );
    answer.json()
}

/// A running `tagua simulator`.
pub(crate) struct Simulator {
    pub(crate) process: Process,
    pub(crate) address: SocketAddr,
}

impl Simulator {
    /// Has the next request to `service` meet `fault`.
    #[track_caller]
    pub(crate) fn order(&self, service: &str, fault: &Value) {
        self.control(&[json!({ "service": service, "next": [fault] })]);
    }

    /// Gives it orders.
    #[track_caller]
    pub(crate) fn control(&self, orders: &[Value]) {
        for order in orders {
            let path = "/simulator/control";
            let order = order.to_string();
            let answer = http::call(self.address, "POST", path, &[], order.as_bytes());
            assert_eq!(answer.unwrap().status, 200, "{order}");
        }
    }
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
