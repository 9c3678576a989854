//! `tagua demo`: everything once, through the public HTTP API.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde_json::Value;
use tagua_pipeline::Clock;
use tagua_store::{DocumentId, Event};

use crate::args::DemoOptions;
use crate::failure::{Failure, While};
use crate::install::{self, write_durably};
use crate::node::{Node, NodeOptions, TestWorld, asked_to_stop, block_on};
use crate::sample;
use crate::world::SystemClock;

/// The simulator decides at once; a minute is a defect.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn run(options: DemoOptions) -> Result<ExitCode, Failure> {
    block_on(async {
        let mut node = Node::start(NodeOptions {
            serve: options.serve,
            test_world: TestWorld::Embedded,
            enable_production: false,
            hold: false,
            sri_limit: None,
            lease: None,
        })
        .await?;
        let client = client(&mut node).await?;
        let shown = async {
            let issued = client.issue().await?;
            show(&node, &client, issued).await
        };
        let result = shown.await;
        if result.is_ok() && !options.once {
            eprintln!("\nServing at {} until Ctrl-C.", node.url());
            asked_to_stop().await;
        }
        node.stop().await;
        result.map(|()| ExitCode::SUCCESS)
    })
}

/// What a program outside would know.
struct Client {
    http: reqwest::Client,
    url: String,
    api_key: String,
    password: String,
}

struct Issued {
    id: String,
    sequential: u32,
    started: Instant,
    started_at: i64,
}

/// On a directory of an earlier run the old secrets cannot be shown, so new ones are made.
async fn client(node: &mut Node) -> Result<Client, Failure> {
    let (api_key, password) = match node.secrets.take() {
        Some(secrets) => (secrets.api_key, secrets.certificate_password),
        None => {
            let account = install::sandbox_account(&*node.store)
                .await?
                .ok_or_else(|| Failure::new("the data directory has no account"))?;
            let key = install::new_key(&*node.store, &account, SystemClock.now()).await?;
            (key, install::new_sandbox(&node.data, &*node.store).await?)
        }
    };
    let http = reqwest::Client::builder()
        .timeout(PATIENCE)
        .build()
        .during("the HTTP client could not be set up")?;
    Ok(Client {
        http,
        url: node.url(),
        api_key,
        password,
    })
}

impl Client {
    /// Issues the sample under the first number that is free.
    async fn issue(&self) -> Result<Issued, Failure> {
        for sequential in 1..10_000 {
            let (started, started_at) = (Instant::now(), SystemClock.now().0);
            let response = self
                .http
                .post(format!("{}/invoices/issue", self.url))
                .header("X-Key", &self.api_key)
                .header("X-Password", &self.password)
                .header("Content-Type", "application/json")
                .body(sample::invoice(sequential).to_string())
                .send()
                .await
                .during("the sample invoice could not be sent")?;
            let status = response.status();
            let answer = json(response).await?;
            if status.is_success() {
                let id = answer["id"].as_str().unwrap_or_default().to_owned();
                return Ok(Issued {
                    id,
                    sequential,
                    started,
                    started_at,
                });
            }
            if answer["parameter"] != "secuencial" {
                return Err(Failure::new(format!(
                    "the sample invoice was refused: {answer}"
                )));
            }
        }
        Err(Failure::new("no free number for the sample invoice"))
    }

    async fn query(&self, id: &str) -> Result<Value, Failure> {
        let response = self
            .http
            .get(format!("{}/invoices/{id}", self.url))
            .header("X-Key", &self.api_key)
            .send()
            .await
            .during("the sample invoice could not be queried")?;
        json(response).await
    }

    /// Polls as a client would until the document is final.
    async fn settled(&self, issued: &Issued) -> Result<Value, Failure> {
        while issued.started.elapsed() < PATIENCE {
            let document = self.query(&issued.id).await?;
            match document["estado"].as_str() {
                Some("CREADO") if document.get("firma").is_some() => return Ok(document),
                Some("CREADO" | "ENVIADO" | "RECIBIDO") => {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                _ => return Ok(document),
            }
        }
        Err(Failure::new(
            "the sample invoice was not decided within a minute",
        ))
    }
}

async fn json(response: reqwest::Response) -> Result<Value, Failure> {
    let text = response
        .text()
        .await
        .during("the server's answer broke off")?;
    serde_json::from_str(&text).during("the server's answer is not JSON")
}

async fn show(node: &Node, client: &Client, issued: Issued) -> Result<(), Failure> {
    let document = client.settled(&issued).await?;
    println!("factura {}", document["numero"].as_str().unwrap_or("?"));
    println!(
        "clave   {}",
        document["clave_acceso"].as_str().unwrap_or("?")
    );
    for event in events(node, &issued.id).await? {
        let millis = event.at.0 - issued.started_at;
        println!("{millis:>6} ms  {:<20} {}", event.kind, event.detail);
    }
    if document["estado"] != "AUTORIZADO" {
        return Err(Failure::new(format!("the sample invoice ended {document}")));
    }
    let xml = client
        .http
        .get(format!("{}/ver/{}/xml", client.url, issued.id))
        .send()
        .await
        .during("the authorized XML could not be fetched")?;
    let xml = xml.bytes().await.during("the authorized XML broke off")?;
    let name = |extension| {
        let name = format!("factura-001-001-{:09}.{extension}", issued.sequential);
        node.data.0.join(name)
    };
    let (file, body) = (name("xml"), node.data.0.join("factura.json"));
    write_durably(&file, &xml)?;
    let next = serde_json::to_vec_pretty(&sample::invoice(issued.sequential + 1))
        .during("the sample could not be written")?;
    write_durably(&body, &next)?;
    println!("\nXML autorizado     {}", file.display());
    println!("Base URL           {}", client.url);
    println!("X-Key              {}", client.api_key);
    println!("X-Password         {}", client.password);
    println!("\nEmita otra (cambie \"secuencial\" en el archivo para cada factura):\n");
    println!("curl -s {}/invoices/issue \\", client.url);
    println!(
        "  -H 'X-Key: {}' -H 'X-Password: {}' \\",
        client.api_key, client.password
    );
    println!(
        "  -H 'Content-Type: application/json' -d @{}",
        body.display()
    );
    Ok(())
}

async fn events(node: &Node, id: &str) -> Result<Vec<Event>, Failure> {
    let id: DocumentId = id.parse().during("the server answered a strange id")?;
    let account = install::sandbox_account(&*node.store)
        .await?
        .ok_or_else(|| Failure::new("the data directory has no account"))?;
    node.store
        .events(account.id, id)
        .await
        .during("the timeline could not be read")
}
