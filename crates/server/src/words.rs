//! What a client reads of an error that is no finding about its request.

use tagua_wire::JsonWriter;

/// One error: a body of the same form as the findings' own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    /// Stable, for programs.
    pub(crate) code: &'static str,
    pub(crate) message: &'static str,
    /// What to do.
    pub(crate) details: &'static str,
    pub(crate) parameter: Option<&'static str>,
}

impl Words {
    pub(crate) const fn new(
        code: &'static str,
        message: &'static str,
        details: &'static str,
    ) -> Self {
        Self {
            code,
            message,
            details,
            parameter: None,
        }
    }

    /// JSON: the error, and again in `errors`.
    pub(crate) fn body(&self) -> String {
        let mut writer = JsonWriter::default();
        writer.object(|w| {
            self.write(w);
            w.key("errors");
            w.array(|w| w.object(|w| self.write(w)));
        });
        writer.finish()
    }

    fn write(&self, w: &mut JsonWriter) {
        w.key("message");
        w.string(self.message);
        w.key("code");
        w.string(self.code);
        w.key("details");
        w.string(self.details);
        w.key("parameter");
        w.optional_string(self.parameter);
        w.key("value");
        w.raw("null");
    }
}
