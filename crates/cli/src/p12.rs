//! Opening a PKCS#12 file for a command.

use std::fs;
use std::path::Path;

use tagua_pipeline::Clock;
use tagua_pkcs12::{Choice, Limits};

use crate::failure::{Failure, While};
use crate::password;
use crate::world::SystemClock;

/// The file and the key in it that signs, preferring one of `ruc`.
pub(crate) fn open(
    file: &Path,
    password_file: Option<&Path>,
    ruc: Option<&str>,
) -> Result<(Vec<u8>, Choice), Failure> {
    let name = file.display();
    let bytes = fs::read(file).during(&format!("{name} could not be read"))?;
    let password = password::read(password_file)?;
    let bundle = tagua_pkcs12::open(&bytes, &password, &Limits::default()).map_err(|error| {
        Failure::caused(format!("{name} could not be opened"), &error).hint(error.message_es())
    })?;
    let seconds = SystemClock.now().0 / 1000;
    let choice = tagua_pkcs12::choose(&bundle, ruc, seconds).map_err(|error| {
        Failure::caused(format!("{name} has no key to sign with"), &error).hint(error.message_es())
    })?;
    Ok((bytes, choice))
}

/// What may still make SRI refuse.
pub(crate) fn warn(choice: &Choice) {
    for warning in &choice.warnings {
        eprintln!("warning: {}", warning.message_es());
    }
}
