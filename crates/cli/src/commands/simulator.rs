//! `tagua simulator`.

use std::process::ExitCode;
use std::time::Duration;

use crate::args::SimulatorOptions;
use crate::failure::{Failure, While};
use crate::node::{asked_to_stop, block_on, listen};
use crate::world;

pub(crate) fn run(options: SimulatorOptions) -> Result<ExitCode, Failure> {
    block_on(async {
        let mut config = tagua_simulator::Config::new(&options.data);
        config.profile = options.profile.into();
        config.latency = Duration::from_millis(options.latency);
        config.trusted_ca_pems = options.trust;
        let simulator = tagua_simulator::Simulator::open(config, world::clock())
            .during("the simulator could not be started")?;
        let listener = listen(options.listen).await?;
        let address = listener.local_addr().during("the address is not known")?;
        eprintln!("tagua simulator ready at http://{address}");
        simulator
            .serve(listener, asked_to_stop())
            .await
            .during("the simulator ended")?;
        Ok(ExitCode::SUCCESS)
    })
}
