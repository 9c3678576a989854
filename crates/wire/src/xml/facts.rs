//! What is read of a tree: the elements that every type has under its own
//! names, and what of them is missing.

use jiff::civil::Date;
use tagua_fiscal::{AccessKey, Environment, Ruc, Sequential, Series, ThreeDigits};
use tagua_sri_xml::Element;

use super::forms;
use super::request::{HEAD, KEY, XmlReceiver, finding};
use crate::collection::Collection;
use crate::dates::parse_day;
use crate::finding::{ErrorCode, WireFinding};
use crate::json::Value;
use crate::text::{is_digits, zero_padded};

/// What must be there.
pub(super) struct Header {
    pub(super) version: String,
    pub(super) environment: Environment,
    pub(super) emission_type: u8,
    pub(super) ruc: Ruc,
    pub(super) series: Series,
    pub(super) sequential: Sequential,
    pub(super) issue_date: Date,
    pub(super) access_key: Option<AccessKey>,
    pub(super) receiver: XmlReceiver,
    pub(super) total: Option<String>,
}

/// What a document of this collection says, or everything it lacks.
pub(super) fn read_facts(
    tree: &Element<'_>,
    collection: Collection,
) -> Result<Header, Vec<WireFinding>> {
    let mut facts = Facts {
        root: tree,
        findings: Vec::new(),
    };
    // No header without a finding, and none with one.
    facts.header(collection).ok_or(facts.findings)
}

/// Where a type has what all types have.
struct Names {
    info: &'static str,
    date: &'static str,
    total: Option<&'static str>,
    /// Path, identification and name of the receiver.
    receiver: (&'static [&'static str], &'static str, &'static str),
}

const fn names(collection: Collection) -> Names {
    let (info, date, total) = match collection {
        Collection::Invoices => ("infoFactura", "fechaEmision", Some("importeTotal")),
        Collection::PurchaseSettlements => (
            "infoLiquidacionCompra",
            "fechaEmision",
            Some("importeTotal"),
        ),
        Collection::CreditNotes => ("infoNotaCredito", "fechaEmision", Some("valorModificacion")),
        Collection::DebitNotes => ("infoNotaDebito", "fechaEmision", Some("valorTotal")),
        Collection::Waybills => ("infoGuiaRemision", "fechaIniTransporte", None),
        Collection::Retentions | Collection::AtsRetentions => {
            ("infoCompRetencion", "fechaEmision", None)
        }
    };
    let receiver: (&[&str], &str, &str) = match collection {
        Collection::Invoices => (
            &["infoFactura"],
            "identificacionComprador",
            "razonSocialComprador",
        ),
        Collection::CreditNotes => (
            &["infoNotaCredito"],
            "identificacionComprador",
            "razonSocialComprador",
        ),
        Collection::DebitNotes => (
            &["infoNotaDebito"],
            "identificacionComprador",
            "razonSocialComprador",
        ),
        Collection::PurchaseSettlements => (
            &["infoLiquidacionCompra"],
            "identificacionProveedor",
            "razonSocialProveedor",
        ),
        Collection::Waybills => (
            &["destinatarios", "destinatario"],
            "identificacionDestinatario",
            "razonSocialDestinatario",
        ),
        Collection::Retentions | Collection::AtsRetentions => (
            &["infoCompRetencion"],
            "identificacionSujetoRetenido",
            "razonSocialSujetoRetenido",
        ),
    };
    Names {
        info,
        date,
        total,
        receiver,
    }
}

/// The root, and what was missed in it.
struct Facts<'t, 'a> {
    root: &'t Element<'a>,
    findings: Vec<WireFinding>,
}

impl<'t> Facts<'t, '_> {
    fn header(&mut self, collection: Collection) -> Option<Header> {
        let names = names(collection);
        let environment = self.head("ambiente", "1 (pruebas) o 2 (producción)", |text| {
            let digit = text.parse::<char>().ok()?;
            Environment::from_digit(digit)
        });
        let ruc = self.head("ruc", "el RUC del emisor, de 13 dígitos", |text| {
            text.parse().ok()
        });
        let establishment = self.head("estab", "los 3 dígitos del establecimiento", three_digits);
        let point = self.head("ptoEmi", "los 3 dígitos del punto de emisión", three_digits);
        let sequential = self.head("secuencial", "un número de 1 a 999999999", |text| {
            let digits = is_digits(text, 1, 9).then_some(text)?;
            Sequential::new(digits.parse().ok()?).ok()
        });
        let access_key: Option<AccessKey> =
            self.text(&[HEAD, KEY]).and_then(|text| text.parse().ok());
        let issue_date = self.issue_date(&names, access_key);
        Some(Header {
            version: self
                .root
                .attribute("version")
                .unwrap_or_default()
                .to_owned(),
            environment: environment?,
            emission_type: match self.text(&[HEAD, "tipoEmision"]) {
                Some("2") => 2,
                _ => 1,
            },
            ruc: ruc?,
            series: Series {
                establishment: establishment?,
                point: point?,
            },
            sequential: sequential?,
            issue_date: issue_date?,
            access_key,
            receiver: self.receiver(&names),
            total: names
                .total
                .and_then(|total| self.owned(&[names.info, total])),
        })
    }

    /// An element of `infoTributaria` that must be there and be `wanted`.
    fn head<T>(
        &mut self,
        name: &'static str,
        wanted: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        match self.text(&[HEAD, name]) {
            None => self.missing(&format!("{HEAD}/{name}"), wanted),
            Some(text) => {
                let value = read(text);
                if value.is_none() {
                    self.invalid(
                        ErrorCode::InvalidValue,
                        &format!("{HEAD}/{name}"),
                        wanted,
                        text,
                    );
                }
                value
            }
        }
    }

    fn issue_date(&mut self, names: &Names, key: Option<AccessKey>) -> Option<Date> {
        let sent = self.text(&[names.info, names.date]);
        let read = sent.and_then(|text| forms::day(text).or_else(|| parse_day(text)));
        let date = read.or_else(|| key?.parts().map(|parts| parts.date));
        if date.is_some() {
            return date;
        }
        let (element, wanted) = (
            format!("{}/{}", names.info, names.date),
            "una fecha que existe, como 18/11/2026",
        );
        match sent {
            None => self.missing(&element, wanted),
            Some(text) => {
                self.invalid(ErrorCode::InvalidFormat, &element, wanted, text);
                None
            }
        }
    }

    fn missing<T>(&mut self, element: &str, wanted: &str) -> Option<T> {
        let details = format!("Falta el elemento {element}: debe ser {wanted}");
        self.findings
            .push(finding(ErrorCode::MissingParameter, details));
        None
    }

    fn invalid(&mut self, code: ErrorCode, element: &str, wanted: &str, text: &str) {
        let details = format!("El elemento {element} debe ser {wanted}");
        let text: String = text.chars().take(300).collect();
        let finding = finding(code, details).with_value(&Value::String(text.into()));
        self.findings.push(finding);
    }

    fn receiver(&self, names: &Names) -> XmlReceiver {
        let (path, id, name) = names.receiver;
        let of = |element| {
            let path: Vec<&str> = path.iter().copied().chain([element]).collect();
            self.owned(&path).unwrap_or_default()
        };
        XmlReceiver {
            id: of(id),
            name: of(name),
            emails: self.emails(),
        }
    }

    fn emails(&self) -> Vec<String> {
        let fields = child(self.root, "infoAdicional").map(|fields| fields.children.as_slice());
        let named = fields.unwrap_or_default().iter().filter(|field| {
            let name = field.attribute("nombre").unwrap_or_default();
            is_email_name(name)
        });
        let mut emails: Vec<String> = Vec::new();
        let texts = named.map(|field| field.text.as_ref());
        for text in texts.chain(self.text(&["tipoNegociable", "correo"])) {
            for email in text.split([',', ';', ' ', '\n']).map(str::trim) {
                let known = emails.iter().any(|earlier| earlier == email);
                if email.contains('@') && !known && emails.len() < EMAILS_MAX {
                    emails.push(email.to_owned());
                }
            }
        }
        emails
    }

    fn owned(&self, path: &[&str]) -> Option<String> {
        self.text(path).map(str::to_owned)
    }

    /// The text at a path unless it is blank.
    fn text(&self, path: &[&str]) -> Option<&'t str> {
        let element = path
            .iter()
            .try_fold(self.root, |parent, name| child(parent, name))?;
        Some(element.text.trim()).filter(|text| !text.is_empty())
    }
}

/// More addresses than anybody writes into one document.
const EMAILS_MAX: usize = 50;

fn is_email_name(name: &str) -> bool {
    let name = name.trim().trim_end_matches(':').to_lowercase();
    matches!(
        name.as_str(),
        "email" | "e-mail" | "mail" | "correo" | "correo electronico" | "correo electrónico"
    )
}

fn child<'t, 'a>(parent: &'t Element<'a>, name: &str) -> Option<&'t Element<'a>> {
    let mut children = parent.children.iter();
    children.find(|child| child.local_name() == name)
}

fn three_digits(text: &str) -> Option<ThreeDigits> {
    let digits = is_digits(text, 1, 3).then(|| zero_padded(text, 3))?;
    digits.parse().ok()
}
