//! No XML may give a 5xx, and none is signed that SRI's schema refuses.

use tagua_store::{BlobPart, Stage};

use crate::support::client::Call;
use crate::support::documents::id;
use crate::support::sample::{COLLECTIONS, example};
use crate::support::sandbox::PASSWORD;
use crate::support::{KEY, World};

/// What may stand, or not, between, in or instead of other text.
const PIECES: [&str; 30] = [
    "",
    " ",
    "\n",
    "\u{0}",
    "\u{ffff}",
    "&#13;",
    "&#x9;",
    "&#0;",
    "&lt;",
    "&amp;#13;",
    "&nada;",
    "<!-- -->",
    "<?a b?>",
    "<![CDATA[x]]>",
    "]]>",
    "<a/>",
    "</a>",
    "<",
    ">",
    "\"",
    " xmlns=\"\"",
    " xmlns=\"urn:x\"",
    " xmlns:x=\"urn:x\"",
    " x:y=\"1\"",
    " xml:lang=\"es\"",
    " xml:space=\"preserve\"",
    " id=\"comprobante\"",
    "<!DOCTYPE a [<!ENTITY b \"c\">]>",
    "Ñandú",
    "999999999999999999999999999999999999999",
];

/// Numbers that only look random (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).unwrap()).unwrap()
    }

    /// The text with something put in, taken out or replaced at a boundary of
    /// its markup, where most parsers have their corners.
    fn bend(&mut self, xml: &str) -> String {
        let corners: Vec<usize> = xml
            .char_indices()
            .filter(|(_, c)| matches!(c, '<' | '>' | '/' | '"' | ' ' | '='))
            .flat_map(|(at, _)| [at, at + 1])
            .collect();
        let from = corners[self.below(corners.len())];
        let to = match self.below(3) {
            0 => from + xml[from..].chars().next().map_or(0, char::len_utf8),
            1 => *corners.iter().find(|at| **at > from).unwrap_or(&from),
            _ => from,
        };
        let piece = PIECES[self.below(PIECES.len())];
        format!("{}{piece}{}", &xml[..from], &xml[to..])
    }
}

#[tokio::test]
async fn bent_documents_are_refused_returned_or_signed_as_valid_ones() {
    let world = World::start().await;
    let (mut signed, mut returned, mut refused) = (0, 0, 0);
    for (number, (collection, ..)) in (1..).zip(COLLECTIONS) {
        let created = world
            .post(&format!("/{collection}"), &example(collection, number))
            .await
            .json();
        let document = world.document(id(&created)).await;
        let xml = world.blob(&document, BlobPart::Unsigned).await.unwrap();
        let xml = String::from_utf8(xml).unwrap();
        let xml = xml.replace(document.access_key.as_str(), "");
        let own = format!("{number:09}</secuencial>");
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15 + u64::from(number));
        for round in 0..150 {
            let other = format!("{:09}</secuencial>", number * 1000 + round);
            let body = dice.bend(&xml.replace(&own, &other));
            let call = Call::post(&format!("/{collection}/issue/xml")).key(KEY);
            let call = call.password(PASSWORD).body(body.clone());
            let answer = call.send(world.address).await;
            match answer.status {
                400 => refused += 1,
                200 => {
                    let document = world.document(id(&answer.json())).await;
                    signed += usize::from(document.stage == Stage::Signed);
                    returned += usize::from(document.stage == Stage::Returned);
                    let path = format!("/{collection}/{}", document.id);
                    assert_eq!(world.get(&path).await.status, 200, "{body}");
                }
                status => panic!("{status} for {body}: {}", answer.text()),
            }
        }
    }
    assert!(
        signed > 20 && returned > 20 && refused > 20,
        "{signed} {returned} {refused}"
    );
}
