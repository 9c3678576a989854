//! `tagua issuer`: who issues, and what the operator decided about each.

use std::process::ExitCode;

use serde_json::{Value, json};
use tagua_fiscal::Ruc;
use tagua_server::IssuerSettings;
use tagua_server::settings::SETTINGS;
use tagua_store::Issuer;

use crate::args::{IssuerCommand, IssuerOptions};
use crate::failure::{Failure, While};
use crate::install::Registry;
use crate::node::block_on;

pub(crate) fn run(options: IssuerOptions) -> Result<ExitCode, Failure> {
    let (place, work) = (options.place, options.command);
    let work = async |registry: &Registry| command(registry, work).await;
    block_on(Registry::with(&place, work))?;
    Ok(ExitCode::SUCCESS)
}

async fn command(registry: &Registry, command: IssuerCommand) -> Result<(), Failure> {
    match command {
        IssuerCommand::List { json } => list(registry, json).await,
        IssuerCommand::Show { ruc, json } => {
            let issuer = registry.issuer(ruc).await?;
            show(issuer.ruc, &settings(&issuer)?, json);
            Ok(())
        }
        IssuerCommand::Set {
            ruc,
            new,
            settings: pairs,
            json,
        } => {
            let issuer = match new {
                true => registry.register(ruc).await?,
                false => registry.issuer(ruc).await?,
            };
            let mut settings = settings(&issuer)?;
            for pair in &pairs {
                let (name, value) = pair.split_once('=').ok_or_else(|| no_value(pair))?;
                settings.set(name.trim(), value).map_err(unusable)?;
            }
            store(registry, &issuer, &settings).await?;
            show(ruc, &settings, json);
            Ok(())
        }
        IssuerCommand::Unset { ruc, names, json } => {
            let issuer = registry.issuer(ruc).await?;
            let mut settings = settings(&issuer)?;
            for name in &names {
                settings.unset(name).map_err(unusable)?;
            }
            store(registry, &issuer, &settings).await?;
            show(ruc, &settings, json);
            Ok(())
        }
    }
}

fn no_value(pair: &str) -> Failure {
    Failure::new(format!("{pair} is no setting with its value")).hint(format!(
        "write {pair}=VALUE, or `tagua issuer unset` to remove it"
    ))
}

fn unusable(error: tagua_server::SettingsError) -> Failure {
    Failure::caused("the settings stay as they were", &error)
        .hint("`tagua issuer set --help` lists every setting")
}

fn settings(issuer: &Issuer) -> Result<IssuerSettings, Failure> {
    IssuerSettings::parse(&issuer.settings).during(&format!(
        "the stored settings of {} cannot be read",
        issuer.ruc
    ))
}

async fn store(
    registry: &Registry,
    issuer: &Issuer,
    settings: &IssuerSettings,
) -> Result<(), Failure> {
    registry
        .store
        .set_issuer_settings(registry.account.id, issuer.id, settings.to_json())
        .await
        .during("the settings were not stored")
}

async fn list(registry: &Registry, as_json: bool) -> Result<(), Failure> {
    let issuers = registry.issuers().await?;
    if as_json {
        let row = |issuer: &Issuer| {
            let settings = settings(issuer)?;
            Ok(json!({ "ruc": issuer.ruc.as_str(), "settings": settings.members() }))
        };
        let rows = issuers
            .iter()
            .map(row)
            .collect::<Result<Vec<_>, Failure>>()?;
        println!("{}", Value::Array(rows));
        return Ok(());
    }
    for issuer in &issuers {
        let settings = settings(issuer)?;
        let name = settings.legal_name.as_deref().unwrap_or("-");
        println!(
            "{}  {:>2} set  {name}",
            issuer.ruc,
            settings.members().len()
        );
    }
    if issuers.is_empty() {
        eprintln!("no issuer yet: `tagua cert add --p12 FILE` registers one");
    }
    Ok(())
}

fn show(ruc: Ruc, settings: &IssuerSettings, as_json: bool) {
    let members = settings.members();
    if as_json {
        println!("{}", json!({ "ruc": ruc.as_str(), "settings": members }));
        return;
    }
    println!("{:<24} {ruc}", "ruc");
    for field in SETTINGS {
        match members.get(field.name) {
            Some(Value::Object(entries)) => {
                for (entry, value) in entries {
                    println!("{:<24} {entry} {}", field.name, text(value));
                }
            }
            Some(value) => println!("{:<24} {}", field.name, text(value)),
            None => {}
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => {
            let texts: Vec<_> = values.iter().map(text).collect();
            texts.join(",")
        }
        other => other.to_string(),
    }
}
