//! `tagua series`: the numbers of each series.

use std::process::ExitCode;

use serde_json::{Value, json};
use tagua_fiscal::{DocumentType, Environment, Ruc};
use tagua_store::{SeriesKey, SeriesState, SetSeries};

use crate::args::{SeriesCommand, SeriesOptions};
use crate::failure::{Failure, While};
use crate::install::Registry;
use crate::node::block_on;

pub(crate) fn run(options: SeriesOptions) -> Result<ExitCode, Failure> {
    let (place, work) = (options.place, options.command);
    let work = async |registry: &Registry| command(registry, work).await;
    block_on(Registry::with(&place, work))?;
    Ok(ExitCode::SUCCESS)
}

async fn command(registry: &Registry, command: SeriesCommand) -> Result<(), Failure> {
    match command {
        SeriesCommand::List { ruc, json } => {
            let series = states(registry, ruc).await?;
            print(&series, json);
            if series.is_empty() {
                eprintln!("no documents and no counters yet");
            }
            Ok(())
        }
        SeriesCommand::Set {
            ruc,
            document_type,
            series,
            environment,
            last,
            json,
        } => {
            let issuer = registry.issuer(ruc).await?;
            let key = SeriesKey {
                account: registry.account.id,
                issuer: issuer.id,
                environment: digit(&environment)?,
                document_type: code(&document_type)?,
                series: series
                    .parse()
                    .during(&format!("{series} is no series"))
                    .map_err(|failure| failure.hint("write it as 001-002"))?,
            };
            set(registry, key, last).await?;
            let mut states = states(registry, ruc).await?;
            states.retain(|state| state.key == key);
            print(&states, json);
            Ok(())
        }
    }
}

async fn states(registry: &Registry, ruc: Ruc) -> Result<Vec<SeriesState>, Failure> {
    let issuer = registry.issuer(ruc).await?;
    let series = registry.store.series(registry.account.id, issuer.id);
    series.await.during("the series could not be read")
}

async fn set(registry: &Registry, key: SeriesKey, last: u32) -> Result<(), Failure> {
    let set = registry.store.set_last_sequential(key, last);
    match set.await.during("the number was not stored")? {
        SetSeries::Set => Ok(()),
        SetSeries::BelowStored { greatest } => Err(Failure::new(format!(
            "series {} has a document {greatest} already: its last number cannot be {last}",
            key.series
        ))
        .hint(format!("give {} or a greater number", greatest.get()))),
    }
}

fn digit(text: &str) -> Result<Environment, Failure> {
    let mut letters = text.chars();
    let digit = letters.next().filter(|_| letters.next().is_none());
    digit.and_then(Environment::from_digit).ok_or_else(|| {
        Failure::new(format!("{text} is no environment"))
            .hint("give 1 (pruebas and simulator) or 2 (producción)")
    })
}

fn code(text: &str) -> Result<DocumentType, Failure> {
    DocumentType::from_code(&format!("{text:0>2}")).ok_or_else(|| {
        let known = DocumentType::ALL.map(|kind| format!("{} {}", kind.code(), kind.name()));
        Failure::new(format!("{text} is no type of document"))
            .hint(format!("give one of: {}", known.join(", ")))
    })
}

fn print(series: &[SeriesState], as_json: bool) {
    if as_json {
        println!("{}", series.iter().map(row).collect::<Value>());
        return;
    }
    for state in series {
        let next = state
            .next()
            .map_or("full".to_owned(), |next| next.to_string());
        println!(
            "ambiente {}  {} {}  next {next}",
            state.key.environment.digit(),
            state.key.document_type.code(),
            state.key.series,
        );
    }
}

fn row(state: &SeriesState) -> Value {
    json!({
        "environment": state.key.environment.digit().to_string(),
        "type": state.key.document_type.code(),
        "series": state.key.series.to_string(),
        "counter": state.counter,
        "greatest": state.greatest.map(tagua_fiscal::Sequential::get),
        "next": state.next().map(tagua_fiscal::Sequential::get),
    })
}
