//! Who issues: looked up before the document is read, admitted after.

use tagua_fiscal::{Environment, Ruc};
use tagua_store::{Account, Issuer, NewIssuer};
use tagua_wire::DocumentRequest;

use super::Order;
use crate::app::App;
use crate::error::ApiError;

/// What the account knows of the issuer that a body names.
#[derive(Default)]
pub(super) struct KnownIssuer {
    issuer: Option<Issuer>,
}

impl KnownIssuer {
    pub(super) async fn find(
        app: &App,
        account: &Account,
        ruc: Option<Ruc>,
    ) -> Result<Self, ApiError> {
        let Some(ruc) = ruc else {
            return Ok(Self::default());
        };
        let issuer = app.store.issuer(account.id, ruc).await?;
        Ok(Self { issuer })
    }

    /// The issuer, if the account may use it. In a sandbox any well-formed RUC
    /// may issue simulated documents.
    pub(super) async fn admit(
        self,
        app: &App,
        order: &Order<'_>,
        request: &DocumentRequest,
    ) -> Result<Issuer, ApiError> {
        if request.environment == Environment::Production && !app.config.production_enabled {
            return order.refuse(
                "ambiente",
                "Esta instalación no está habilitada para producción: acepta solo ambiente 1. \
                 Habilítela con `tagua start --enable-production` cuando tenga el certificado y \
                 la autorización del SRI.",
            );
        }
        if let Some(issuer) = self.issuer.filter(|issuer| issuer.ruc == request.ruc) {
            return Ok(issuer);
        }
        let account = order.account;
        let simulated =
            account.sandbox && app.signer.has_sandbox() && request.environment == Environment::Test;
        if !simulated {
            return order.refuse(
                "emisor.ruc",
                "Esta clave de API no puede emitir por ese RUC. Registre su certificado con \
                 `tagua cert add`.",
            );
        }
        let mut code_secret = [0; 32];
        app.random.fill(&mut code_secret);
        let new = NewIssuer {
            account: account.id,
            ruc: request.ruc,
            code_secret,
            at: app.clock.now(),
        };
        Ok(app.store.put_issuer(new).await?)
    }
}
