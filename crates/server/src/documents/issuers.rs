//! Who issues: looked up before the document is read, admitted after.

use tagua_fiscal::{Environment, Ruc};
use tagua_store::{Account, Issuer, NewIssuer};

use super::Order;
use crate::app::App;
use crate::error::ApiError;
use crate::keys::Head;
use crate::settings::IssuerSettings;

/// What the account knows of the issuer that a body names.
#[derive(Default)]
pub(super) struct KnownIssuer {
    /// Who was looked for.
    pub(super) ruc: Option<Ruc>,
    pub(super) issuer: Option<Issuer>,
    pub(super) settings: IssuerSettings,
}

impl KnownIssuer {
    pub(super) async fn find(
        app: &App,
        account: &Account,
        ruc: Option<Ruc>,
    ) -> Result<Self, ApiError> {
        let issuer = match ruc {
            Some(ruc) => app.store.issuer(account.id, ruc).await?,
            None => None,
        };
        let settings = match &issuer {
            Some(issuer) => settings(issuer)?,
            None => IssuerSettings::default(),
        };
        Ok(Self {
            ruc,
            issuer,
            settings,
        })
    }

    /// Why the account may not issue this, as parameter and words.
    pub(super) fn objection(
        &self,
        app: &App,
        account: &Account,
        head: &Head,
    ) -> Option<(&'static str, &'static str)> {
        if head.environment == Environment::Production && !app.config.production_enabled {
            return Some((
                "ambiente",
                "Esta instalación no está habilitada para producción: acepta solo ambiente 1. \
                 Habilítela con `tagua start --enable-production` cuando tenga el certificado y \
                 la autorización del SRI.",
            ));
        }
        let simulated =
            account.sandbox && app.signer.has_sandbox() && head.environment == Environment::Test;
        if self.issuer.is_none() && !simulated {
            return Some((
                "emisor.ruc",
                "Esta clave de API no puede emitir por ese RUC. Registre su certificado con \
                 `tagua cert add`.",
            ));
        }
        match &self.settings.closed_series {
            Some(open) if !open.contains(&head.series) => Some((
                "emisor.establecimiento",
                "El operador no ha abierto ese establecimiento y punto de emisión para este \
                 emisor. Use uno de los abiertos o pida que lo agregue a `closed_series`.",
            )),
            _ => None,
        }
    }

    /// The issuer, if the account may use it. In a sandbox any well-formed RUC
    /// may issue simulated documents.
    pub(super) async fn admit(
        &mut self,
        app: &App,
        order: &Order<'_>,
        head: &Head,
    ) -> Result<Issuer, ApiError> {
        if let Some((parameter, details)) = self.objection(app, order.account, head) {
            return order.refuse(parameter, details);
        }
        if let Some(issuer) = self.issuer.take() {
            return Ok(issuer);
        }
        let mut code_secret = [0; 32];
        app.random.fill(&mut code_secret);
        let new = NewIssuer {
            account: order.account.id,
            ruc: head.ruc,
            code_secret,
            at: app.clock.now(),
        };
        Ok(app.store.put_issuer(new).await?)
    }
}

/// Settings are checked when they are written: what cannot be read here was
/// written by something else.
fn settings(issuer: &Issuer) -> Result<IssuerSettings, ApiError> {
    if issuer.settings == "{}" {
        return Ok(IssuerSettings::default());
    }
    IssuerSettings::parse(&issuer.settings).map_err(|error| {
        tracing::error!(%error, ruc = %issuer.ruc, "an issuer's settings cannot be read");
        ApiError::Internal("stored settings cannot be read")
    })
}
