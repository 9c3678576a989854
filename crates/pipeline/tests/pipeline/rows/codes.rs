//! Every number of SRI's list: at the door, and beside a decision.

use std::collections::BTreeSet;

use tagua_sri::{CODES, CodeMeaning};
use tagua_store::Stage;

use super::{AUTHORIZED, KEY, RECEIVED, Reply, Row, authorized_after, listed, ours, returned};
use crate::answers::Entry;

use CodeMeaning::{
    AlreadyRegistered, DailyLimit, InProcessing, Question, Refused, SequentialRegistered,
    ServerTrouble, Warning,
};

/// The numbers and what each means for us.
const LIST: [(&str, CodeMeaning, &str); 40] = [
    ("2", Refused, "RUC del emisor no activo"),
    ("10", Refused, "establecimiento clausurado"),
    ("26", Refused, "tamaño máximo superado"),
    ("27", Refused, "clase no permitida"),
    ("28", Refused, "acuerdo de medios electrónicos"),
    ("34", Refused, "comprobante no autorizado"),
    ("35", Refused, "no cumple la estructura"),
    ("36", Refused, "versión descontinuada"),
    ("37", Refused, "RUC sin autorización de emisión"),
    ("39", Refused, "firma inválida"),
    ("40", Refused, "error en el certificado"),
    ("42", Refused, "certificado revocado o caducado"),
    ("43", AlreadyRegistered, "clave registrada"),
    ("45", SequentialRegistered, "secuencial registrado"),
    ("46", Refused, "RUC no existe"),
    ("47", Refused, "tipo de comprobante no existe"),
    ("48", Refused, "esquema no existe"),
    ("49", Refused, "argumentos nulos"),
    ("50", ServerTrouble, "error interno"),
    ("52", Refused, "error en diferencias"),
    ("56", Refused, "establecimiento cerrado"),
    ("57", Refused, "autorización suspendida"),
    ("58", Refused, "estructura de la clave"),
    ("59", Warning, "identificación no existe"),
    ("60", Warning, "ambiente de ejecución"),
    ("62", Warning, "identificación incorrecta"),
    ("63", Refused, "RUC clausurado"),
    ("64", Refused, "código de documento sustento"),
    ("65", Refused, "fecha extemporánea"),
    ("67", Refused, "fecha inválida"),
    ("68", Warning, "documento sustento"),
    ("69", Refused, "identificación del receptor"),
    ("70", InProcessing, "clave en procesamiento"),
    ("80", Question, "estructura de la clave consultada"),
    ("82", Refused, "fecha de inicio de transporte"),
    ("90", DailyLimit, "límite de intentos del día"),
    ("92", Refused, "devolución del IVA"),
    ("94", Refused, "régimen microempresa"),
    ("96", Refused, "no es agente de retención"),
    ("99", Question, "datos del servicio web"),
];

pub(super) fn rows() -> Vec<Row> {
    let of_code = |(number, means, name)| {
        [
            at_the_door(number, means, name),
            at_the_door_of_a_known_key(number, means, name),
            beside_no_autorizado(number, means, name),
            beside_autorizado(number, name),
        ]
    };
    LIST.into_iter().flat_map(of_code).collect()
}

/// DEVUELTA, and the authorization service does not know the key yet.
fn at_the_door(number: &str, means: CodeMeaning, name: &str) -> Row {
    let name = format!("DEVUELTA {number} ({name}), clave desconocida");
    let error = || returned(&[(number, "ERROR")]);
    let refused = |asked, stage| Row::new(&name, [error()], [asked], stage).keeps(&[number]);
    match means {
        Refused => refused(Reply::NotFound, Stage::Returned).history(&[
            "submission_started",
            "refused",
            "not_found",
        ]),
        SequentialRegistered => refused(Reply::NotFound, Stage::NeedsAttention)
            .says("ya está registrado (código 45)")
            .history(&[
                "submission_started",
                "refused_sequential_taken",
                "not_found",
            ]),
        DailyLimit => refused(Reply::NotFound, Stage::NeedsAttention)
            .says("no admite hoy más intentos")
            .history(&["submission_started", "refused_daily_limit", "not_found"]),
        // Never sent again while SRI may be at work on it.
        AlreadyRegistered | InProcessing => {
            let asked = [Reply::NotFound, Reply::NotFound, AUTHORIZED];
            Row::new(&name, [error()], asked, Stage::Authorized).history(&[
                "submission_started",
                "already_registered",
                "not_found",
                "not_found",
                "authorized",
            ])
        }
        ServerTrouble | Question | Warning => Row::new(
            &name,
            [error(), RECEIVED],
            [authorized_after(2)],
            Stage::Authorized,
        )
        .sent(2),
    }
}

/// DEVUELTA, and an earlier submission won.
fn at_the_door_of_a_known_key(number: &str, means: CodeMeaning, name: &str) -> Row {
    let name = format!("DEVUELTA {number} ({name}), pero AUTORIZADO");
    let caused = match means {
        Refused => "refused",
        SequentialRegistered => "refused_sequential_taken",
        DailyLimit => "refused_daily_limit",
        AlreadyRegistered | InProcessing => "already_registered",
        ServerTrouble | Question | Warning => "no_answer",
    };
    let door = [returned(&[(number, "ERROR")])];
    Row::new(name, door, [AUTHORIZED], Stage::Authorized).history(&[
        "submission_started",
        caused,
        "authorized",
    ])
}

/// `estado` decides, except where the message is about something else.
fn beside_no_autorizado(number: &str, means: CodeMeaning, name: &str) -> Row {
    let name = format!("NO AUTORIZADO {number} ({name})");
    let refusal = listed(&[Entry {
        state: "NO AUTORIZADO",
        number: None,
        date: Some("2023-11-14T17:13:20-05:00"),
        document: Some(&ours()),
        messages: &[(number, "ERROR")],
    }]);
    match means {
        AlreadyRegistered | InProcessing | Question => {
            Row::new(name, [RECEIVED], [refusal, AUTHORIZED], Stage::Authorized).history(&[
                "submission_started",
                "reception_confirmed",
                "in_process",
                "authorized",
            ])
        }
        _ => Row::new(name, [RECEIVED], [refusal], Stage::NotAuthorized)
            .keeps(&[number])
            .history(&[
                "submission_started",
                "reception_confirmed",
                "not_authorized",
            ]),
    }
}

/// Warnings at the door and beside the decision change nothing and are shown.
fn beside_autorizado(number: &str, name: &str) -> Row {
    let messages = &[(number, "ADVERTENCIA")];
    let warned = answers_received(messages);
    let authorized = listed(&[Entry {
        state: "AUTORIZADO",
        number: Some(KEY),
        date: Some("2023-11-14T17:13:20-05:00"),
        document: Some(&ours()),
        messages,
    }]);
    let name = format!("RECIBIDA y AUTORIZADO con la advertencia {number} ({name})");
    Row::new(name, [warned], [authorized], Stage::Authorized)
        .keeps(&[number])
        .history(&["submission_started", "reception_confirmed", "authorized"])
}

fn answers_received(messages: &[(&str, &str)]) -> Reply {
    super::text(crate::answers::returned(KEY, messages).replace("DEVUELTA", "RECIBIDA"))
}

#[test]
fn every_number_has_its_rows() {
    let listed: Vec<_> = LIST
        .iter()
        .map(|(number, means, _)| (number.parse().unwrap(), *means))
        .collect();
    assert_eq!(listed, CODES);
}

#[test]
fn the_list_is_that_of_the_reference() {
    let Some(shared) = tagua_testing::shared() else {
        return;
    };
    let text = std::fs::read_to_string(shared.join("sri/REFERENCE.md")).unwrap();
    let (_, section) = text.split_once("\n## 9. ").unwrap();
    let (section, _) = section.split_once("\n## 10. ").unwrap();
    let number = |line: &str| {
        let cell = line.strip_prefix("| ")?.split_whitespace().next()?;
        cell.parse::<u16>().ok()
    };
    let documented: BTreeSet<_> = section.lines().filter_map(number).collect();
    assert_eq!(documented, CODES.iter().map(|(code, _)| *code).collect());
}
