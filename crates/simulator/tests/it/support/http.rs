//! A client of a few lines, so that broken answers can be looked at, too.

use std::net::SocketAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) const RECEPTION: &str = "/comprobantes-electronicos-ws/RecepcionComprobantesOffline";
pub(crate) const AUTHORIZATION: &str =
    "/comprobantes-electronicos-ws/AutorizacionComprobantesOffline";

/// What came back before the connection closed.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Reply {
    /// Texts of all elements of that name.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        let tree = roxmltree::Document::parse(&self.body).expect("an answer in XML");
        let named = tree.descendants().filter(|node| node.has_tag_name(name));
        named
            .map(|node| node.text().unwrap_or_default().to_owned())
            .collect()
    }

    pub(crate) fn one(&self, name: &str) -> String {
        let mut all = self.all(name);
        assert_eq!(all.len(), 1, "{name} in {}", self.body);
        all.remove(0)
    }

    /// `estado` and the identifiers of the messages.
    pub(crate) fn outcome(&self) -> (String, Vec<String>) {
        let states = self.all("estado");
        let state = states.first().cloned().unwrap_or_default();
        (state, self.all("identificador"))
    }

    #[track_caller]
    pub(crate) fn expect(&self, state: &str, codes: &[&str]) {
        let (found_state, found_codes) = self.outcome();
        assert_eq!(
            (found_state.as_str(), found_codes),
            (state, strings(codes)),
            "{}",
            self.body
        );
    }

    #[track_caller]
    pub(crate) fn expect_detail(&self, part: &str) {
        let details = self.all("informacionAdicional").join("|");
        assert!(details.contains(part), "{part:?} is not in {details:?}");
    }
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

pub(crate) fn reception(document: &[u8]) -> String {
    envelope(&format!(
        "<ec:validarComprobante xmlns:ec=\"http://ec.gob.sri.ws.recepcion\"><xml>{}</xml></ec:validarComprobante>",
        STANDARD.encode(document)
    ))
}

pub(crate) fn query(key: &str) -> String {
    envelope(&format!(
        "<ec:autorizacionComprobante xmlns:ec=\"http://ec.gob.sri.ws.autorizacion\"><claveAccesoComprobante>{key}</claveAccesoComprobante></ec:autorizacionComprobante>"
    ))
}

pub(crate) fn envelope(body: &str) -> String {
    format!(
        "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Header/><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"
    )
}

pub(crate) async fn post(address: SocketAddr, path: &str, body: &str) -> Reply {
    post_as(address, path, "text/xml; charset=utf-8", body).await
}

pub(crate) async fn post_as(address: SocketAddr, path: &str, kind: &str, body: &str) -> Reply {
    let raw = post_raw(address, path, kind, body).await;
    parse(&raw)
}

/// Everything the server sent; empty when it closed without a word.
pub(crate) async fn post_raw(address: SocketAddr, path: &str, kind: &str, body: &str) -> Vec<u8> {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: {kind}\r\nSOAPAction: \"\"\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    exchange(address, &(head + body)).await
}

pub(crate) async fn get(address: SocketAddr, target: &str) -> Reply {
    let request = format!("GET {target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    parse(&exchange(address, &request).await)
}

pub(crate) async fn exchange(address: SocketAddr, request: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).await.expect("connects");
    // The server may answer and close before it has read everything.
    let _ = stream.write_all(request.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    answer
}

pub(crate) fn parse(raw: &[u8]) -> Reply {
    let text = std::str::from_utf8(raw).expect("UTF-8");
    let (head, body) = text.split_once("\r\n\r\n").expect("an HTTP answer");
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
    Reply {
        status: status.expect("a status"),
        head: head.to_owned(),
        body: body.to_owned(),
    }
}
