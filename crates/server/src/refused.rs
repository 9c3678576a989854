//! Answers to what never became a request: hyper's own have no body, and a
//! connection that is refused has no handler.

use tagua_pipeline::Random;

use crate::request_id;
use crate::words::Words;

/// An answer to a connection and not to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    status: &'static str,
    words: Words,
    retry_after: Option<&'static str>,
}

const fn refused(
    status: &'static str,
    code: &'static str,
    message: &'static str,
    details: &'static str,
) -> Refused {
    Refused {
        status,
        words: Words::new(code, message, details),
        retry_after: None,
    }
}

pub(crate) const HEADER_TIMEOUT: Refused = refused(
    "408 Request Timeout",
    "REQUEST_TIMEOUT",
    "La petición no llegó a tiempo",
    "La cabecera tardó demasiado en llegar; repita la petición",
);

pub(crate) const TOO_MANY_CONNECTIONS: Refused = Refused {
    retry_after: Some("5"),
    ..refused(
        "429 Too Many Requests",
        "TOO_MANY_CONNECTIONS",
        "Demasiadas conexiones",
        "Su dirección ya tiene abiertas todas las conexiones que puede; reutilícelas (keep-alive) \
         o espere",
    )
};

const BAD: Refused = refused(
    "400 Bad Request",
    "INVALID_FORMAT",
    "La petición no es HTTP válido",
    "La primera línea o una cabecera está mal escrita; si usa https, este puerto habla http",
);

const LARGE_HEADER: Refused = refused(
    "431 Request Header Fields Too Large",
    "HEADER_TOO_LARGE",
    "La cabecera es demasiado grande",
    "Línea y cabeceras pueden tener hasta 16 KiB y 100 cabeceras; los datos van en el cuerpo",
);

const LONG_ADDRESS: Refused = refused(
    "414 URI Too Long",
    "HEADER_TOO_LARGE",
    "La dirección es demasiado larga",
    "La dirección puede tener hasta 16 KiB; los datos van en el cuerpo",
);

impl Refused {
    /// What hyper refuses by itself with these bytes, where it does. Every
    /// answer of ours has a request id, and none is a head without a body.
    pub(crate) fn of_hyper(bytes: &[u8]) -> Option<Self> {
        const LONGEST: usize = 256;
        let head = std::str::from_utf8(bytes.get(..LONGEST.min(bytes.len()))?).ok()?;
        let status = head.strip_prefix("HTTP/1.")?.get(2..5)?;
        let whole = bytes.len() < LONGEST && head.find("\r\n\r\n")? + 4 == bytes.len();
        if !whole || head.contains("x-request-id") || !head.contains("content-length: 0") {
            return None;
        }
        Some(match status {
            "400" => BAD,
            "414" => LONG_ADDRESS,
            "431" => LARGE_HEADER,
            _ => return None,
        })
    }

    /// The whole answer.
    pub(crate) fn bytes(&self, random: &dyn Random) -> Vec<u8> {
        let body = self.words.body();
        let id = request_id::new(random);
        let id = id.to_str().unwrap_or_default();
        let retry = self.retry_after.map_or(String::new(), |seconds| {
            format!("retry-after: {seconds}\r\n")
        });
        let length = body.len();
        format!(
            "HTTP/1.1 {}\r\ncontent-type: application/json; charset=utf-8\r\n\
             content-length: {length}\r\nconnection: close\r\n{retry}x-request-id: {id}\r\n\r\n{body}",
            self.status
        )
        .into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::{BAD, LARGE_HEADER, Refused};

    #[test]
    fn hypers_own_words_are_told_from_ours() {
        let bare =
            "HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\ndate: x\r\n\r\n";
        assert_eq!(Refused::of_hyper(bare.as_bytes()), Some(BAD));
        let bare = bare.replace("400", "431");
        assert_eq!(Refused::of_hyper(bare.as_bytes()), Some(LARGE_HEADER));
        for ours in [
            bare.replace("date", "x-request-id"),
            bare.replace("431", "404"),
            bare.replace("length: 0", "length: 7"),
            format!("{bare}more"),
            bare.trim_end().to_owned(),
            "HTTP/1.1 100 Continue\r\n\r\n".to_owned(),
            String::new(),
            "HTTP/1.\u{f1}\u{f1}\u{f1}".to_owned(),
        ] {
            assert_eq!(Refused::of_hyper(ours.as_bytes()), None, "{ours}");
        }
    }
}
