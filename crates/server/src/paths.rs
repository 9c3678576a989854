//! Addresses as clients write them.

use hyper::{Request, Uri};

/// Clients join strings: a trailing slash and double slashes are harmless
/// (CONTRACT 2.1).
pub(crate) fn normalize<B>(request: &mut Request<B>) {
    let path = request.uri().path();
    let trailing = path.len() > 1 && path.ends_with('/');
    if !trailing && !path.contains("//") {
        return;
    }
    let mut clean = String::with_capacity(path.len());
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        clean.push('/');
        clean.push_str(segment);
    }
    if clean.is_empty() {
        clean.push('/');
    }
    if let Some(query) = request.uri().query() {
        clean.push('?');
        clean.push_str(query);
    }
    if let Ok(uri) = clean.parse::<Uri>() {
        *request.uri_mut() = uri;
    }
}

#[cfg(test)]
mod tests {
    use super::normalize;
    use hyper::Request;

    #[track_caller]
    fn check(sent: &str, expected: &str) {
        let mut request = Request::builder().uri(sent).body(()).unwrap();
        normalize(&mut request);
        assert_eq!(request.uri().to_string(), expected);
    }

    #[test]
    fn slashes_are_harmless() {
        check("/invoices/issue", "/invoices/issue");
        check("/invoices/issue/", "/invoices/issue");
        check("//invoices//issue//", "/invoices/issue");
        check("/ver/ab//xml/?download=1", "/ver/ab/xml?download=1");
        check("/", "/");
        check("///", "/");
    }
}
