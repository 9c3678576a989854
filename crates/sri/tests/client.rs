//! The client against a scripted peer on loopback.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

use std::time::Duration;

use tagua_sri::{CallError, Client, Endpoints, Limits, ReceptionState};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const KEY: &str = "2111202405176001321000110010010000001241234567810";
const RECEIVED: &str = "<RespuestaRecepcionComprobante><estado>RECIBIDA</estado><comprobantes/></RespuestaRecepcionComprobante>";

/// Serves one connection with `reply` after the whole request was read, and
/// gives back what was asked.
async fn peer(reply: Vec<u8>, linger: bool) -> (Client, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/", listener.local_addr().unwrap());
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let request = read_request(&mut stream).await;
        stream.write_all(&reply).await.unwrap();
        stream.flush().await.unwrap();
        if linger {
            std::future::pending::<()>().await;
        }
        request
    });
    let limits = Limits {
        connect: Duration::from_secs(2),
        total: Duration::from_millis(400),
        answer_bytes: 4096,
    };
    (Client::new(Endpoints::under(&base), limits).unwrap(), task)
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).await.unwrap();
        request.extend_from_slice(&buffer[..count]);
        if count == 0 || request.ends_with(b"</soapenv:Envelope>") {
            return String::from_utf8(request).unwrap();
        }
    }
}

fn http(status: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

#[tokio::test]
async fn submits_the_signed_file_in_base64() {
    let (client, peer) = peer(http("200 OK", RECEIVED), false).await;
    let answer = client
        .submit("<factura>ñ</factura>".as_bytes(), KEY)
        .await
        .unwrap();
    assert_eq!(answer.reading.state, ReceptionState::Received);
    assert_eq!(answer.raw, RECEIVED.as_bytes());
    let request = peer.await.unwrap();
    assert!(
        request.starts_with(
            "POST /comprobantes-electronicos-ws/RecepcionComprobantesOffline HTTP/1.1"
        )
    );
    assert!(request.contains("soapaction: \"\"\r\n"));
    assert!(request.contains("content-type: text/xml; charset=utf-8\r\n"));
    assert!(request.contains("<xml>PGZhY3R1cmE+w7E8L2ZhY3R1cmE+</xml>"));
}

#[tokio::test]
async fn asks_by_access_key() {
    let body = format!(
        "<RespuestaAutorizacionComprobante><claveAccesoConsultada>{KEY}</claveAccesoConsultada><numeroComprobantes>0</numeroComprobantes><autorizaciones/></RespuestaAutorizacionComprobante>"
    );
    let (client, peer) = peer(http("200 OK", &body), false).await;
    assert!(
        client
            .ask(KEY)
            .await
            .unwrap()
            .reading
            .authorizations
            .is_empty()
    );
    let request = peer.await.unwrap();
    assert!(request.contains("AutorizacionComprobantesOffline"));
    assert!(request.contains(&format!(
        "<claveAccesoComprobante>{KEY}</claveAccesoComprobante>"
    )));
}

#[tokio::test]
async fn nothing_left_when_nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let client = Client::new(Endpoints::under(&base), Limits::default()).unwrap();
    let error = client.submit(b"<factura/>", KEY).await.unwrap_err();
    assert!(matches!(error, CallError::NotConnected(_)), "{error:?}");
    assert!(!error.may_have_left());
}

#[track_caller]
fn check_ambiguous(error: &CallError, code: &str) {
    assert_eq!(error.code(), code, "{error:?}");
    assert!(error.may_have_left());
}

#[tokio::test]
async fn silence_is_a_timeout() {
    let (client, _peer) = peer(Vec::new(), true).await;
    check_ambiguous(
        &client.submit(b"<factura/>", KEY).await.unwrap_err(),
        "sri_timeout",
    );
}

#[tokio::test]
async fn a_slow_body_is_a_timeout() {
    let reply = b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n<Resp".to_vec();
    let (client, _peer) = peer(reply, true).await;
    check_ambiguous(
        &client.submit(b"<factura/>", KEY).await.unwrap_err(),
        "sri_timeout",
    );
}

#[tokio::test]
async fn a_cut_connection_is_broken() {
    for reply in [
        &b""[..],
        b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n<Resp",
    ] {
        let (client, _peer) = peer(reply.to_vec(), false).await;
        let error = client.submit(b"<factura/>", KEY).await.unwrap_err();
        check_ambiguous(&error, "sri_connection_broken");
    }
}

#[tokio::test]
async fn a_status_other_than_success_is_no_answer() {
    for status in [
        "500 Internal Server Error",
        "503 Service Unavailable",
        "302 Found",
    ] {
        let (client, _peer) = peer(http(status, RECEIVED), false).await;
        let error = client.submit(b"<factura/>", KEY).await.unwrap_err();
        check_ambiguous(&error, "sri_http_status");
        assert_eq!(error.evidence().unwrap(), RECEIVED.as_bytes());
    }
}

#[tokio::test]
async fn an_html_page_is_unreadable_and_kept() {
    let page = "<html><body>Mantenimiento programado</body></html>";
    let (client, _peer) = peer(http("200 OK", page), false).await;
    let error = client.ask(KEY).await.unwrap_err();
    check_ambiguous(&error, "sri_answer_unreadable");
    assert_eq!(error.evidence().unwrap(), page.as_bytes());
}

#[tokio::test]
async fn an_answer_above_the_limit_is_cut() {
    let (client, _peer) = peer(http("200 OK", &"x".repeat(10_000)), false).await;
    let error = client.ask(KEY).await.unwrap_err();
    check_ambiguous(&error, "sri_answer_too_large");
    assert_eq!(error.evidence().unwrap().len(), 4096);
}
