//! The answer of a validation.

use tagua_fiscal::AccessKey;
use tagua_wire::{JsonWriter, WireFinding};

/// One thing to say about a document.
pub(super) struct Said {
    /// Which check says it: a stable name.
    pub(super) rule: &'static str,
    /// Whether the document is valid all the same.
    pub(super) warning: bool,
    pub(super) finding: WireFinding,
}

impl Said {
    pub(super) const fn error(rule: &'static str, finding: WireFinding) -> Self {
        Self {
            rule,
            warning: false,
            finding,
        }
    }

    pub(super) const fn warning(rule: &'static str, finding: WireFinding) -> Self {
        Self {
            rule,
            warning: true,
            finding,
        }
    }
}

/// What was found; a document that is refused has no more than its refusals.
#[derive(Default)]
pub(super) struct Report {
    said: Vec<Said>,
    refused: bool,
    /// Whether the local checks found no error.
    pub(super) valid: bool,
    /// `totales` as they should be, JSON.
    pub(super) totals: Option<String>,
    /// The key that the document would get.
    pub(super) access_key: Option<AccessKey>,
    /// What would be signed.
    pub(super) xml: Option<String>,
}

impl Report {
    /// Findings for which an issue would answer 400.
    pub(super) fn refusals(
        &mut self,
        rule: &'static str,
        findings: impl IntoIterator<Item = WireFinding>,
    ) {
        for finding in findings {
            self.refused = true;
            self.said.push(Said::error(rule, finding));
        }
    }

    /// Findings that an issue would let pass.
    pub(super) fn say(&mut self, said: impl IntoIterator<Item = Said>) {
        self.said.extend(said);
    }

    pub(super) fn finish(self) -> String {
        let xml_bytes = self.xml.as_deref().map_or(0, str::len);
        let mut writer = JsonWriter::with_capacity(1024 + xml_bytes);
        writer.object(|w| {
            w.key("es_valida");
            w.boolean(self.valid && !self.refused);
            w.key("aceptable");
            w.boolean(!self.refused);
            w.key("hallazgos");
            w.array(|w| self.said.iter().for_each(|said| write(w, said)));
            w.key("totales");
            w.raw(self.totals.as_deref().unwrap_or("null"));
            w.key("clave_acceso");
            w.optional_string(self.access_key.as_ref().map(AccessKey::as_str));
            w.key("xml");
            w.optional_string(self.xml.as_deref());
        });
        writer.finish()
    }
}

fn write(w: &mut JsonWriter, said: &Said) {
    let finding = &said.finding;
    let parameter = Some(finding.parameter.as_str()).filter(|path| !path.is_empty());
    w.object(|w| {
        w.key("parameter");
        w.optional_string(parameter);
        w.key("code");
        w.string(finding.code.as_str());
        w.key("regla");
        w.string(said.rule);
        w.key("gravedad");
        w.string(if said.warning { "advertencia" } else { "error" });
        w.key("message");
        w.string(&finding.message);
        w.key("details");
        w.string(&finding.details);
    });
}
