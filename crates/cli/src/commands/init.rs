//! `tagua init`.

use std::process::ExitCode;

use serde_json::json;
use tagua_pipeline::Clock;

use crate::args::InitOptions;
use crate::failure::Failure;
use crate::install::{self, DataDir, SAMPLE_RUC};
use crate::node::block_on;
use crate::world::SystemClock;

/// The address that `tagua start` listens on by default.
const URL: &str = "http://127.0.0.1:8080";

pub(crate) fn run(options: InitOptions) -> Result<ExitCode, Failure> {
    block_on(async {
        let data = DataDir(options.place.data.clone());
        let store = install::open(&options.place, || {}).await?;
        let (account, secrets) = install::prepare(&data, &*store).await?;
        let dir = options.place.data.display().to_string();
        let mut result = json!({ "data": dir, "url": URL, "ruc": SAMPLE_RUC });
        match secrets {
            Some(secrets) => {
                result["api_key"] = secrets.api_key.into();
                result["certificate_password"] = secrets.certificate_password.into();
                eprintln!("{dir} is ready. The key and the password are shown only now.");
            }
            None if options.new_key || options.new_password => {
                if options.new_key {
                    let key = install::new_key(&*store, &account, SystemClock.now()).await?;
                    result["api_key"] = key.into();
                    eprintln!("A new API key; the former ones stay valid.");
                }
                if options.new_password {
                    result["certificate_password"] =
                        install::new_sandbox(&data, &*store).await?.into();
                    eprintln!("A new sandbox password, for certificates made from now on.");
                }
                eprintln!("What is new is shown only now.");
            }
            None => {
                result["already_initialized"] = true.into();
                eprintln!(
                    "{dir} was initialized before; its secrets are not shown again.\n\
                     hint: `tagua init --data {dir} --new-key` makes another API key, \
                     `--new-password` another sandbox password."
                );
            }
        }
        print(&result, options.json);
        Ok(ExitCode::SUCCESS)
    })
}

fn print(result: &serde_json::Value, json: bool) {
    if json {
        println!("{result}");
        return;
    }
    for (name, value) in result.as_object().into_iter().flatten() {
        match value.as_str() {
            Some(text) => println!("{name:<21} {text}"),
            None => println!("{name:<21} {value}"),
        }
    }
}
