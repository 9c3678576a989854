//! From an issuer and a password to a signed file, off the async threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use tagua_fiscal::Environment;
use tagua_pipeline::{Clock, Random};
use tagua_pkcs12::{Limits, OpenError};
use tagua_store::{Certificate, CertificateId, Issuer, NewCertificate, Store, StoreError};
use tagua_xades::{KeyCache, SignatureHash, SignatureIds, SigningKey, Unsigned};
use tokio::sync::{Mutex, Semaphore};
use zeroize::Zeroizing;

use crate::app::in_ecuador;
use crate::sandbox::{SandboxCertificates, SandboxRefusal};
use crate::signing_pool::SigningPool;

/// Signs documents. Holds no password and no key beyond the cache's idle time.
pub struct Signer {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    cache: KeyCache,
    hash: SignatureHash,
    sandbox: Option<Arc<dyn SandboxCertificates>>,
    /// As many signatures at once as the machine has cores.
    signing: SigningPool,
    /// Key derivation is the one expensive thing a client can ask for. The places
    /// go to the working threads: a client that leaves does not end their work.
    unlocking: Arc<Semaphore>,
    /// One sandbox certificate an issuer, however many ask at once.
    making: Mutex<()>,
    /// Whether a task is there that drops idle keys.
    watched: AtomicBool,
}

/// Why a document was not signed: words for the client. The document is stored all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignatureFailure(pub String);

/// A failure while signing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SignerError {
    /// The client's to mend: the document stays CREADO and says why.
    #[error("{0:?}")]
    Client(SignatureFailure),
    #[error("the storage failed")]
    Store(#[from] StoreError),
    #[error("{0}")]
    Defect(&'static str),
}

/// CONTRACT 9.3 prints this text for a wrong password.
const WRONG_PASSWORD: &str = "Clave de firma incorrecta, por favor inténtalo nuevamente.";

/// How often unlocked keys are looked at.
const IDLE_CHECK: Duration = Duration::from_secs(60);

impl Signer {
    /// `cores` signatures run at once. With `sandbox`, issuers of sandbox
    /// accounts get a certificate on first use.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        hash: SignatureHash,
        sandbox: Option<Arc<dyn SandboxCertificates>>,
        cores: usize,
    ) -> Self {
        let mut process_key = Zeroizing::new([0; 32]);
        random.fill(&mut *process_key);
        Self {
            store,
            clock,
            random,
            cache: KeyCache::new(&process_key),
            hash,
            sandbox,
            signing: SigningPool::new(cores),
            unlocking: Arc::new(Semaphore::new(cores.max(1))),
            making: Mutex::new(()),
            watched: AtomicBool::new(false),
        }
    }

    /// Whether issuers get simulated certificates on first use.
    pub(crate) const fn has_sandbox(&self) -> bool {
        self.sandbox.is_some()
    }

    /// The signed file of `canonical`.
    pub(crate) async fn sign(
        self: &Arc<Self>,
        issuer: &Issuer,
        sandbox_account: bool,
        environment: Environment,
        password: &str,
        canonical: Vec<u8>,
    ) -> Result<Vec<u8>, SignerError> {
        let key = self
            .key(issuer, sandbox_account, environment, password)
            .await?;
        let signer = Arc::clone(self);
        let signed = self.signing.run(move || signer.sign_now(&key, &canonical));
        signed
            .await
            .unwrap_or(Err(SignerError::Defect("a signing thread failed")))
    }

    fn sign_now(&self, key: &SigningKey, canonical: &[u8]) -> Result<Vec<u8>, SignerError> {
        let unsigned = Unsigned::new(canonical)
            .map_err(|_| SignerError::Defect("the canonical bytes have another shape"))?;
        let at = jiff::Timestamp::from_millisecond(self.clock.now().0).unwrap_or_default();
        let time = in_ecuador(at)
            .strftime("%Y-%m-%dT%H:%M:%S-05:00")
            .to_string();
        let mut bytes = [0; 32];
        self.random.fill(&mut bytes);
        tagua_xades::sign(
            &unsigned,
            key,
            self.hash,
            &time,
            SignatureIds::from_random(bytes),
        )
        .map_err(|error| {
            tracing::error!(%error, "a signature failed its own check");
            SignerError::Defect("the signature failed")
        })
    }

    async fn key(
        self: &Arc<Self>,
        issuer: &Issuer,
        sandbox_account: bool,
        environment: Environment,
        password: &str,
    ) -> Result<Arc<SigningKey>, SignerError> {
        let now = self.clock.now();
        let certificate = match self.certificate(issuer, environment).await? {
            Some(certificate) => certificate,
            None => {
                self.sandbox_certificate(issuer, sandbox_account, environment, password, None)
                    .await?
            }
        };
        if certificate.not_after.is_some_and(|end| end < now) {
            return client(
                "El certificado de firma está caducado. Registre uno vigente con `tagua cert add`.",
            );
        }
        let (sandbox, id) = (certificate.sandbox, certificate.id);
        match self.unlocked(certificate, issuer, password).await {
            // The sandbox may have been made anew, with another password.
            Err(SignerError::Client(failure)) if sandbox && failure.0 == WRONG_PASSWORD => {
                let anew = self
                    .sandbox_certificate(issuer, sandbox_account, environment, password, Some(id))
                    .await?;
                self.unlocked(anew, issuer, password).await
            }
            unlocked => unlocked,
        }
    }

    /// When the certificate that would sign ended, if it did and the store
    /// knows.
    pub(crate) async fn expired(
        &self,
        issuer: &Issuer,
        environment: Environment,
    ) -> Result<Option<jiff::Timestamp>, StoreError> {
        let now = self.clock.now();
        let certificate = self.certificate(issuer, environment).await?;
        let ended = certificate.and_then(|found| found.not_after);
        let ended = ended.filter(|end| *end < now);
        Ok(ended.and_then(|end| jiff::Timestamp::from_millisecond(end.0).ok()))
    }

    /// The newest certificate for the environment, a valid one before an expired one.
    async fn certificate(
        &self,
        issuer: &Issuer,
        environment: Environment,
    ) -> Result<Option<Certificate>, StoreError> {
        let now = self.clock.now();
        let mut certificates = self.store.certificates(issuer.account, issuer.id).await?;
        certificates.retain(|found| !found.sandbox || environment == Environment::Test);
        let valid = |found: &Certificate| found.not_after.is_none_or(|end| end >= now);
        let place = certificates.iter().position(valid).unwrap_or(0);
        Ok(certificates.into_iter().nth(place))
    }

    /// The key, from the cache where an earlier request unlocked it.
    async fn unlocked(
        self: &Arc<Self>,
        certificate: Certificate,
        issuer: &Issuer,
        password: &str,
    ) -> Result<Arc<SigningKey>, SignerError> {
        let id = certificate.id.0.to_le_bytes();
        let now_ms = self.clock.now().0.unsigned_abs();
        if let Some(key) = self.cache.get(&id, password.as_bytes(), now_ms) {
            return Ok(key);
        }
        let signer = Arc::clone(self);
        let password = Zeroizing::new(password.to_owned());
        let (ruc, seconds) = (issuer.ruc, self.clock.now().0 / 1000);
        let key = blocking(&self.unlocking, move || {
            // Of many that waited for a place the first has done the work.
            if let Some(key) = signer.cache.get(&id, password.as_bytes(), now_ms) {
                return Ok(key);
            }
            let key = open(&certificate.p12, &password, ruc.as_str(), seconds).map(Arc::new)?;
            signer
                .cache
                .insert(&id, password.as_bytes(), Arc::clone(&key), now_ms);
            Ok::<_, SignerError>(key)
        })
        .await??;
        self.watch_idle_keys();
        Ok(key)
    }

    /// Drops unlocked keys that nobody used for ten minutes. The server does it
    /// by itself while it has any.
    pub fn drop_idle_keys(&self) {
        self.cache.expire(self.clock.now().0.unsigned_abs());
    }

    /// How many keys are unlocked now.
    pub fn unlocked_keys(&self) -> usize {
        self.cache.len()
    }

    /// Without this the keys of a server that has nothing to sign would stay.
    fn watch_idle_keys(self: &Arc<Self>) {
        if self.watched.swap(true, Ordering::AcqRel) {
            return;
        }
        let signer = Arc::downgrade(self);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(IDLE_CHECK).await;
                let Some(signer) = signer.upgrade() else {
                    return;
                };
                signer.drop_idle_keys();
                signer.watched.store(false, Ordering::Release);
                // A key may come in between: whoever sets the mark watches it.
                if signer.cache.is_empty() || signer.watched.swap(true, Ordering::AcqRel) {
                    return;
                }
            }
        });
    }

    /// A certificate made on demand; `failed` is the one that did not open.
    async fn sandbox_certificate(
        &self,
        issuer: &Issuer,
        sandbox_account: bool,
        environment: Environment,
        password: &str,
        failed: Option<CertificateId>,
    ) -> Result<Certificate, SignerError> {
        let simulated = sandbox_account && environment == Environment::Test;
        let Some(sandbox) = self.sandbox.as_ref().filter(|_| simulated).map(Arc::clone) else {
            return client(
                "El emisor no tiene un certificado de firma para este ambiente. Regístrelo con \
                 `tagua cert add`.",
            );
        };
        let _one_at_a_time = self.making.lock().await;
        let found = self.certificate(issuer, environment).await?;
        if let Some(made) = found.filter(|found| Some(found.id) != failed) {
            return Ok(made);
        }
        let password = Zeroizing::new(password.to_owned());
        let (ruc, now) = (issuer.ruc, self.clock.now());
        let made = blocking(&self.unlocking, move || {
            sandbox.issue(ruc.as_str(), &password, now.0 / 1000)
        })
        .await?;
        let p12 = match made {
            Ok(p12) => p12,
            Err(SandboxRefusal::WrongPassword) => return client(WRONG_PASSWORD),
            Err(error @ SandboxRefusal::Unusable(_)) => {
                tracing::error!(%error, "no sandbox certificate could be made");
                return client("El certificado de pruebas no se pudo crear; vea el registro.");
            }
        };
        let mut sha256 = [0; 32];
        sha256.copy_from_slice(digest(&SHA256, &p12).as_ref());
        let certificate = NewCertificate {
            issuer: issuer.id,
            p12,
            sha256,
            sandbox: true,
            not_after: None,
            at: now,
        };
        Ok(self
            .store
            .add_certificate(issuer.account, certificate)
            .await?)
    }
}

/// Runs `work` on a blocking thread that keeps its place to the end.
async fn blocking<T: Send + 'static>(
    places: &Arc<Semaphore>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, SignerError> {
    let place = Arc::clone(places).acquire_owned().await;
    let place = place.map_err(|_| SignerError::Defect("stopping"))?;
    let span = tracing::Span::current();
    let work = move || {
        let done = span.in_scope(work);
        drop(place);
        done
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| SignerError::Defect("an unlocking thread ended"))
}

/// Opens the file and picks the key of `ruc`.
fn open(p12: &[u8], password: &str, ruc: &str, seconds: i64) -> Result<SigningKey, SignerError> {
    let bundle = tagua_pkcs12::open(p12, password, &Limits::default()).map_err(|error| {
        let text = match error {
            OpenError::WrongPassword => WRONG_PASSWORD.to_owned(),
            other => other.message_es(),
        };
        SignerError::Client(SignatureFailure(text))
    })?;
    let choice = tagua_pkcs12::choose(&bundle, Some(ruc), seconds)
        .map_err(|error| SignerError::Client(SignatureFailure(error.message_es())))?;
    if let Some(found) = choice.facts.ruc.as_ref().filter(|found| found.value != ruc) {
        return client(&format!(
            "El certificado es del RUC {} y el comprobante es del RUC {ruc}: el SRI lo rechazaría \
             (error 39). Registre el certificado del emisor.",
            found.value
        ));
    }
    let facts = &choice.facts;
    SigningKey::from_parts(
        &choice.pkcs8,
        &choice.certificate_der,
        &facts.issuer_rfc2253,
        &facts.serial_decimal,
    )
    .map_err(|error| {
        tracing::warn!(%error, "an unlocked key cannot sign");
        SignerError::Client(SignatureFailure(
            "La clave del certificado no sirve para firmar (debe ser RSA de 2048 bits o más)."
                .to_owned(),
        ))
    })
}

fn client<T>(text: &str) -> Result<T, SignerError> {
    Err(SignerError::Client(SignatureFailure(text.to_owned())))
}
