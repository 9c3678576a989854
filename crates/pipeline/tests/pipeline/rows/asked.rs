//! What the authorization service says, or fails to say.

use tagua_store::Stage;

use super::{AUTHORIZED, KEY, OTHER_KEY, RECEIVED, Reply, Row, listed, ours, text};
use crate::answers::{self, Entry};
use crate::sri::HTML;

const NOON: &str = "2025-07-16T12:00:00-05:00";

pub(super) fn rows() -> Vec<Row> {
    let mut rows = vec![empty(), counted_but_not_listed()];
    for (name, reply) in unusable() {
        rows.push(unusable_after_reception(name, reply.clone()));
        rows.push(unusable_after_a_refusal(name, reply));
    }
    rows.extend(spellings());
    rows.extend(histories());
    rows.extend(newest_refusals());
    rows.extend(other_bytes());
    rows.extend(dates());
    rows.extend(late());
    rows
}

fn authorized(document: &str) -> Entry<'_> {
    Entry {
        state: "AUTORIZADO",
        number: Some(KEY),
        date: Some(NOON),
        document: Some(document),
        messages: &[],
    }
}

fn refused(document: &str) -> Entry<'_> {
    Entry {
        state: "NO AUTORIZADO",
        number: None,
        messages: &[("39", "ERROR")],
        ..authorized(document)
    }
}

fn after_reception(name: impl Into<String>, asked: Vec<Reply>, stage: Stage) -> Row {
    Row::new(name, [RECEIVED], asked, stage)
}

fn empty() -> Row {
    let asked = vec![Reply::NotFound, Reply::NotFound, AUTHORIZED];
    after_reception("cero autorizaciones", asked, Stage::Authorized).history(&[
        "submission_started",
        "reception_confirmed",
        "not_found",
        "not_found",
        "authorized",
    ])
}

/// "One document" and none listed is no clean "not found": it confirms nothing.
fn counted_but_not_listed() -> Row {
    let one = answers::authorization(Some(KEY), &[]);
    let one = text(one.replace(">0</numero", ">1</numero"));
    let door = [Reply::Returned("35")];
    Row::new(
        "cuenta uno y no lista ninguno",
        door,
        [one, AUTHORIZED],
        Stage::Authorized,
    )
    .history(&["submission_started", "refused", "ask_failed", "authorized"])
}

/// Answers that are no answer to the question.
fn unusable() -> Vec<(&'static str, Reply)> {
    let ours = ours();
    let about = |consulted, entry| text(answers::authorization(consulted, &[entry]));
    let good = answers::authorization(Some(KEY), &[authorized(&ours)]);
    let other_number = Entry {
        number: Some(OTHER_KEY),
        ..authorized(&ours)
    };
    vec![
        ("el tiempo se acabó", Reply::TimedOut),
        ("nunca contesta", Reply::Hang),
        ("sin conexión", Reply::Refused),
        ("conexión cortada", Reply::Broken),
        ("HTTP 500", Reply::Status(500)),
        ("HTTP 503", Reply::Status(503)),
        ("más de 2 MiB", Reply::TooLarge),
        ("HTML", HTML),
        ("vacía", text("")),
        ("cortada", text(good.split_at(good.len() / 2).0)),
        (
            "UTF-8 roto",
            Reply::Raw([good.as_bytes(), b"\xff"].concat()),
        ),
        ("la respuesta del otro servicio", RECEIVED),
        (
            "otra clave consultada",
            about(Some(OTHER_KEY), authorized(&ours)),
        ),
        ("otro número", about(Some(KEY), other_number)),
        (
            "otra clave, refutada",
            about(Some(OTHER_KEY), refused(&ours)),
        ),
        (
            "otra clave, ninguna",
            text(answers::authorization(Some(OTHER_KEY), &[])),
        ),
    ]
}

fn unusable_after_reception(name: &str, reply: Reply) -> Row {
    let name = format!("al preguntar: {name}");
    after_reception(name, vec![reply, AUTHORIZED], Stage::Authorized).history(&[
        "submission_started",
        "reception_confirmed",
        "ask_failed",
        "authorized",
    ])
}

/// A refusal is not confirmed by an answer that says nothing.
fn unusable_after_a_refusal(name: &str, reply: Reply) -> Row {
    let name = format!("al preguntar por una DEVUELTA: {name}");
    let asked = [reply, Reply::NotFound];
    Row::new(name, [Reply::Returned("35")], asked, Stage::Returned).history(&[
        "submission_started",
        "refused",
        "ask_failed",
        "not_found",
    ])
}

fn spellings() -> Vec<Row> {
    let ours = ours();
    let alone = |state, number| {
        listed(&[Entry {
            state,
            number,
            ..refused(&ours)
        }])
    };
    let mut rows = Vec::new();
    for state in [
        "AUTORIZADO",
        "autorizado",
        "Autoriz\u{e1}do",
        "AUTORIZADA",
        "AUT",
        " AUTORIZADO\n",
    ] {
        let asked = vec![alone(state, Some(KEY))];
        rows.push(after_reception(
            format!("estado {state:?}"),
            asked,
            Stage::Authorized,
        ));
    }
    for state in [
        "NO AUTORIZADO",
        "no autorizado",
        "No  Autoriz\u{e1}do",
        "NO AUTORIZADA",
        "NAT",
        "RECHAZADO",
        "Rechazada",
    ] {
        let asked = vec![alone(state, None)];
        let row = after_reception(format!("estado {state:?}"), asked, Stage::NotAuthorized);
        rows.push(row.keeps(&["39"]));
    }
    // Asked about a refusal too: SRI works on the key, so an earlier submission won.
    for state in [
        "EN PROCESO",
        "en proceso",
        "EN  PROCESO",
        "En Proces\u{f3}",
        "EN PROCESAMIENTO",
        "PPR",
        "ppr",
        "",
        "ANULADO",
        "NO SE SABE",
    ] {
        for (door, caused) in [
            (RECEIVED, "reception_confirmed"),
            (Reply::Returned("35"), "refused"),
        ] {
            let asked = [alone(state, None), Reply::NotFound, AUTHORIZED];
            let name = format!("estado {state:?} tras {caused}");
            rows.push(Row::new(name, [door], asked, Stage::Authorized).history(&[
                "submission_started",
                caused,
                "in_process",
                "not_found",
                "authorized",
            ]));
        }
    }
    rows
}

/// Several `autorizacion`: each pair in both orders.
fn histories() -> Vec<Row> {
    use Stage::{Authorized, NotAuthorized};
    let ours = ours();
    let (won, lost) = (authorized(&ours), refused(&ours));
    let slashed = Entry {
        date: Some("31/12/2025 23:59:59"),
        ..lost
    };
    let newer = Entry {
        date: Some("2025-07-17T00:00:00-05:00"),
        ..lost
    };
    let early = Entry {
        date: Some("16/07/2025 11:59:59"),
        ..won
    };
    let open = Entry {
        state: "EN PROCESO",
        messages: &[],
        ..lost
    };
    let older = "<factura>otra revisión</factura>";
    let mut rows = Vec::new();
    for (name, pair, stage) in [
        (
            "AUTORIZADO y una refutación más nueva",
            [won, newer],
            Authorized,
        ),
        (
            "AUTORIZADO y una refutación del mismo momento",
            [won, lost],
            Authorized,
        ),
        (
            "AUTORIZADO y una refutación con fecha dd/mm",
            [won, slashed],
            Authorized,
        ),
        (
            "AUTORIZADO con fecha dd/mm y una refutación",
            [early, lost],
            Authorized,
        ),
        ("AUTORIZADO y EN PROCESO", [won, open], Authorized),
        ("AUTORIZADO dos veces", [won, won], Authorized),
        (
            "refutación de lo nuestro y de otros bytes",
            [lost, refused(older)],
            NotAuthorized,
        ),
    ] {
        for (order, entries) in in_both_orders(pair) {
            rows.push(after_reception(
                format!("{name}, {order}"),
                vec![listed(&entries)],
                stage,
            ));
        }
    }
    for (order, entries) in in_both_orders([open, lost]) {
        let asked = vec![listed(&entries), listed(&[lost])];
        let row = after_reception(
            format!("EN PROCESO y refutación, {order}"),
            asked,
            NotAuthorized,
        );
        rows.push(row.history(&[
            "submission_started",
            "reception_confirmed",
            "in_process",
            "not_authorized",
        ]));
    }
    let unnamed = Entry {
        number: None,
        ..won
    };
    let asked = vec![text(answers::authorization(None, &[unnamed])), AUTHORIZED];
    let row = after_reception("AUTORIZADO sin decir de qué clave", asked, Authorized);
    rows.push(row.history(&[
        "submission_started",
        "reception_confirmed",
        "in_process",
        "authorized",
    ]));
    rows
}

fn in_both_orders<'a>([a, b]: [Entry<'a>; 2]) -> [(&'static str, [Entry<'a>; 2]); 2] {
    [("en este orden", [a, b]), ("al revés", [b, a])]
}

/// Of two refusals the newest is shown: dates are moments, not texts.
fn newest_refusals() -> Vec<Row> {
    let ours = ours();
    let mut rows = Vec::new();
    for (name, older, newer) in [
        (
            "ISO",
            Some("2025-07-16T07:16:17-05:00"),
            Some("2025-07-16T09:00:00-05:00"),
        ),
        (
            "con milésimas",
            Some("2025-07-16T07:16:17-05:00"),
            Some("2025-07-16T07:16:17.250-05:00"),
        ),
        (
            "de otra hora local",
            Some("2025-07-16T12:00:00Z"),
            Some("2025-07-16T08:00:00-05:00"),
        ),
        (
            "dd/mm de otro mes",
            Some("31/01/2025 10:00:00"),
            Some("01/02/2025 09:00:00"),
        ),
        (
            "dd/mm y luego ISO",
            Some("31/01/2025 10:00:00"),
            Some("2025-02-01T00:00:00-05:00"),
        ),
        (
            "ISO y luego dd/mm",
            Some("2025-01-31T10:00:00-05:00"),
            Some("01/02/2025 00:00:00"),
        ),
        ("sin fecha", None, Some("01/02/2025 00:00:00")),
        ("fecha ilegible", Some("zzz"), Some("01/02/2025 00:00:00")),
    ] {
        let old = Entry {
            date: older,
            ..refused(&ours)
        };
        let new = Entry {
            date: newer,
            messages: &[("52", "ERROR")],
            ..old
        };
        for (order, entries) in in_both_orders([old, Entry { date: newer, ..new }]) {
            let name = format!("dos refutaciones, {name}, {order}");
            let row = after_reception(name, vec![listed(&entries)], Stage::NotAuthorized);
            rows.push(row.keeps(&["52"]).dated(newer));
        }
    }
    // Equal moments: the one listed last, in whichever spelling.
    let iso = refused(&ours);
    let slashed = Entry {
        date: Some("16/07/2025 12:00:00"),
        messages: &[("52", "ERROR")],
        ..iso
    };
    for (order, entries) in in_both_orders([iso, slashed]) {
        let name = format!("dos refutaciones del mismo momento, {order}");
        let last = [entries[1].messages[0].0];
        let row = after_reception(name, vec![listed(&entries)], Stage::NotAuthorized);
        rows.push(row.keeps(&last));
    }
    rows
}

fn other_bytes() -> Vec<Row> {
    let ours = ours();
    let theirs = ours.replace("V1R0", "V9R9");
    let (won, other) = (authorized(&ours), authorized(&theirs));
    let bare = Entry {
        document: None,
        ..won
    };
    let lines = ours.replace("><", ">\r\n<");
    let mut rows = Vec::new();
    for (name, entries) in [
        ("otros bytes", vec![other]),
        (
            "otros bytes y una refutación de los nuestros",
            vec![refused(&ours), other],
        ),
        ("otros bytes y otra sin comprobante", vec![other, bare]),
        ("otra sin comprobante y otros bytes", vec![bare, other]),
        ("sin firma dentro", vec![authorized("<factura/>")]),
    ] {
        for door in ["35", "43", "45", "50", "90"] {
            let asked = [listed(&entries)];
            let name = format!("AUTORIZADO: {name}, tras DEVUELTA {door}");
            let row = Row::new(name, [Reply::Returned(door)], asked, Stage::NeedsAttention);
            rows.push(row.says("un archivo distinto del que firmó este sistema"));
        }
    }
    for (name, entries) in [
        ("los nuestros y otros", vec![won, other]),
        ("otros y los nuestros", vec![other, won]),
        ("sin comprobante", vec![bare]),
        (
            "los nuestros con otros fines de línea",
            vec![authorized(&lines)],
        ),
    ] {
        let name = format!("AUTORIZADO: {name}");
        rows.push(after_reception(
            name,
            vec![listed(&entries)],
            Stage::Authorized,
        ));
    }
    rows
}

/// SRI's text is kept as it came; nothing is put where SRI said nothing.
fn dates() -> Vec<Row> {
    let ours = ours();
    let dates = [
        Some("2025-07-16T07:16:17.123-05:00"),
        Some("16/07/2025 07:16:17"),
        Some("ayer por la tarde"),
        Some("2025-13-45T99:00:00"),
        None,
    ];
    let dated = |date| {
        let asked = vec![listed(&[Entry {
            date,
            ..authorized(&ours)
        }])];
        let name = format!("AUTORIZADO con fecha {date:?}");
        after_reception(name, asked, Stage::Authorized).dated(date)
    };
    dates.into_iter().map(dated).collect()
}

/// Decisions hours later, and none at all.
fn late() -> Vec<Row> {
    let mut rows = Vec::new();
    for (name, before) in [
        ("EN PROCESO", Reply::Decided("EN PROCESO")),
        ("PPR", Reply::Decided("PPR")),
        ("estado raro", Reply::Decided("RARO")),
        ("HTTP 503", Reply::Status(503)),
        ("HTML", HTML),
    ] {
        for hours in [5, 23] {
            for (decision, stage) in [
                ("AUTORIZADO", Stage::Authorized),
                ("NO AUTORIZADO", Stage::NotAuthorized),
            ] {
                let then = Box::new((before.clone(), Reply::Decided(decision)));
                let name = format!("{hours} h de {name}, luego {decision}");
                rows.push(after_reception(
                    name,
                    vec![Reply::Until(1, hours, then)],
                    stage,
                ));
            }
        }
        if !matches!(before, Reply::Decided(_)) {
            continue;
        }
        let row = after_reception(
            format!("{name} para siempre"),
            vec![before],
            Stage::NeedsAttention,
        );
        rows.push(row.says("no decidió dentro de su plazo de 24 horas"));
    }
    rows
}
