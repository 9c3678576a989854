//! JSON that keeps what other readers drop: the order of members, keys that
//! occur twice, the text of numbers, and where everything stands.

/// A value with its text, which starts at byte `start` of the whole.
#[derive(Debug)]
pub(crate) struct Node<'t> {
    pub(crate) text: &'t str,
    pub(crate) start: usize,
    pub(crate) kind: Kind<'t>,
}

#[derive(Debug)]
pub(crate) enum Kind<'t> {
    Scalar,
    Array(Vec<Node<'t>>),
    Object(Vec<(String, Node<'t>)>),
}

/// Reads a whole text; `None` when it is not JSON.
pub(crate) fn read(text: &str) -> Option<Node<'_>> {
    // It knows the grammar; the reader below knows only where things end.
    serde_json::from_str::<serde::de::IgnoredAny>(text).ok()?;
    let mut reader = Reader { text, at: 0 };
    reader.value()
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn value(&mut self) -> Option<Node<'t>> {
        self.blanks();
        let start = self.at;
        let kind = match self.peek()? {
            b'{' => Kind::Object(self.members()?),
            b'[' => Kind::Array(self.elements()?),
            b'"' => {
                self.string()?;
                Kind::Scalar
            }
            _ => {
                while self
                    .peek()
                    .is_some_and(|byte| !b",]} \t\r\n".contains(&byte))
                {
                    self.at += 1;
                }
                Kind::Scalar
            }
        };
        let text = self.text.get(start..self.at)?;
        Some(Node { text, start, kind })
    }

    fn members(&mut self) -> Option<Vec<(String, Node<'t>)>> {
        let mut members = Vec::new();
        while self.goes_on(b'}')? {
            let start = self.at;
            self.string()?;
            let key = serde_json::from_str(self.text.get(start..self.at)?).ok()?;
            self.blanks();
            self.at += 1; // The colon.
            members.push((key, self.value()?));
        }
        Some(members)
    }

    fn elements(&mut self) -> Option<Vec<Node<'t>>> {
        let mut elements = Vec::new();
        while self.goes_on(b']')? {
            elements.push(self.value()?);
        }
        Some(elements)
    }

    /// Steps over the opening sign or a comma, or over `end`.
    fn goes_on(&mut self, end: u8) -> Option<bool> {
        self.blanks();
        if self.peek()? == end {
            self.at += 1;
            return Some(false);
        }
        self.at += 1;
        self.blanks();
        if self.peek()? == end {
            self.at += 1;
            return Some(false);
        }
        Some(true)
    }

    fn string(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Some(())
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

impl<'t> Node<'t> {
    /// Each key once: the last value at the place of the first.
    pub(crate) fn members(&self) -> Vec<(&str, &Node<'t>)> {
        let Kind::Object(all) = &self.kind else {
            return Vec::new();
        };
        let mut members: Vec<(&str, &Node<'_>)> = Vec::new();
        for (key, value) in all {
            match members.iter_mut().find(|(own, _)| own == key) {
                Some(earlier) => earlier.1 = value,
                None => members.push((key, value)),
            }
        }
        members
    }

    /// Every value of a key of the object.
    pub(crate) fn all(&self, wanted: &str) -> Vec<&Node<'t>> {
        let Kind::Object(all) = &self.kind else {
            return Vec::new();
        };
        let found = all.iter().filter(|(key, _)| key == wanted);
        found.map(|(_, value)| value).collect()
    }

    /// The value at `totales.impuestos.0.valor`.
    pub(crate) fn at(&self, path: &str) -> Option<&Node<'t>> {
        path.split('.')
            .try_fold(self, |node, step| match &node.kind {
                Kind::Array(elements) => elements.get(step.parse::<usize>().ok()?),
                Kind::Object(_) => node.all(step).pop(),
                Kind::Scalar => None,
            })
    }

    /// The text of a string, and the text of a number as it was written.
    pub(crate) fn plain(&self) -> String {
        serde_json::from_str(self.text).unwrap_or_else(|_| self.text.to_owned())
    }

    /// Where `other` differs from this: in type, order, or text of a number.
    pub(crate) fn difference(&self, other: &Node<'_>) -> Option<String> {
        match (&self.kind, &other.kind) {
            (Kind::Array(own), Kind::Array(others)) if own.len() == others.len() => {
                let mut pairs = own.iter().zip(others).enumerate();
                pairs.find_map(|(at, (a, b))| Some(format!("[{at}]{}", a.difference(b)?)))
            }
            (Kind::Object(_), Kind::Object(_)) => {
                let (own, others) = (self.members(), other.members());
                let keys = |all: &[(&str, &Node<'_>)]| -> Vec<String> {
                    all.iter().map(|(key, _)| (*key).to_owned()).collect()
                };
                if keys(&own) != keys(&others) {
                    return Some(format!(": {:?} is {:?}", keys(&own), keys(&others)));
                }
                let mut pairs = own.iter().zip(&others);
                pairs.find_map(|((key, a), (_, b))| Some(format!(".{key}{}", a.difference(b)?)))
            }
            (Kind::Scalar, Kind::Scalar) if self.same_scalar(other) => None,
            _ => Some(format!(": {} is {}", self.text, other.text)),
        }
    }

    fn same_scalar(&self, other: &Node<'_>) -> bool {
        let is_string = |node: &Node<'_>| node.text.starts_with('"');
        match (is_string(self), is_string(other)) {
            (true, true) => self.plain() == other.plain(),
            (false, false) => self.text == other.text,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn texts_are_kept() {
        let text = r#"{"a": [1.50, "\"]"], "b": {}, "a": [2, "x"], "c": 1}"#;
        let node = read(text).unwrap();
        assert_eq!(node.at("a.0").unwrap().text, "2");
        assert_eq!(node.all("a").len(), 2);
        assert_eq!(node.members().len(), 3);
        assert_eq!(&text[node.at("c").unwrap().start..], "1}");
        assert!(read("{\"a\": 1,}").is_none());
        assert!(read("").is_none());
    }

    #[test]
    fn differences_are_found() {
        let differs = |a: &str, b: &str| read(a).unwrap().difference(&read(b).unwrap());
        assert_eq!(differs("{\"a\":1}", "{ \"a\" : 1 }"), None);
        assert_eq!(differs("\"\\u00f1\"", "\"ñ\""), None);
        assert_eq!(differs("1.0", "1.00").as_deref(), Some(": 1.0 is 1.00"));
        assert_eq!(
            differs("{\"a\":[1]}", "{\"a\":[\"1\"]}").as_deref(),
            Some(".a[0]: 1 is \"1\"")
        );
        assert!(differs("{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}").is_some());
    }
}
