//! A request that was read, with its issuer; then the work that is left.

use jiff::Timestamp;
use tagua_fiscal::{AccessKey, Environment, Sequential};
use tagua_store::failpoint::{self, Failpoint};
use tagua_store::{Document, Issuer, SeriesKey};
use tagua_wire::{ErrorCode, WireContext, WireFinding};

use super::findings::hold_strictly;
use super::intake::{Intake, Request};
use super::issuers::KnownIssuer;
use super::order::{Order, Purpose};
use crate::app::{App, in_ecuador};
use crate::draft::Draft;
use crate::error::ApiError;
use crate::keys::Head;
use crate::metrics::Reason;
use crate::settings::{IssuerSettings, Profile};

/// A request without complaints, of an issuer who may send it.
pub(super) struct Understood<'i> {
    request: Request<'i>,
    pub(super) head: Head,
    pub(super) issuer: Issuer,
    settings: IssuerSettings,
    /// Whether totals and taxes are the server's and not the client's.
    completed: bool,
}

impl<'i> Understood<'i> {
    /// Reads the body; every complaint about the request happens here.
    pub(super) async fn read(
        app: &App,
        order: &Order<'_>,
        intake: &'i Intake<'_>,
        now: Timestamp,
    ) -> Result<Self, ApiError> {
        let mut known = KnownIssuer::find(app, order.account, intake.ruc()).await?;
        let context = context(order, &known.settings, intake, now);
        let read = intake.request(order.collection, &context);
        let missing = match order.purpose {
            Purpose::Issue { password: None } => {
                Some(WireFinding::missing("X-Password".to_owned()))
            }
            _ => None,
        };
        let request = match (read, missing, order.vain_wish(intake)) {
            (Ok(request), None, None) => request,
            (read, missing, vain) => {
                let findings = read.err().into_iter().flatten();
                return Err(order.refused(findings.chain(missing).chain(vain).collect()));
            }
        };
        let head = request.head();
        if known.ruc != Some(head.ruc) {
            known = KnownIssuer::find(app, order.account, Some(head.ruc)).await?;
        }
        let issuer = known.admit(app, order, &head).await?;
        failpoint::hit(Failpoint::ServerParsed);
        Ok(Self {
            request,
            head,
            issuer,
            settings: known.settings,
            completed: context.complete_totals && matches!(intake, Intake::Json { .. }),
        })
    }

    /// What the document itself is not to blame for. Whoever is refused here
    /// may send the same again later.
    pub(super) async fn hold_before_storing(
        &self,
        app: &App,
        order: &Order<'_>,
    ) -> Result<(), ApiError> {
        let now = app.clock.now();
        let environment = self.head.environment;
        if environment == Environment::Production && app.health.clock.is_skewed(now) {
            app.metrics.refused(Reason::Clock);
            return Err(ApiError::ClockSkew);
        }
        if !matches!(order.purpose, Purpose::Issue { .. }) {
            return Ok(());
        }
        if let Some(ended) = app.signer.expired(&self.issuer, environment).await? {
            let ended = in_ecuador(ended).strftime("%d/%m/%Y").to_string();
            let details = format!(
                "El certificado de firma de este emisor está caducado desde el {ended}. Registre \
                 uno vigente con `tagua cert add` y repita la petición."
            );
            return order.refuse("emisor.ruc", &details);
        }
        let account = order.account.id;
        if app.limits.has_room(&*app.store, account, now).await? {
            return Ok(());
        }
        app.metrics.refused(Reason::Backlog);
        Err(ApiError::BacklogFull)
    }

    /// The number that was sent, or the next of the series: taken when nothing
    /// else can refuse the document any more.
    pub(super) async fn number(
        &self,
        app: &App,
        order: &Order<'_>,
        now: Timestamp,
    ) -> Result<Sequential, ApiError> {
        if let Some(number) = self.head.sequential {
            return Ok(number);
        }
        self.hold_before_numbering(order, now)?;
        let series = SeriesKey {
            account: order.account.id,
            issuer: self.issuer.id,
            environment: self.head.environment,
            document_type: self.head.document_type,
            series: self.head.series,
        };
        match app.store.reserve_sequential(series).await? {
            Some(number) => Ok(number),
            None => order.refuse(
                "secuencial",
                "La serie llegó a 999999999. Use otro punto de emisión.",
            ),
        }
    }

    /// The number that was sent, or the one the document has.
    pub(super) fn kept_number(
        &self,
        order: &Order<'_>,
        old: &Document,
    ) -> Result<Sequential, ApiError> {
        if let Some(number) = self.head.sequential {
            return Ok(number);
        }
        if self.head.series != old.series {
            return order.refuse(
                "secuencial",
                "La serie cambió: envíe el número que el documento tendrá en la nueva.",
            );
        }
        Ok(old.sequential)
    }

    /// A number that is handed out is gone, so whatever refuses does so before.
    fn hold_before_numbering(&self, order: &Order<'_>, now: Timestamp) -> Result<(), ApiError> {
        if let Some(finding) = key_without_number(&self.head) {
            return Err(order.refused(vec![finding]));
        }
        if order.profile(&self.settings) == Profile::Compatible {
            return Ok(());
        }
        let Ok(number) = Sequential::new(1) else {
            return Err(ApiError::Internal("1 is no number"));
        };
        let key = self.head.key(number, 0);
        let context = self.settings.rule_context(in_ecuador(now).date());
        let draft = self.request.clone().into_draft(number, key, &context);
        hold_strictly(order, self.request.collection(), &draft)
    }

    /// The document with its number and key, checked.
    pub(super) fn into_work(
        self,
        order: &Order<'_>,
        intake: &Intake<'_>,
        sequential: Sequential,
        key: AccessKey,
        now: Timestamp,
    ) -> Result<Work, ApiError> {
        let context = self.settings.rule_context(in_ecuador(now).date());
        let collection = self.request.collection();
        let external_id = self.request.external_id();
        let payment_due = self.request.payment_due();
        let filled = intake.filled(&self.request, sequential);
        let draft = self.request.into_draft(sequential, key, &context);
        if order.profile(&self.settings) == Profile::Strict {
            hold_strictly(order, collection, &draft)?;
        }
        Ok(Work {
            draft,
            issuer: self.issuer,
            filled,
            completed: self.completed,
            external_id,
            payment_due,
        })
    }
}

/// A key holds the number, so it cannot come before the number does.
pub(super) fn key_without_number(head: &Head) -> Option<WireFinding> {
    if head.sequential.is_some() || head.access_key.is_none() {
        return None;
    }
    let details = "La clave contiene el número: omítala cuando `secuencial` es \"auto\".";
    let parameter = "clave_acceso".to_owned();
    Some(WireFinding::new(
        parameter,
        ErrorCode::InvalidValue,
        details,
    ))
}

/// How the body is to be read, by the issuer's settings and the wishes of the
/// request.
pub(super) fn context(
    order: &Order<'_>,
    settings: &IssuerSettings,
    intake: &Intake<'_>,
    now: Timestamp,
) -> WireContext {
    let mut context = settings.wire_context(now, order.collection, intake.establishment());
    context.complete_totals |= order.wishes.complete_totals;
    context
}

/// A document that is to be signed and stored.
pub(super) struct Work {
    pub(super) draft: Draft,
    pub(super) issuer: Issuer,
    /// The body with what the server filled in.
    pub(super) filled: Option<Vec<u8>>,
    /// Whether totals and taxes are the server's and not the client's.
    pub(super) completed: bool,
    pub(super) external_id: Option<String>,
    pub(super) payment_due: Option<String>,
}
