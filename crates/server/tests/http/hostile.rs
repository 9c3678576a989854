//! No input may give a 5xx, a hang, or a document where the answer says 4xx.

use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use crate::support::client::{Answer, Call, Wire};
use crate::support::sample::{invoice, with};
use crate::support::sandbox::PASSWORD;
use crate::support::{KEY, World};

/// A busy machine gets three tries, an unoptimised build ten times as long.
const TIME_MAX: Duration = match cfg!(debug_assertions) {
    true => Duration::from_secs(2),
    false => Duration::from_millis(200),
};
const BODY_BYTES: usize = 1024 * 1024;

pub(crate) struct Attack {
    pub(crate) world: World,
    /// Where the bodies go.
    pub(crate) path: String,
    wire: Option<Wire>,
    pub(crate) bodies: usize,
    pub(crate) accepted: usize,
}

impl Attack {
    pub(crate) async fn new() -> Self {
        let world = World::start().await;
        // The first signature of an issuer unlocks its key.
        world.issued(&invoice(999_999_999)).await;
        Self {
            world,
            path: "/invoices/issue".to_owned(),
            wire: None,
            bodies: 0,
            accepted: 0,
        }
    }

    pub(crate) async fn send(&mut self, name: &str, body: &[u8]) -> Answer {
        self.bodies += 1;
        let before = self.world.count("document");
        let mut tries = 0;
        let answer = loop {
            let started = Instant::now();
            let answer = self.exchange(body).await;
            tries += 1;
            if started.elapsed() < TIME_MAX || answer.status == 200 {
                break answer;
            }
            assert!(tries < 3, "{name} takes {:?}", started.elapsed());
        };
        let stored = self.world.count("document") - before;
        match answer.status {
            200 => {
                assert_eq!(stored, 1, "{name}");
                assert!(answer.json().is_object(), "{name}");
                self.accepted += 1;
            }
            400 => {
                assert_eq!(stored, 0, "{name}");
                answer.findings();
            }
            other => panic!("{name} gives {other}: {}", answer.text()),
        }
        answer
    }

    pub(crate) async fn refused(&mut self, name: &str, body: &[u8]) {
        let answer = self.send(name, body).await;
        assert_eq!(answer.status, 400, "{name}: {}", answer.text());
    }

    async fn exchange(&mut self, body: &[u8]) -> Answer {
        let call = Call::post(&self.path).key(KEY).password(PASSWORD);
        let bytes = call.body(body).bytes();
        let mut wire = match self.wire.take() {
            Some(wire) => wire,
            None => Wire::open(self.world.address).await,
        };
        wire.send(&bytes).await;
        let mut answer = wire.answer().await.unwrap();
        self.wire = Some(wire);
        // The echo is JSON, but more than the test's reader can hold.
        answer.body = answer.text().replace("1e400", "1").into_bytes();
        answer
    }
}

/// Not JSON, or not an object.
#[tokio::test]
async fn what_is_no_object_is_refused() {
    let valid = invoice(1).to_string();
    let mut attack = Attack::new().await;
    let texts = [
        "{",
        "}",
        "[",
        "]",
        "{}",
        "[]",
        "null",
        "true",
        "1",
        "\"x\"",
        "\"",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{1:2}",
        "{a:1}",
        "{'a':1}",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\":1 \"b\":2}",
        "{\"a\" 1}",
        "nul",
        "NULL",
        "True",
        "NaN",
        "Infinity",
        "-Infinity",
        "undefined",
        "{\"a\":NaN}",
        "{\"a\":0x10}",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":.5}",
        "{\"a\":+1}",
        "{\"a\":-}",
        "{\"a\":1e}",
        "{\"a\":1e+}",
        "{\"a\":1_000}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\udc00\\ud800\"}",
        "{\"a\":\"\\",
        "{\"\\ud800\":1}",
        "/* c */{}",
        "{}//",
        "{} {}",
        "{}x",
        "\u{feff}",
        "\u{feff}\u{feff}{}",
        "\u{0}",
        "\u{a0}{}",
        "<factura/>",
        "<?xml version=\"1.0\"?><factura></factura>",
        "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><x>&a;</x>",
        "a=1&b=2",
        "--x\r\nContent-Disposition: form-data\r\n\r\n",
        "%7B%7D",
        "{\"secuencial\":",
        "{\"items\":[{}]}",
        "{\"items\":{}}",
        "{\"emisor\":null}",
        "{\"__proto__\":{}}",
    ];
    for text in texts {
        attack.refused(text, text.as_bytes()).await;
    }
    for end in [1, valid.len() / 2, valid.len() - 1] {
        attack.refused("cut", &valid.as_bytes()[..end]).await;
    }
    attack.refused("twice", valid.repeat(2).as_bytes()).await;
    let bytes: [&[u8]; 8] = [
        &[0xff],
        &[0xff, 0xfe, b'{', 0, b'}', 0],
        &[0xc0, 0x80],
        &[0xed, 0xa0, 0x80],
        &[0xf5; 9],
        b"{\"a\":\"\xe9\"}",
        b"{\"\xff\":1}",
        &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0],
    ];
    for body in bytes {
        attack.refused(&format!("{body:?}"), body).await;
    }
    let latin1: Vec<u8> = valid.chars().map(|c| c as u8).collect();
    attack.refused("Latin-1", &latin1).await;
    assert!(attack.bodies >= 75, "{}", attack.bodies);
}

/// Each node of a valid invoice replaced by what does not belong there.
#[tokio::test]
async fn wrong_values_everywhere() {
    let values = [
        "null",
        "true",
        "1",
        "\"x\"",
        "[]",
        "{}",
        "1e400",
        "-1",
        "0",
        "LONG",
        "[[null]]",
        "\"\"",
        "99999999999999999999999999999999999999",
        "0.0000000000000000000000000000000001",
        "-1e-400",
        "\"\\u0000\\ufffe]]>\"",
        "1E+28",
        "79228162514264337593543950335",
        "\"9999999999999999999999999999.99\"",
    ];
    let long = format!("\"{}\"", "ñ".repeat(400));
    let mut attack = Attack::new().await;
    let mut number = 0;
    for pointer in pointers(&invoice(1)) {
        for value in values {
            number += 1;
            let body = with(invoice(number), &pointer, json!("@RAW@"));
            let value = if value == "LONG" { &long } else { value };
            let text = body.to_string().replace("\"@RAW@\"", value);
            attack
                .send(&format!("{pointer} = {value}"), text.as_bytes())
                .await;
        }
    }
    assert!(attack.bodies > 700, "{}", attack.bodies);
    // Neither everything nor nothing.
    let accepted = attack.accepted;
    assert!((50..attack.bodies - 50).contains(&accepted), "{accepted}");
}

/// The JSON pointer of every node but the root.
pub(crate) fn pointers(value: &Json) -> Vec<String> {
    let children: Vec<(String, &Json)> = match value {
        Json::Object(object) => object
            .iter()
            .map(|(key, child)| (key.clone(), child))
            .collect(),
        Json::Array(list) => list
            .iter()
            .enumerate()
            .map(|(i, c)| (i.to_string(), c))
            .collect(),
        _ => Vec::new(),
    };
    let below = |(key, child): &(String, &Json)| {
        let own = std::iter::once(format!("/{key}"));
        let inner = pointers(child)
            .into_iter()
            .map(move |rest| format!("/{key}{rest}"));
        own.chain(inner.collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    children.iter().flat_map(below).collect()
}

#[tokio::test]
async fn strange_but_legal_json() {
    let mut attack = Attack::new().await;
    let text = invoice(1).to_string();
    let open = |number: u32| invoice(number).to_string().trim_end_matches('}').to_owned();
    let accepted = [
        text.replace("\"secuencial\":1", "\"secuencial\":0,\"secuencial\":2"),
        format!(
            "{},\"x\":{}1{}}}",
            tail(&open(3)),
            "[".repeat(62),
            "]".repeat(62)
        ),
        format!("{},\"x\":\"raw\ttab\nline\u{1}\"}}", tail(&open(4))),
        format!("{},\"\":null,\"\":1,\"x\":-0,\"y\":1E-7}}", tail(&open(5))),
        format!("\r\n\t {} \n", invoice(6)),
        text.replace("\"secuencial\":1", "\"secuencial\":7.0"),
        text.replace("\"secuencial\":1", "\"\\u0073ecuencial\":\" 8 \""),
        format!(
            "{},\"id\":\"x\",\"estado\":\"AUTORIZADO\",\"es_valida\":7}}",
            tail(&open(9))
        ),
    ];
    for body in accepted {
        let answer = attack.send(&body, body.as_bytes()).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.json()["estado"], "CREADO");
    }
    let deep = |levels: usize| {
        let x = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        format!("{},\"x\":{x}}}", tail(&open(10)))
    };
    for levels in [64, 65, 1_000, 500_000] {
        attack.refused("deep", deep(levels).as_bytes()).await;
    }
    attack
        .refused("open", "[".repeat(BODY_BYTES).as_bytes())
        .await;
    attack
        .refused("open", "{\"a\":".repeat(BODY_BYTES / 5).as_bytes())
        .await;
}

/// An object's text without the brace at its end.
fn tail(open: &str) -> String {
    // `trim_end_matches` took the braces of inner objects too.
    let missing = open.matches('{').count() - open.matches('}').count() - 1;
    format!("{open}{}", "}".repeat(missing))
}

/// As much as a body may hold, of the kinds that cost most.
#[tokio::test]
async fn bodies_of_a_mebibyte() {
    let mut attack = Attack::new().await;
    let fill = |unit: &str| unit.repeat(BODY_BYTES / unit.len() - 2_000 / unit.len());
    let inside = |pointer: &str, raw: &str| {
        let body = with(invoice(1), pointer, json!("@RAW@")).to_string();
        body.replace("\"@RAW@\"", raw)
    };
    let refused = [
        inside("/items", &format!("[{}1]", fill("1,"))),
        inside("/items", &format!("[{}{{}}]", fill("{},"))),
        inside("/totales/impuestos", &format!("[{}null]", fill("null,"))),
        inside("/pagos", &format!("[{}[]]", fill("[],"))),
        inside(
            "/comprador/razon_social",
            &format!("\"{}\"", fill("\\u0001")),
        ),
        inside("/comprador/razon_social", &format!("\"{}\"", fill("\u{1}"))),
        inside("/secuencial", &format!("\"{}\"", fill("9"))),
        inside("/clave_acceso", &format!("\"{}\"", fill("1"))),
        inside(
            "/informacion_adicional",
            &format!("[{}{{}}]", fill("{\"a\":\"b\"},")),
        ),
        fill("\u{0}"),
        fill(" "),
        fill("\""),
        fill("<a>"),
    ];
    for (index, body) in refused.iter().enumerate() {
        let name = format!("{index}: {}", &body[..body.len().min(60)]);
        assert!(body.len() <= BODY_BYTES, "{name}");
        attack.refused(&name, body.as_bytes()).await;
    }
    let digits = inside("/items/0/cantidad", &format!("3.99{}", fill("9")));
    let answer = attack.send("digits", digits.as_bytes()).await;
    assert_eq!(answer.status, 200, "rounded to six places");
    let addresses = inside("/comprador/email", &format!("\"{}\"", fill("a@b.c,")));
    attack.send("addresses", addresses.as_bytes()).await;
    let members: String = (0..60_000).map(|i| format!("\"k{i}\":{i},")).collect();
    let body = format!("{{{members}{}", &invoice(3).to_string()[1..]);
    let answer = attack.send("members", body.as_bytes()).await;
    assert_eq!(answer.status, 200);
}
