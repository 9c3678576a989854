//! What of a document the tables have no place for.

use crate::json::{Member, Object, Value};

/// The member of a reading that holds it, by path.
pub(super) const KEY: &str = "xml_no_reconocido";

/// More than this help nobody; the rest is counted. The document itself is
/// stored in any case.
const KEPT_MAX: usize = 1_000;

/// Texts and attributes by their path.
#[derive(Debug, Default)]
pub(super) struct Unread<'t> {
    members: Vec<Member<'t>>,
    dropped: usize,
}

impl<'t> Unread<'t> {
    pub(super) fn add(&mut self, path: &str, text: &'t str) {
        if self.members.len() >= KEPT_MAX {
            self.dropped += 1;
            return;
        }
        self.members.push(Member {
            key: path.to_owned().into(),
            value: Value::String(text.trim().into()),
            span: 0..0,
        });
    }

    /// All of it as one value; `None` when there is nothing.
    pub(super) fn into_value(mut self) -> Option<Value<'t>> {
        if self.dropped > 0 {
            self.members.push(Member {
                key: "...".into(),
                value: Value::String(format!("{} más", self.dropped).into()),
                span: 0..0,
            });
        }
        let members = self.members;
        (!members.is_empty()).then_some(Value::Object(Object { members }))
    }
}
