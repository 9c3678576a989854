//! `tagua simulator`.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use tagua_simulator::{Flush, Plan};

use crate::args::SimulatorOptions;
use crate::failure::{Failure, While};
use crate::node::{asked_to_stop, block_on, listen};
use crate::world;

fn plan(profile: Option<&Path>, seed: Option<u64>) -> Result<Plan, Failure> {
    let mut plan = match profile {
        None => Plan::default(),
        Some(path) => Plan::open(path)
            .during("the profile cannot be used")
            .map_err(|failure| failure.hint("docs/simulator.md shows the form of a profile"))?,
    };
    plan.seed = seed.unwrap_or(plan.seed);
    Ok(plan)
}

/// The authority of sandbox certificates is made by the server's directory.
const STRANGE: &str = "hint: no sandbox authority is trusted here, so sandbox certificates will be \
     refused with 39: give --data DATA/simulator, DATA being the server's directory";

pub(crate) fn run(options: SimulatorOptions) -> Result<ExitCode, Failure> {
    block_on(async {
        let mut config = tagua_simulator::Config::new(&options.data);
        let strange = options.trust.is_empty() && !options.data.join("sandbox-ca").is_dir();
        config.plan = plan(options.profile.as_deref(), options.seed)?;
        let severity = options.severity.map(tagua_simulator::Profile::from);
        config.profile = severity.or(config.plan.severity).unwrap_or_default();
        let latency = options.latency.or(config.plan.latency_ms);
        config.latency = Duration::from_millis(latency.unwrap_or_default());
        config.trusted_ca_pems = options.trust;
        if options.flush_behind {
            config.flush = Flush::Behind;
        }
        let simulator = tagua_simulator::Simulator::open(config, world::clock())
            .during("the simulator could not be started")?;
        let listener = listen(options.listen).await?;
        let address = listener.local_addr().during("the address is not known")?;
        let asked_to_stop = asked_to_stop();
        eprintln!("tagua simulator ready at http://{address}");
        if strange {
            eprintln!("{STRANGE}");
        }
        simulator
            .serve(listener, asked_to_stop)
            .await
            .during("the simulator ended")?;
        Ok(ExitCode::SUCCESS)
    })
}
