//! Documents with everything their schema knows.

use tagua_fiscal::credit_note::CreditNoteVersion;
use tagua_fiscal::debit_note::DebitNoteVersion;
use tagua_fiscal::invoice::InvoiceVersion;
use tagua_fiscal::purchase_settlement::PurchaseSettlementVersion;
use tagua_fiscal::waybill::WaybillVersion;
use tagua_fiscal::withholding::WithholdingVersion;
use tagua_sri_xml::schema::{Content, ElementRule, Form, Schema, ValueType};

use crate::shared::KEY;

pub(crate) fn schemas() -> [&'static Schema; 13] {
    [
        Schema::invoice(InvoiceVersion::V1_0_0),
        Schema::invoice(InvoiceVersion::V1_1_0),
        Schema::invoice(InvoiceVersion::V2_0_0),
        Schema::invoice(InvoiceVersion::V2_1_0),
        Schema::purchase_settlement(PurchaseSettlementVersion::V1_0_0),
        Schema::purchase_settlement(PurchaseSettlementVersion::V1_1_0),
        Schema::credit_note(CreditNoteVersion::V1_0_0),
        Schema::credit_note(CreditNoteVersion::V1_1_0),
        Schema::debit_note(DebitNoteVersion::V1_0_0),
        Schema::waybill(WaybillVersion::V1_0_0),
        Schema::waybill(WaybillVersion::V1_1_0),
        Schema::withholding(WithholdingVersion::V1_0_0),
        Schema::withholding(WithholdingVersion::V2_0_0),
    ]
}

/// A document with one of everything.
pub(crate) struct Full {
    pub(crate) xml: String,
    /// Path and text of every element and attribute that has one.
    pub(crate) texts: Vec<(String, String)>,
}

/// What stands in an element or attribute of this name; the number is how many
/// there were before.
type Fill = fn(&'static str, &'static ValueType, usize) -> String;

impl Full {
    /// Each text a mark of its own.
    pub(crate) fn marked(schema: &'static Schema) -> Self {
        Self::of(schema, |_, _, number| format!("marca {number}"))
    }

    /// Each text what its type wants.
    pub(crate) fn valid(schema: &'static Schema) -> Self {
        let mut full = Self::of(schema, |name, value, _| valid(name, *value));
        let code = format!("<codDoc>{}<", schema.document.code());
        full.xml = full.xml.replacen("<codDoc>01<", &code, 1);
        full
    }

    fn of(schema: &'static Schema, fill: Fill) -> Self {
        let (xml, texts) = (String::new(), Vec::new());
        let mut full = Self { xml, texts };
        full.element(&schema.root, "", schema.version, fill);
        full
    }

    fn element(&mut self, rule: &'static ElementRule, parent: &str, version: &str, fill: Fill) {
        let mut path = format!("{parent}/{}", rule.name);
        if rule.count_max > 1 {
            path.push_str("[1]");
        }
        self.xml.push_str(&format!("<{}", rule.name));
        for attribute in rule.attributes {
            let value = match attribute.name {
                "version" => version.to_owned(),
                "id" => "comprobante".to_owned(),
                name => self.text(format!("{path}/@{name}"), fill, name, &attribute.value),
            };
            self.xml
                .push_str(&format!(" {}=\"{value}\"", attribute.name));
        }
        self.xml.push('>');
        match &rule.content {
            Content::Value(value) => {
                let text = self.text(path, fill, rule.name, value);
                self.xml.push_str(&text);
            }
            Content::Sequence(rules) => {
                let unsigned = |rule: &&ElementRule| !matches!(rule.content, Content::Signature);
                for rule in rules.iter().filter(unsigned) {
                    self.element(rule, &path, version, fill);
                }
            }
            Content::Nothing | Content::Signature => {}
        }
        self.xml.push_str(&format!("</{}>", rule.name));
    }

    fn text(
        &mut self,
        path: String,
        fill: Fill,
        name: &'static str,
        value: &'static ValueType,
    ) -> String {
        let text = fill(name, value, self.texts.len());
        self.texts.push((path, text.clone()));
        text
    }
}

/// A text that the type and the readers of requests take.
fn valid(name: &str, value: ValueType) -> String {
    let text = match name {
        "ruc" => "1799999990001",
        "claveAcceso" => KEY,
        "moneda" => "DOLAR",
        "formaPago" => "20",
        "periodoFiscal" => "11/2026",
        "codigoPorcentaje" => "4",
        // Both, so that what depends on them is written.
        "tipoIdentificacionSujetoRetenido" => "08",
        "pagoLocExt" => "02",
        "aplicConvDobTrib" => "NO",
        "codDoc" | "codSustento" | "codDocSustento" | "tipoRegi" | "codDocModificado" => "01",
        "paisOrigen" | "paisDestino" | "paisAdquisicion" => "593",
        "paisEfecPago" | "codPaisPagoProveedorReembolso" => "593",
        _ => return of_type(value),
    };
    text.to_owned()
}

fn of_type(value: ValueType) -> String {
    let ValueType::Text {
        chars_min, form, ..
    } = value
    else {
        return "1.00".to_owned();
    };
    let length = usize::from(chars_min);
    match form {
        Form::Any | Form::OneLine => "texto".to_owned(),
        Form::Digits => "1".repeat(length),
        Form::Alphanumeric => "1".repeat(length.max(3)),
        Form::Capitals => "CIF".to_owned(),
        Form::Template(picture) => picture.replace('#', "1"),
        Form::Range(from, _) => from.to_owned(),
        Form::Date => "18/11/2026".to_owned(),
        Form::Month => "11/2026".to_owned(),
        Form::OneOf(texts) => texts.first().copied().unwrap().to_owned(),
    }
}
