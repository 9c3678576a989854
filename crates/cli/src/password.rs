//! Passwords come from a file or a prompt, never from the command line, where
//! every user of the machine could read them.

use std::path::Path;

use zeroize::Zeroizing;

use crate::failure::{Failure, While};

/// The password in `file` without its line end, or what is typed.
pub(crate) fn read(file: Option<&Path>) -> Result<Zeroizing<String>, Failure> {
    let Some(file) = file else {
        return rpassword::prompt_password("Password of the certificate: ")
            .map(Zeroizing::new)
            .during("the password could not be read")
            .map_err(|failure| failure.hint("give it in a file with --password-file"));
    };
    let text = std::fs::read_to_string(file)
        .map(Zeroizing::new)
        .during(&format!("{} could not be read", file.display()))?;
    Ok(Zeroizing::new(
        text.trim_end_matches(['\r', '\n']).to_owned(),
    ))
}
