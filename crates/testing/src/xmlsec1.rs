//! `xmlsec1`, which verifies XML signatures.

use std::path::Path;
use std::process::Command;

/// Whose attribute `id` is an identifier.
const ROOTS: [&str; 6] = [
    "comprobanteRetencion",
    "factura",
    "guiaRemision",
    "liquidacionCompra",
    "notaCredito",
    "notaDebito",
];

/// Whether it verifies the signature of the document in this file, all three
/// references of it; and what it says.
///
/// # Panics
///
/// Where it cannot be started (see [`crate::has_tool`]).
#[track_caller]
pub fn verify(file: &Path) -> (bool, String) {
    let output = Command::new("xmlsec1")
        // Takes the key from the certificate in the file; nobody trusts its issuer.
        .args(["--verify", "--insecure"])
        .args(ROOTS.map(|root| ["--id-attr:id", root]).as_flattened())
        .args(["--id-attr:Id", "http://www.w3.org/2000/09/xmldsig#:KeyInfo"])
        .args([
            "--id-attr:Id",
            "http://uri.etsi.org/01903/v1.3.2#:SignedProperties",
        ])
        .arg(file)
        .output()
        .expect("xmlsec1 runs");
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    let three = said.contains("SignedInfo References (ok/all): 3/3");
    (output.status.success() && three, said)
}
