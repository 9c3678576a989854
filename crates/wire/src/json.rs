//! A JSON document as it was written: numbers as raw text, members in order,
//! duplicate keys kept, the place of every member's value.

use std::borrow::Cow;
use std::ops::Range;

/// A JSON value that borrows from the body it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// The digits as written; the grammar of RFC 8259 was checked.
    Number(&'a str),
    /// The text with its escapes resolved.
    String(Cow<'a, str>),
    /// A list.
    Array(Vec<Value<'a>>),
    /// An object.
    Object(Object<'a>),
}

impl<'a> Value<'a> {
    /// Whether the value means "absent" where a value is optional (CONTRACT
    /// 2.3.3): `null`, a text of blanks, `[]`, `{}`.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Null => true,
            Self::String(text) => text.trim().is_empty(),
            Self::Array(values) => values.is_empty(),
            Self::Object(object) => object.members.is_empty(),
            Self::Bool(_) | Self::Number(_) => false,
        }
    }

    /// The members, when the value is an object.
    pub fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }
}

/// An object: its members in the order they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object<'a> {
    /// Every member, duplicates included.
    pub members: Vec<Member<'a>>,
}

impl<'a> Object<'a> {
    /// The value of `key`; of several members with this key the last counts.
    pub fn last(&self, key: &str) -> Option<&Value<'a>> {
        let member = self.members.iter().rev().find(|member| member.key == key);
        member.map(|member| &member.value)
    }
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member<'a> {
    /// Its key with escapes resolved.
    pub key: Cow<'a, str>,
    /// Its value.
    pub value: Value<'a>,
    /// The bytes of the value in the body, byte order mark included in the count.
    pub span: Range<usize>,
}
