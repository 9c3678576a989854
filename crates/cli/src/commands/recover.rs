//! `tagua recover`: after a database was restored by other means than ours.

use std::process::ExitCode;

use tagua_pipeline::Clock;
use tagua_store::UnixMillis;

use crate::args::RecoverOptions;
use crate::failure::Failure;
use crate::install::Registry;
use crate::node::block_on;
use crate::recovery;
use crate::world::SystemClock;

pub(crate) fn run(options: RecoverOptions) -> Result<ExitCode, Failure> {
    let since = UnixMillis(options.since.as_millisecond());
    if since > SystemClock.now() {
        let failure = Failure::new(format!("{} is in the future", options.since));
        return Err(failure.hint("give the time that the database was restored to"));
    }
    let plan = async |registry: &Registry| recovery::plan(&*registry.store, since).await;
    block_on(Registry::with(&options.place, plan))?;
    eprintln!(
        "The next `tagua start` first asks SRI about documents issued since {}.\n\
         Start one server and wait until it is ready before the others.",
        options.since
    );
    Ok(ExitCode::SUCCESS)
}
