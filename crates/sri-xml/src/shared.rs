//! The parts of the model every document has.

use tagua_fiscal::invoice::{AdditionalField, FiscalMachine, LineDetail, TaxInfo};
use tagua_fiscal::{AccessKey, DocumentType, Environment, Ruc, Sequential, Series, ThreeDigits};

use crate::fields::Fields;
use crate::tree::Element;

/// Adds fields to an element under construction, in the order of the schema.
#[derive(Default)]
pub(crate) struct Children<'a>(Vec<Element<'a>>);

impl<'a> Children<'a> {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self(Vec::with_capacity(capacity))
    }

    pub(crate) fn text(&mut self, name: &'static str, value: &'a str) {
        self.0.push(Element::leaf(name, value));
    }

    pub(crate) fn maybe_text(&mut self, name: &'static str, value: Option<&'a String>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    /// Anything that prints as it is written.
    pub(crate) fn value(&mut self, name: &'static str, value: impl std::fmt::Display) {
        self.0.push(Element::leaf(name, value.to_string()));
    }

    pub(crate) fn maybe_value(
        &mut self,
        name: &'static str,
        value: Option<impl std::fmt::Display>,
    ) {
        if let Some(value) = value {
            self.value(name, value);
        }
    }

    pub(crate) fn date(&mut self, name: &'static str, date: jiff::civil::Date) {
        let (day, month, year) = (date.day(), date.month(), date.year());
        self.0.push(Element::leaf(
            name,
            format!("{day:02}/{month:02}/{year:04}"),
        ));
    }

    pub(crate) fn maybe_date(&mut self, name: &'static str, date: Option<jiff::civil::Date>) {
        if let Some(date) = date {
            self.date(name, date);
        }
    }

    pub(crate) fn maybe_yes_or_no(&mut self, name: &'static str, value: Option<bool>) {
        if let Some(yes) = value {
            self.text(name, if yes { "SI" } else { "NO" });
        }
    }

    pub(crate) fn element(&mut self, element: Element<'a>) {
        self.0.push(element);
    }

    /// An element with one element per item.
    pub(crate) fn list<T>(
        &mut self,
        name: &'static str,
        items: &'a [T],
        write: fn(&'a T) -> Element<'a>,
    ) {
        let items = items.iter().map(write).collect();
        self.element(Element::parent(name, items));
    }

    /// The same, left out when there are no items.
    pub(crate) fn maybe_list<T>(
        &mut self,
        name: &'static str,
        items: &'a [T],
        write: fn(&'a T) -> Element<'a>,
    ) {
        if !items.is_empty() {
            self.list(name, items, write);
        }
    }

    pub(crate) fn into_parent(self, name: &'static str) -> Element<'a> {
        Element::parent(name, self.0)
    }
}

/// `infoTributaria`.
pub(crate) fn tax_info(info: &TaxInfo, document: DocumentType) -> Element<'_> {
    let mut out = Children::with_capacity(13);
    out.value("ambiente", info.environment.digit());
    out.value("tipoEmision", info.emission_type);
    out.text("razonSocial", &info.legal_name);
    out.maybe_text("nombreComercial", info.trade_name.as_ref());
    out.text("ruc", info.ruc.as_str());
    out.text("claveAcceso", info.access_key.as_str());
    out.text("codDoc", document.code());
    out.text("estab", info.series.establishment.as_str());
    out.text("ptoEmi", info.series.point.as_str());
    out.value("secuencial", info.sequential);
    out.text("dirMatriz", &info.head_office_address);
    out.maybe_text("agenteRetencion", info.withholding_agent.as_ref());
    out.maybe_text("contribuyenteRimpe", info.rimpe_legend.as_ref());
    out.into_parent("infoTributaria")
}

/// Reads what [`tax_info`] writes.
pub(crate) fn read_tax_info(
    fields: &mut Fields<'_, '_>,
    document: DocumentType,
) -> Option<TaxInfo> {
    let environment = fields.parsed("ambiente", read_environment, "debe ser '1' o '2'");
    let emission_type = fields.parsed("tipoEmision", read_digit, "debe ser un dígito");
    let legal_name = fields.text("razonSocial");
    let trade_name = fields.maybe_text("nombreComercial");
    let ruc = fields.parsed("ruc", parse::<Ruc>, "debe tener 13 dígitos");
    let key_is = "debe tener 49 dígitos y el dígito verificador correcto";
    let access_key = fields.parsed("claveAcceso", parse::<AccessKey>, key_is);
    let type_is = format!("debe ser '{}'", document.code());
    let is_document = |code: &str| (code == document.code()).then_some(());
    let document = fields.parsed("codDoc", is_document, &type_is);
    let three = "debe tener tres dígitos";
    let establishment = fields.parsed("estab", parse::<ThreeDigits>, three);
    let point = fields.parsed("ptoEmi", parse::<ThreeDigits>, three);
    let sequential_is = "debe estar entre 000000001 y 999999999";
    let sequential = fields.parsed("secuencial", read_sequential, sequential_is);
    let head_office_address = fields.text("dirMatriz");
    let withholding_agent = fields.maybe_text("agenteRetencion");
    let rimpe_legend = fields.maybe_text("contribuyenteRimpe");
    document?;
    Some(TaxInfo {
        environment: environment?,
        emission_type: emission_type?,
        legal_name,
        trade_name,
        ruc: ruc?,
        access_key: access_key?,
        series: Series {
            establishment: establishment?,
            point: point?,
        },
        sequential: sequential?,
        head_office_address,
        withholding_agent,
        rimpe_legend,
    })
}

fn parse<T: std::str::FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

fn read_environment(text: &str) -> Option<Environment> {
    let mut chars = text.chars();
    let environment = Environment::from_digit(chars.next()?);
    environment.filter(|_| chars.next().is_none())
}

fn read_digit(text: &str) -> Option<u8> {
    let digit = text.parse().ok()?;
    (text.len() == 1).then_some(digit)
}

fn read_sequential(text: &str) -> Option<Sequential> {
    let all_digits = text.len() == 9 && text.bytes().all(|b| b.is_ascii_digit());
    let number = text.parse().ok().filter(|_| all_digits)?;
    Sequential::new(number).ok()
}

/// `maquinaFiscal`.
pub(crate) fn fiscal_machine(machine: &FiscalMachine) -> Element<'_> {
    let mut out = Children::with_capacity(3);
    out.text("marca", &machine.brand);
    out.text("modelo", &machine.model);
    out.text("serie", &machine.serial);
    out.into_parent("maquinaFiscal")
}

/// Reads what [`fiscal_machine`] writes.
pub(crate) fn read_fiscal_machine(fields: &mut Fields<'_, '_>) -> FiscalMachine {
    FiscalMachine {
        brand: fields.text("marca"),
        model: fields.text("modelo"),
        serial: fields.text("serie"),
    }
}

/// `campoAdicional`.
pub(crate) fn additional_field(field: &AdditionalField) -> Element<'_> {
    Element::leaf("campoAdicional", field.value.as_str()).with("nombre", field.name.as_str())
}

/// Reads what [`additional_field`] writes.
pub(crate) fn read_additional_field(fields: &mut Fields<'_, '_>) -> AdditionalField {
    AdditionalField {
        name: fields.attribute("nombre"),
        value: fields.own_text(),
    }
}

/// `detAdicional`.
pub(crate) fn line_detail(detail: &LineDetail) -> Element<'_> {
    Element::leaf("detAdicional", "")
        .with("nombre", detail.name.as_str())
        .with("valor", detail.value.as_str())
}

/// Reads what [`line_detail`] writes.
pub(crate) fn read_line_detail(fields: &mut Fields<'_, '_>) -> LineDetail {
    LineDetail {
        name: fields.attribute("nombre"),
        value: fields.attribute("valor"),
    }
}
