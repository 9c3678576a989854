//! The answer of `GET /readyz`.

use tagua_wire::JsonWriter;

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Check {
    /// A stable name.
    name: &'static str,
    good: bool,
    /// Whether the server cannot do its work without it.
    pub(super) matters: bool,
    /// What is wrong.
    reason: Option<String>,
    /// What the operator can do.
    action: Option<String>,
}

impl Check {
    pub(super) const fn good(name: &'static str) -> Self {
        Self {
            name,
            good: true,
            matters: true,
            reason: None,
            action: None,
        }
    }

    pub(super) fn bad(name: &'static str, reason: &str, action: &str) -> Self {
        Self {
            name,
            good: false,
            matters: true,
            reason: Some(reason.to_owned()),
            action: Some(action.to_owned()),
        }
    }
}

/// Everything that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Report(Vec<Check>);

impl Report {
    pub(super) fn of(checks: impl Into<Vec<Check>>) -> Self {
        Self(checks.into())
    }

    /// Whether documents can be accepted and carried on.
    pub(crate) fn ready(&self) -> bool {
        self.0.iter().all(|check| check.good || !check.matters)
    }

    /// As JSON.
    pub(crate) fn json(&self) -> String {
        let mut writer = JsonWriter::default();
        writer.object(|w| {
            w.key("listo");
            w.boolean(self.ready());
            w.key("revisiones");
            w.array(|w| {
                for check in &self.0 {
                    w.object(|w| {
                        w.key("nombre");
                        w.string(check.name);
                        w.key("bien");
                        w.boolean(check.good);
                        w.key("motivo");
                        w.optional_string(check.reason.as_deref());
                        w.key("que_hacer");
                        w.optional_string(check.action.as_deref());
                    });
                }
            });
        });
        writer.finish()
    }
}
