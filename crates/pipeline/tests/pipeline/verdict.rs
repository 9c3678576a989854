//! What SRI said, and what it means for one document.

use tagua_pipeline::{
    AuthorizationVerdict, Event, ReceptionVerdict, Refusal, authorization_verdict,
    reception_verdict,
};
use tagua_sri::{read_authorization, read_reception};
use tagua_store::UnixMillis;

use crate::answers::{self, Entry};

const KEY: &str = "0504202507099000419600120010640006186590001199614";
const SIGNED: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<factura id=\"comprobante\">\n<total>1.00</total>",
    "<ds:Signature><ds:SignatureValue Id=\"v\">\nQUJD\nREVG\n</ds:SignatureValue></ds:Signature>",
    "</factura>"
);
const AT: UnixMillis = UnixMillis(1_700_000_000_000);

fn reception(body: &str) -> ReceptionVerdict {
    reception_verdict(&read_reception(body.as_bytes(), KEY).unwrap(), AT)
}

/// The event of a DEVUELTA with messages of these numbers and kinds.
fn returned(messages: &[(&str, &str)]) -> Event {
    reception(&answers::returned(KEY, messages)).event
}

fn authorization_of(body: &str, revision: u32) -> AuthorizationVerdict {
    let answer = read_authorization(body.as_bytes(), KEY).unwrap();
    authorization_verdict(&answer, KEY, SIGNED.as_bytes(), revision)
}

fn authorization(entries: &[Entry<'_>]) -> AuthorizationVerdict {
    authorization_of(&answers::authorization(Some(KEY), entries), 0)
}

fn authorized() -> Entry<'static> {
    Entry {
        state: "AUTORIZADO",
        number: Some(KEY),
        date: Some("2025-07-16T07:16:17-05:00"),
        document: Some(SIGNED),
        messages: &[],
    }
}

fn refused() -> Entry<'static> {
    Entry {
        state: "NO AUTORIZADO",
        number: None,
        messages: &[("39", "ERROR")],
        ..authorized()
    }
}

fn other() -> String {
    SIGNED.replace("REVG", "WFla")
}

#[test]
fn recibida_is_kept() {
    let verdict = reception(answers::RECEIVED);
    assert_eq!(verdict.event, Event::ReceptionConfirmed);
    let kept = verdict.result.unwrap();
    assert_eq!((kept.state.as_str(), kept.at), ("RECIBIDA", AT.0));
    assert!(kept.messages.is_empty());
}

#[test]
fn every_number_of_the_reference_has_its_event() {
    for number in ["43", "70"] {
        assert_eq!(
            returned(&[(number, "ERROR")]),
            Event::AlreadyThere,
            "{number}"
        );
    }
    assert_eq!(
        returned(&[("45", "ERROR")]),
        Event::Refused(Refusal::SequentialTaken)
    );
    assert_eq!(
        returned(&[("90", "ERROR")]),
        Event::Refused(Refusal::DailyLimit)
    );
    let refusals = [
        2, 10, 26, 27, 28, 34, 35, 36, 37, 39, 40, 42, 46, 47, 48, 49, 52, 56, 57, 58, 63, 64, 65,
        67, 69, 82, 92, 94, 96,
    ];
    for number in refusals.map(|number| number.to_string()) {
        let event = returned(&[(&number, "ERROR")]);
        assert_eq!(event, Event::Refused(Refusal::Content), "{number}");
    }
    for number in ["50", "777", "0", "", "x", "-35", "99999999999"] {
        assert_eq!(returned(&[(number, "ERROR")]), Event::NoAnswer, "{number}");
    }
}

#[test]
fn a_refusal_keeps_its_messages() {
    let kept = reception(&answers::returned(KEY, &[("35", "ERROR")]))
        .result
        .unwrap();
    assert_eq!(kept.state, "DEVUELTA");
    let [message] = kept.messages.as_slice() else {
        panic!("{kept:?}");
    };
    assert_eq!(message.identifier, "35");
    assert_eq!(message.message, "TEXTO 35");
    assert_eq!(message.kind, "ERROR");
    assert_eq!(message.additional.as_deref(), Some("detalle de 35"));
}

#[test]
fn what_decides_nothing_is_not_kept() {
    for body in [
        answers::returned(KEY, &[("50", "ERROR")]),
        answers::returned(KEY, &[]),
        answers::RECEIVED.replace("RECIBIDA", "EN COLA"),
        answers::RECEIVED.replace("<estado>RECIBIDA</estado>", ""),
    ] {
        let verdict = reception(&body);
        assert_eq!(
            (verdict.event, verdict.result),
            (Event::NoAnswer, None),
            "{body}"
        );
    }
}

#[test]
fn of_several_messages_the_key_weighs_most() {
    let error = "ERROR";
    for (numbers, event) in [
        (vec![("35", error), ("43", error)], Event::AlreadyThere),
        (vec![("43", error), ("35", error)], Event::AlreadyThere),
        (vec![("45", error), ("70", error)], Event::AlreadyThere),
        (
            vec![("35", error), ("70", "INFORMATIVO")],
            Event::AlreadyThere,
        ),
        (
            vec![("35", error), ("45", error)],
            Event::Refused(Refusal::SequentialTaken),
        ),
        (
            vec![("39", error), ("90", error)],
            Event::Refused(Refusal::DailyLimit),
        ),
        (
            vec![("50", error), ("35", error)],
            Event::Refused(Refusal::Content),
        ),
    ] {
        assert_eq!(returned(&numbers), event, "{numbers:?}");
    }
}

#[test]
fn warnings_refuse_nothing() {
    for kind in ["ADVERTENCIA", "advertencia", "INFORMATIVO"] {
        assert_eq!(returned(&[("35", kind)]), Event::NoAnswer, "{kind}");
        assert_eq!(
            returned(&[("45", kind), ("50", "ERROR")]),
            Event::NoAnswer,
            "{kind}"
        );
        assert_eq!(
            returned(&[("45", kind), ("35", "ERROR")]),
            Event::Refused(Refusal::Content),
            "{kind}"
        );
    }
    assert_eq!(returned(&[("35", "")]), Event::Refused(Refusal::Content));
}

#[test]
fn autorizado_over_our_bytes() {
    let verdict = authorization(&[authorized()]);
    assert_eq!(verdict.event, Event::Authorized);
    let kept = verdict.result.unwrap();
    assert_eq!(kept.state, "AUTORIZADO");
    assert_eq!(kept.number.as_deref(), Some(KEY));
    assert_eq!(kept.date.as_deref(), Some("2025-07-16T07:16:17-05:00"));
    assert_eq!(kept.environment.as_deref(), Some("PRUEBAS"));
}

#[test]
fn warnings_beside_autorizado_are_kept() {
    let messages = &[("60", "ADVERTENCIA"), ("59", "ADVERTENCIA")];
    let verdict = authorization(&[Entry {
        messages,
        ..authorized()
    }]);
    assert_eq!(verdict.event, Event::Authorized);
    assert_eq!(verdict.result.unwrap().messages.len(), 2);
}

#[test]
fn autorizado_must_name_the_key() {
    let unnamed = Entry {
        number: None,
        ..authorized()
    };
    let event = |key, entry| authorization_of(&answers::authorization(key, &[entry]), 0).event;
    assert_eq!(event(Some(KEY), unnamed), Event::Authorized);
    assert_eq!(event(None, authorized()), Event::Authorized);
    assert_eq!(event(None, unnamed), Event::InProcess);
    assert_eq!(event(Some("N/A"), unnamed), Event::InProcess);
    let old = Entry {
        number: Some("1234567890123456789012345678901234567"),
        ..authorized()
    };
    assert_eq!(event(None, old), Event::InProcess);
}

#[test]
fn an_answer_about_another_key_is_not_read_at_all() {
    let other = "1704202507099000419600120010640006186590001199610";
    let consulted = answers::authorization(Some(other), &[authorized()]);
    assert!(read_authorization(consulted.as_bytes(), KEY).is_err());
    let entry = Entry {
        number: Some(other),
        ..authorized()
    };
    let number = answers::authorization(Some(KEY), &[entry]);
    assert!(read_authorization(number.as_bytes(), KEY).is_err());
    let reception = answers::returned(other, &[("35", "ERROR")]);
    assert!(read_reception(reception.as_bytes(), KEY).is_err());
}

#[test]
fn bytes_are_ours_whatever_became_of_lines_and_declaration() {
    let unix = SIGNED;
    for document in [
        unix.replace('\n', "\r\n"),
        unix.replace('\n', ""),
        unix.split_once("?>\n").unwrap().1.to_owned(),
        format!("\u{feff}{unix}\n"),
        unix.replace("ds:", "dsig:"),
    ] {
        let entry = Entry {
            document: Some(&document),
            ..authorized()
        };
        assert_eq!(
            authorization(&[entry]).event,
            Event::Authorized,
            "{document:?}"
        );
    }
    let none = Entry {
        document: None,
        ..authorized()
    };
    assert_eq!(authorization(&[none]).event, Event::Authorized);
}

#[test]
fn autorizado_over_other_bytes() {
    for document in [
        other(),
        "<factura/>".to_owned(),
        SIGNED.replace("QUJD\nREVG", ""),
        // Our value beside another one proves nothing.
        other().replace(
            "<total>",
            "<ds:SignatureValue>QUJDREVG</ds:SignatureValue><total>",
        ),
    ] {
        let entry = Entry {
            document: Some(&document),
            ..authorized()
        };
        let verdict = authorization(&[entry]);
        assert_eq!(verdict.event, Event::AuthorizedOtherBytes, "{document}");
        assert!(verdict.result.is_some());
    }
}

#[test]
fn a_name_that_looks_like_the_signature_is_not_the_signature() {
    let name = "<nombre>SignatureValue de Quito</nombre><total>";
    let ours = SIGNED.replace("<total>", name);
    let theirs = other().replace("<total>", name);
    let body = |document: &str| {
        let entry = Entry {
            document: Some(document),
            ..authorized()
        };
        answers::authorization(Some(KEY), &[entry])
    };
    let event = |document: &str| {
        let answer = read_authorization(body(document).as_bytes(), KEY).unwrap();
        authorization_verdict(&answer, KEY, ours.as_bytes(), 0).event
    };
    assert_eq!(event(&ours.replace('\n', "\r\n")), Event::Authorized);
    assert_eq!(event(&theirs), Event::AuthorizedOtherBytes);
}

#[test]
fn signed_bytes_without_a_signature_match_only_themselves() {
    let entry = Entry {
        document: Some("<factura/>"),
        ..authorized()
    };
    let body = answers::authorization(Some(KEY), &[entry]);
    let answer = read_authorization(body.as_bytes(), KEY).unwrap();
    let event = |signed: &[u8]| authorization_verdict(&answer, KEY, signed, 0).event;
    assert_eq!(event(b"<factura/>"), Event::Authorized);
    assert_eq!(event(b"<nota/>"), Event::AuthorizedOtherBytes);
    assert_eq!(event(b"\xff\xfe"), Event::AuthorizedOtherBytes);
}

#[test]
fn in_a_history_autorizado_wins() {
    let other = other();
    let others = Entry {
        document: Some(&other),
        ..authorized()
    };
    for entries in [
        vec![refused(), authorized()],
        vec![authorized(), refused()],
        vec![others, authorized()],
        vec![authorized(), others, refused()],
        vec![
            Entry {
                state: "EN PROCESO",
                ..refused()
            },
            authorized(),
        ],
    ] {
        assert_eq!(authorization(&entries).event, Event::Authorized);
    }
    assert_eq!(
        authorization(&[others, refused()]).event,
        Event::AuthorizedOtherBytes
    );
}

#[test]
fn of_several_refusals_the_newest_is_kept() {
    let dated = |date, messages| Entry {
        date: Some(date),
        messages,
        ..refused()
    };
    let verdict = authorization(&[
        dated("2025-07-16T07:16:17-05:00", &[("39", "ERROR")]),
        dated("2025-07-16T09:00:00-05:00", &[("52", "ERROR")]),
        dated("2025-07-15T23:00:00-05:00", &[("69", "ERROR")]),
    ]);
    assert_eq!(verdict.event, Event::NotAuthorized);
    assert_eq!(verdict.result.unwrap().messages[0].identifier, "52");
}

#[test]
fn refusals_in_every_spelling() {
    for state in [
        "NO AUTORIZADO",
        "no autorizado",
        "NAT",
        "RECHAZADO",
        "RECHAZADA",
    ] {
        let verdict = authorization(&[Entry { state, ..refused() }]);
        assert_eq!(verdict.event, Event::NotAuthorized, "{state}");
        assert_eq!(verdict.result.unwrap().state, "NO AUTORIZADO");
    }
}

#[test]
fn an_older_revision_does_not_condemn_the_current_one() {
    let older = other();
    let of_older = Entry {
        document: Some(&older),
        ..refused()
    };
    for revision in [0, 1] {
        let body = answers::authorization(Some(KEY), &[of_older]);
        assert_eq!(authorization_of(&body, revision).event, Event::NotFound);
        let body = answers::authorization(Some(KEY), &[of_older, refused()]);
        assert_eq!(
            authorization_of(&body, revision).event,
            Event::NotAuthorized
        );
    }
    // Without the bytes nobody can tell whose refusal it is.
    let bare = Entry {
        document: None,
        ..refused()
    };
    let body = answers::authorization(Some(KEY), &[bare]);
    assert_eq!(authorization_of(&body, 0).event, Event::NotAuthorized);
    assert_eq!(authorization_of(&body, 1).event, Event::InProcess);
}

#[test]
fn a_refusal_that_names_nobody_decides_nothing() {
    let bare = Entry {
        document: None,
        ..refused()
    };
    let body = answers::authorization(None, &[bare]);
    assert_eq!(authorization_of(&body, 0).event, Event::InProcess);
    let body = answers::authorization(None, &[refused()]);
    assert_eq!(authorization_of(&body, 0).event, Event::NotAuthorized);
}

#[test]
fn nothing_is_refused_while_something_is_open() {
    for state in ["EN PROCESO", "PPR", "", "ANULADO", "CUALQUIER COSA"] {
        let open = Entry {
            state,
            document: None,
            ..refused()
        };
        for entries in [vec![open], vec![open, refused()], vec![refused(), open]] {
            let verdict = authorization(&entries);
            assert_eq!(
                (verdict.event, verdict.result),
                (Event::InProcess, None),
                "{state}"
            );
        }
    }
}

#[test]
fn an_empty_list_is_not_found() {
    assert_eq!(authorization(&[]).event, Event::NotFound);
    let body = answers::authorization(None, &[]);
    assert_eq!(authorization_of(&body, 3).event, Event::NotFound);
}
