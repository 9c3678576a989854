//! Places in a JSON object, by path: keys with dots between.

use std::borrow::Cow;

use super::tables::Blank;
use crate::json::{Member, Object, Value};

/// Puts a value at a path unless there is one already.
pub(super) fn put<'t>(object: &mut Object<'t>, path: &'static str, value: Value<'t>) -> bool {
    let (parent, key) = path.rsplit_once('.').unwrap_or(("", path));
    let Some(object) = object_at(object, parent) else {
        return false;
    };
    if object.last(key).is_some() {
        return false;
    }
    object.members.push(Member {
        key: Cow::Borrowed(key),
        value,
        span: 0..0,
    });
    true
}

/// The object at a path, made where it is absent; `None` where something else is.
pub(super) fn object_at<'o, 't>(
    mut object: &'o mut Object<'t>,
    path: &'static str,
) -> Option<&'o mut Object<'t>> {
    for key in path.split('.').filter(|key| !key.is_empty()) {
        match value_at(object, key, || Value::Object(Object::default()))? {
            Value::Object(inner) => object = inner,
            _ => return None,
        }
    }
    Some(object)
}

/// The same for a list.
pub(super) fn list_at<'o, 't>(
    object: &'o mut Object<'t>,
    path: &'static str,
) -> Option<&'o mut Vec<Value<'t>>> {
    let (parent, key) = path.rsplit_once('.').unwrap_or(("", path));
    match value_at(object_at(object, parent)?, key, || Value::Array(Vec::new()))? {
        Value::Array(list) => Some(list),
        _ => None,
    }
}

fn value_at<'o, 't>(
    object: &'o mut Object<'t>,
    key: &'static str,
    make: impl FnOnce() -> Value<'t>,
) -> Option<&'o mut Value<'t>> {
    let members = &mut object.members;
    let place = members.iter().position(|member| member.key == key);
    let place = place.unwrap_or_else(|| {
        members.push(Member {
            key: Cow::Borrowed(key),
            value: make(),
            span: 0..0,
        });
        members.len() - 1
    });
    members.get_mut(place).map(|member| &mut member.value)
}

/// Prints what is absent, where the object it would stand in is there.
pub(super) fn fill_blank(object: &mut Object<'_>, path: &'static str, blank: Blank) {
    if let Some((parent, _)) = path.rsplit_once('.') {
        let mut inner = Some(&*object);
        for key in parent.split('.') {
            inner = inner.and_then(|object| object.last(key)?.as_object());
        }
        if inner.is_none() {
            return;
        }
    }
    put(
        object,
        path,
        match blank {
            Blank::Null => Value::Null,
            Blank::Text => Value::String("".into()),
            Blank::Zero => Value::String("0.00".into()),
            Blank::False => Value::Bool(false),
            Blank::List => Value::Array(Vec::new()),
            Blank::Object => Value::Object(Object::default()),
        },
    );
}
