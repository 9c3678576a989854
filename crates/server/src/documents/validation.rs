//! Everything there is to say about a document before anybody issues it.
//! Nothing is stored, numbered or signed.

use tagua_fiscal::rules::Severity;
use tagua_fiscal::{AccessKey, Sequential};
use tagua_store::{DocumentId, Issuer, ListQuery};
use tagua_wire::{ErrorCode, WireContext, WireFinding};

use super::findings::{of_rule, of_size, of_structure};
use super::intake::{Intake, Request};
use super::issuers::KnownIssuer;
use super::order::Order;
use super::report::{Report, Said};
use super::understood::{context, key_without_number};
use crate::app::{App, in_ecuador};
use crate::error::ApiError;
use crate::keys::{self, Head};

/// The body of `POST /R/validate`. Only what is neither JSON nor XML is
/// refused.
pub(crate) async fn validate(app: &App, order: &Order<'_>) -> Result<String, ApiError> {
    let now = app.now();
    let intake = Intake::read(order.body, order.door);
    if let Err(findings) = intake.readable(order.collection) {
        return Err(order.refused(findings));
    }
    let mut known = KnownIssuer::find(app, order.account, intake.ruc()).await?;
    let context = context(order, &known.settings, &intake, now);
    let mut report = Report::default();
    report.refusals("peticion", order.vain_wish(&intake));
    let request = match intake.request(order.collection, &context) {
        Ok(request) => request,
        Err(findings) => {
            report.refusals("peticion", findings);
            return Ok(report.finish());
        }
    };
    let head = request.head();
    if known.ruc != Some(head.ruc) {
        known = KnownIssuer::find(app, order.account, Some(head.ruc)).await?;
    }
    report.refusals("emisor", objection(app, order, &known, &head));
    report.refusals("clave_acceso", key_without_number(&head));
    let sequential = number(app, order, known.issuer.as_ref(), &head).await?;
    let key = provisional_key(&head, sequential, known.issuer.as_ref());
    let taken = Taken { app, order };
    if let Some(issuer) = &known.issuer {
        report.refusals("numero", taken.number(issuer, &head, sequential).await?);
    }
    report.refusals("clave_acceso", taken.key(&head, sequential).await?);
    let warnings = intake.warnings(request.collection()).into_iter();
    report.say(warnings.map(|finding| Said::warning("peticion", finding)));
    report.totals = computed_totals(&intake, order, context);
    let rules = known.settings.rule_context(in_ecuador(now).date());
    check(&mut report, request, sequential, key, &rules);
    Ok(report.finish())
}

fn check(
    report: &mut Report,
    request: Request<'_>,
    sequential: Sequential,
    key: AccessKey,
    rules: &tagua_fiscal::rules::RuleContext,
) {
    let collection = request.collection();
    let draft = request.into_draft(sequential, key, rules);
    report.valid = draft.valid();
    let structural = draft.structural.iter();
    report.say(
        structural.map(|finding| Said::error("estructura", of_structure(collection, finding))),
    );
    report.say(of_size(&draft).map(|finding| Said::error("tamano", finding)));
    report.say(draft.rules.iter().map(|finding| Said {
        rule: finding.code.as_str(),
        warning: finding.severity == Severity::Warning,
        finding: of_rule(collection, finding),
    }));
    report.access_key = Some(key);
    report.xml = String::from_utf8(draft.canonical).ok();
}

fn objection(
    app: &App,
    order: &Order<'_>,
    known: &KnownIssuer,
    head: &Head,
) -> Option<WireFinding> {
    let (parameter, details) = known.objection(app, order.account, head)?;
    Some(WireFinding::new(
        parameter.to_owned(),
        ErrorCode::InvalidValue,
        details,
    ))
}

/// The number that was sent; for `auto` the one that would be handed out now.
async fn number(
    app: &App,
    order: &Order<'_>,
    issuer: Option<&Issuer>,
    head: &Head,
) -> Result<Sequential, ApiError> {
    if let Some(number) = head.sequential {
        return Ok(number);
    }
    let states = match issuer {
        Some(issuer) => app.store.series(order.account.id, issuer.id).await?,
        None => Vec::new(),
    };
    let own = states.iter().find(|state| {
        let key = state.key;
        (key.environment, key.document_type, key.series)
            == (head.environment, head.document_type, head.series)
    });
    let next = own.and_then(tagua_store::SeriesState::next);
    next.map_or_else(first_number, Ok)
}

fn first_number() -> Result<Sequential, ApiError> {
    Sequential::new(1).map_err(|_| ApiError::Internal("1 is no number"))
}

/// The key the document would get now. An issuer who is not registered yet has
/// no secret to make its code of.
fn provisional_key(head: &Head, sequential: Sequential, issuer: Option<&Issuer>) -> AccessKey {
    match issuer {
        Some(issuer) => keys::first(head, sequential, issuer),
        None => head.access_key.unwrap_or_else(|| head.key(sequential, 0)),
    }
}

/// `totales` as the lines give them, whatever was sent.
fn computed_totals(intake: &Intake<'_>, order: &Order<'_>, context: WireContext) -> Option<String> {
    let context = WireContext {
        complete_totals: true,
        ..context
    };
    let request = intake.request(order.collection, &context).ok()?;
    request.completed_totals()
}

/// Looks for what another document has already.
struct Taken<'t> {
    app: &'t App,
    order: &'t Order<'t>,
}

impl Taken<'_> {
    async fn number(
        &self,
        issuer: &Issuer,
        head: &Head,
        sequential: Sequential,
    ) -> Result<Option<WireFinding>, ApiError> {
        let query = ListQuery {
            document_type: Some(head.document_type),
            environment: Some(head.environment),
            issuer: Some(issuer.id),
            series: Some(head.series),
            sequential_from: Some(sequential),
            sequential_to: Some(sequential),
            limit: 1,
            ..ListQuery::default()
        };
        let by = self.first(&query).await?;
        Ok(by.map(|by| {
            let details = format!(
                "El número {}-{sequential} ya está en uso por el documento {by}. Use el siguiente \
                 secuencial, o corrija aquel documento con reissue.",
                head.series
            );
            WireFinding::new("secuencial".to_owned(), ErrorCode::InvalidValue, details)
        }))
    }

    async fn key(
        &self,
        head: &Head,
        sequential: Sequential,
    ) -> Result<Option<WireFinding>, ApiError> {
        let Some(key) = head.access_key else {
            return Ok(None);
        };
        let query = ListQuery {
            access_key: Some(key),
            limit: 1,
            ..ListQuery::default()
        };
        let page = self.app.store.list(self.order.account.id, &query).await?;
        let other = page.documents.first();
        // Of the same number the former finding spoke.
        let other = other.filter(|other| other.sequential != sequential);
        Ok(other.map(|other| {
            let details = format!(
                "La clave de acceso ya es del documento {}. Omítala para que se genere otra.",
                other.id
            );
            WireFinding::new("clave_acceso".to_owned(), ErrorCode::InvalidValue, details)
        }))
    }

    async fn first(&self, query: &ListQuery) -> Result<Option<DocumentId>, ApiError> {
        let page = self.app.store.list(self.order.account.id, query).await?;
        Ok(page.documents.first().map(|document| document.id))
    }
}
