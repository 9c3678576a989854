//! TLS to the database, with the authorities the system trusts. Whether it is
//! used says `sslmode` of the URL.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use tagua_store::StoreError;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::error::unavailable;

pub(crate) fn connector() -> Result<MakeRustlsConnect, StoreError> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    // A machine without authorities can still speak to its own database.
    roots.add_parsable_certificates(found.certs);
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unavailable)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}
