//! What the reception service says, or fails to say.

use tagua_store::Stage;

use super::{
    AUTHORIZED, OTHER_KEY, RECEIVED, Reply, Row, authorized_after, listed, returned, text,
};
use crate::answers;
use crate::sri::HTML;

const ERROR: &str = "ERROR";
const WARNING: &str = "ADVERTENCIA";

pub(super) fn rows() -> Vec<Row> {
    let mut rows = vec![accepted(), nothing_left(), nothing_left_later()];
    for (name, reply) in nothing_said() {
        rows.push(nothing_said_and_sri_has_it(name, reply.clone()));
        rows.push(nothing_said_and_sri_has_nothing(name, reply));
    }
    rows.extend(other_clothes());
    rows.extend(mixed());
    rows.extend(for_ever());
    rows
}

fn accepted() -> Row {
    Row::new("RECIBIDA", [RECEIVED], [AUTHORIZED], Stage::Authorized).history(&[
        "submission_started",
        "reception_confirmed",
        "authorized",
    ])
}

/// The time ran out, or the connection was refused, before the body left.
fn nothing_left() -> Row {
    let door = [Reply::Refused, Reply::Refused, RECEIVED];
    Row::new("nada salió", door, [AUTHORIZED], Stage::Authorized)
        .sent(3)
        .unsent(2)
        .history(&[
            "submission_started",
            "not_sent",
            "submission_started",
            "not_sent",
            "submission_started",
            "reception_confirmed",
            "authorized",
        ])
}

/// The same, when an earlier submission may have arrived: counted, and asked about.
fn nothing_left_later() -> Row {
    let door = [Reply::TimedOut, Reply::Refused, RECEIVED];
    Row::new(
        "nada salió la segunda vez",
        door,
        [authorized_after(3)],
        Stage::Authorized,
    )
    .sent(3)
}

/// Whatever says nothing about the document.
fn nothing_said() -> Vec<(&'static str, Reply)> {
    let received = answers::RECEIVED;
    let latin = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>PRODUCCI\u{d3}N</a>";
    let latin = latin.chars().map(|c| u8::try_from(u32::from(c)).unwrap());
    let utf16 = [0xFEFF].into_iter().chain(received.encode_utf16());
    let fault = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><s:Fault>\
                 <faultstring>Could not open connection</faultstring></s:Fault></s:Body></s:Envelope>";
    vec![
        ("el tiempo se acabó", Reply::TimedOut),
        ("nunca contesta", Reply::Hang),
        ("conexión cortada", Reply::Broken),
        ("HTTP 500", Reply::Status(500)),
        ("HTTP 502", Reply::Status(502)),
        ("HTTP 503", Reply::Status(503)),
        ("HTTP 302", Reply::Status(302)),
        ("HTTP 404", Reply::Status(404)),
        ("HTML con HTTP 200", HTML),
        ("más de 2 MiB", Reply::TooLarge),
        ("vacía", text("")),
        ("en blanco", text(" \r\n")),
        ("solo BOM", text("\u{feff}")),
        ("cortada en una etiqueta", text(&received[..100])),
        (
            "cortada en el estado",
            text(received.split_at(received.find("DA</").unwrap()).0),
        ),
        (
            "cortada antes del final",
            text(received.trim_end_matches("</soap:Envelope>")),
        ),
        ("dos respuestas seguidas", text(received.repeat(2))),
        ("Latin-1", Reply::Raw(latin.collect())),
        (
            "UTF-16",
            Reply::Raw(utf16.flat_map(u16::to_le_bytes).collect()),
        ),
        (
            "UTF-8 roto",
            Reply::Raw([received.as_bytes(), b"\xc3\x28"].concat()),
        ),
        ("carácter nulo", text("\0\0\0\0")),
        ("JSON", text("{\"estado\":\"RECIBIDA\"}")),
        (
            "DTD",
            text(format!("<!DOCTYPE a [<!ENTITY b \"c\">]>{received}")),
        ),
        ("SOAP fault", text(fault)),
        ("la respuesta del otro servicio", listed(&[])),
        (
            "otra clave",
            text(answers::returned(OTHER_KEY, &[("35", ERROR)])),
        ),
        (
            "otra clave, 43",
            text(answers::returned(OTHER_KEY, &[("43", ERROR)])),
        ),
        (
            "estado desconocido",
            text(received.replace("RECIBIDA", "EN COLA")),
        ),
        (
            "sin estado",
            text(received.replace("<estado>RECIBIDA</estado>", "")),
        ),
        ("estado vacío", text(received.replace("RECIBIDA", ""))),
        (
            "DEVUELTA sin comprobantes",
            text(received.replace("RECIBIDA", "DEVUELTA")),
        ),
        ("DEVUELTA sin mensajes", returned(&[])),
        (
            "DEVUELTA solo con advertencias",
            returned(&[("35", WARNING), ("60", WARNING)]),
        ),
        ("código desconocido", returned(&[("777", ERROR)])),
        ("código vacío", returned(&[("", ERROR)])),
        ("código sin cifras", returned(&[("ORA-00001", ERROR)])),
        ("código enorme", returned(&[("99999999999", ERROR)])),
        (
            "50 y un código desconocido",
            returned(&[("50", ERROR), ("777", ERROR)]),
        ),
    ]
}

fn nothing_said_and_sri_has_it(name: &str, reply: Reply) -> Row {
    let name = format!("al enviar: {name}; el SRI lo tiene");
    Row::new(name, [reply], [AUTHORIZED], Stage::Authorized).history(&[
        "submission_started",
        "no_answer",
        "authorized",
    ])
}

fn nothing_said_and_sri_has_nothing(name: &str, reply: Reply) -> Row {
    let name = format!("al enviar: {name}; el SRI no lo tiene");
    let asked = [authorized_after(2)];
    Row::new(name, [reply, RECEIVED], asked, Stage::Authorized).sent(2)
}

/// The same words in other clothes.
fn other_clothes() -> Vec<Row> {
    let written = |state: &str| text(answers::RECEIVED.replace("RECIBIDA", state));
    let refused = |state: &str| text(as_text(&[("35", ERROR)]).replace("DEVUELTA", state));
    let bare = answers::RECEIVED.replace("soap:", "").replace("ns2:", "");
    let mut rows = Vec::new();
    for (name, reply) in [
        ("en minúsculas", written("recibida")),
        ("con tilde y blancos", written(" Recib\u{ed}da\r\n")),
        ("con BOM", text(format!("\u{feff}{}", answers::RECEIVED))),
        (
            "sin prefijos",
            text(
                bare.replace("<Envelope", "<x:Envelope")
                    .replace("</Env", "</x:Env"),
            ),
        ),
        (
            "con una advertencia",
            received_with(&[("59", WARNING), ("62", WARNING)]),
        ),
        ("con un mensaje de error", received_with(&[("35", ERROR)])),
        (
            "con la clave N/A",
            text(
                as_text(&[])
                    .replace("DEVUELTA", "RECIBIDA")
                    .replace(super::KEY, "N/A"),
            ),
        ),
    ] {
        let name = format!("RECIBIDA {name}");
        rows.push(
            Row::new(name, [reply], [AUTHORIZED], Stage::Authorized).history(&[
                "submission_started",
                "reception_confirmed",
                "authorized",
            ]),
        );
    }
    for (name, reply) in [
        ("en minúsculas", refused("devuelta")),
        ("con tilde y blancos", refused("\n Devu\u{e9}lta ")),
        ("sin tipo", returned(&[("35", "")])),
        ("con ceros y blancos", returned(&[(" 035 ", ERROR)])),
        (
            "con la clave N/A",
            text(as_text(&[("35", ERROR)]).replace(super::KEY, "N/A")),
        ),
        (
            "sin la clave",
            text(as_text(&[("35", ERROR)]).replace(super::KEY, "")),
        ),
    ] {
        let name = format!("DEVUELTA 35 {name}");
        rows.push(
            Row::new(name, [reply], [Reply::NotFound], Stage::Returned).history(&[
                "submission_started",
                "refused",
                "not_found",
            ]),
        );
    }
    rows
}

/// Several messages that mean different things, in both orders.
fn mixed() -> Vec<Row> {
    use Stage::{Authorized, NeedsAttention, Returned};
    let pairs: [([(&'static str, &'static str); 2], Stage); 14] = [
        ([("43", ERROR), ("65", ERROR)], Authorized),
        ([("70", ERROR), ("35", ERROR)], Authorized),
        ([("45", ERROR), ("70", ERROR)], Authorized),
        ([("90", ERROR), ("43", ERROR)], Authorized),
        ([("50", ERROR), ("43", ERROR)], Authorized),
        ([("70", "INFORMATIVO"), ("35", ERROR)], Authorized),
        ([("43", WARNING), ("52", ERROR)], Authorized),
        ([("35", ERROR), ("45", ERROR)], NeedsAttention),
        ([("39", ERROR), ("90", ERROR)], NeedsAttention),
        ([("45", WARNING), ("65", ERROR)], Returned),
        ([("90", "INFORMATIVO"), ("65", ERROR)], Returned),
        ([("50", ERROR), ("35", ERROR)], Returned),
        ([("777", ERROR), ("69", ERROR)], Returned),
        ([("60", WARNING), ("2", ERROR)], Returned),
    ];
    let mut rows = Vec::new();
    for ([first, second], stage) in pairs {
        for messages in [[first, second], [second, first]] {
            let name = format!("DEVUELTA con {messages:?}");
            let asked = match stage {
                Authorized => vec![Reply::NotFound, AUTHORIZED],
                _ => vec![Reply::NotFound],
            };
            let row = Row::new(name, [returned(&messages)], asked, stage);
            rows.push(match stage {
                NeedsAttention => row.says("código"),
                Returned => row.keeps(&messages.map(|(number, _)| number)),
                _ => row,
            });
        }
    }
    rows
}

/// What never changes ends before a person, after SRI's own 24 hours.
fn for_ever() -> Vec<Row> {
    let never = |name, reply| {
        Row::new(name, [reply], [Reply::NotFound], Stage::NeedsAttention)
            .says("no conoce la clave de acceso")
            .sent(26)
    };
    vec![
        never("siempre 43 y nunca consta", Reply::Returned("43")),
        never("siempre 70 y nunca consta", Reply::Returned("70")),
        never("siempre 50", Reply::Returned("50")),
        never("siempre un código desconocido", Reply::Returned("777")),
        never("siempre RECIBIDA y nunca consta", RECEIVED),
        never("siempre se acaba el tiempo", Reply::TimedOut),
    ]
}

fn received_with(messages: &[(&str, &str)]) -> Reply {
    text(as_text(messages).replace("DEVUELTA", "RECIBIDA"))
}

fn as_text(messages: &[(&str, &str)]) -> String {
    answers::returned(super::KEY, messages)
}
