//! `tagua start`.

use std::process::ExitCode;
use std::time::Duration;

use crate::args::StartOptions;
use crate::failure::Failure;
use crate::node::{Node, NodeOptions, TestWorld, asked_to_stop, block_on};

pub(crate) fn run(options: StartOptions) -> Result<ExitCode, Failure> {
    let test_world = match options.simulator_url {
        Some(url) => TestWorld::Simulator(url),
        None if options.sri_test => TestWorld::Sri,
        None => TestWorld::Embedded,
    };
    let world = match &test_world {
        TestWorld::Embedded => "simulator".to_owned(),
        TestWorld::Simulator(url) => format!("simulator at {url}"),
        TestWorld::Sri => "SRI pruebas".to_owned(),
    };
    block_on(async {
        let node = Node::start(NodeOptions {
            serve: options.serve,
            test_world,
            enable_production: options.enable_production,
            hold: options.hold,
            sri_limit: options.sri_limit_ms.map(Duration::from_millis),
            lease: options.lease_ms.map(Duration::from_millis),
        })
        .await?;
        if let Some(secrets) = &node.secrets {
            // The first start on an empty directory does what `tagua init` does.
            eprintln!("X-Key: {}", secrets.api_key);
            eprintln!("X-Password: {}", secrets.certificate_password);
            eprintln!("The key and the password are shown only now.");
        }
        let asked_to_stop = asked_to_stop();
        eprintln!(
            "tagua {} ready at {} (ambiente 1: {world})",
            env!("CARGO_PKG_VERSION"),
            node.url()
        );
        asked_to_stop.await;
        eprintln!("stopping");
        node.stop().await;
        eprintln!("stopped");
        Ok(ExitCode::SUCCESS)
    })
}
