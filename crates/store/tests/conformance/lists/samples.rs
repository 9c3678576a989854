//! Documents that differ in everything a list can be asked for, and what it should
//! answer, found by hand.

use tagua_fiscal::{DocumentType, Environment, Sequential};
use tagua_store::{
    Acceptance, Document, DocumentId, IssuerId, ListQuery, NewDocument, NextJob, Stage, Transition,
};

use crate::conformance::world::{World, new_issuer, series, step, three_digits};

/// A document with what the lists know of it.
pub(super) struct Sample {
    pub(super) new: NewDocument,
    stage: Stage,
    words: Vec<String>,
}

/// The receivers of the samples, with their words.
const RECEIVERS: [(&str, &str, &[&str]); 3] = [
    (
        "9999999999999",
        "CONSUMIDOR FINAL",
        &["consumidor", "final"],
    ),
    ("0912345678", "José Ñandú", &["jose", "nandu"]),
    (
        "1790011674001",
        "Compañía Núñez S.A.",
        &["compania", "nunez", "s", "a"],
    ),
];

pub(super) async fn samples(world: &World, count: u32) -> Vec<Sample> {
    let other = new_issuer(&world.account, "0992222222001");
    let other = world.store.put_issuer(other).await.unwrap().id;
    let mut samples = Vec::new();
    for number in 1..=count {
        let sample = sample(world, other, number);
        assert_eq!(world.accept(sample.new.clone()).await, Acceptance::Stored);
        let document = world.document(sample.new.id).await;
        if document.stage != sample.stage {
            world.apply(moved(&document, sample.stage, number)).await;
        }
        samples.push(sample);
    }
    samples
}

fn moved(document: &Document, stage: Stage, number: u32) -> Transition {
    Transition {
        // A document under way may wait for nobody.
        job: match number % 2 {
            0 => NextJob::KeepLease,
            _ => NextJob::Done,
        },
        ..step(document, stage)
    }
}

fn sample(world: &World, other: IssuerId, number: u32) -> Sample {
    let pick = |salt: u32, of: u32| (number.wrapping_mul(0x9e37_79b1) >> salt) % of;
    let (kind, version) = [
        (DocumentType::Invoice, "2.1.0"),
        (DocumentType::Withholding, "1.0.0"),
        (DocumentType::Withholding, "2.0.0"),
        (DocumentType::Waybill, "1.1.0"),
    ][pick(3, 4) as usize];
    let (receiver_id, receiver_name, words) = RECEIVERS[pick(5, 3) as usize];
    let mut new = NewDocument {
        document_type: kind,
        schema_version: version.into(),
        issue_date: ["2026-10-31", "2026-11-01", "2026-11-20"][pick(7, 3) as usize].into(),
        receiver_id: receiver_id.into(),
        receiver_name: receiver_name.into(),
        external_id: (pick(9, 5) == 0).then(|| format!("Pedido-{}", pick(11, 2))),
        ..world.invoice(number)
    };
    if pick(13, 4) == 0 {
        new.environment = Environment::Production;
    }
    if pick(15, 4) == 0 {
        new.issuer = other;
    }
    if pick(17, 3) == 0 {
        new.series.point = three_digits(9);
    }
    let series = format!("{}{}", new.series.establishment, new.series.point);
    let mut all = vec![receiver_id.to_owned(), number.to_string(), series];
    all.extend(words.iter().map(|word| (*word).to_owned()));
    if new.external_id.is_some() {
        all.extend(["pedido".to_owned(), pick(11, 2).to_string()]);
    }
    let stage = Stage::ALL[number as usize % Stage::ALL.len()];
    if matches!(stage, Stage::Created | Stage::Returned) {
        (new.stage, new.job) = (stage, NextJob::Done);
    }
    Sample {
        new,
        stage,
        words: all,
    }
}

/// One query for each filter, with a name.
pub(super) fn queries(samples: &[Sample]) -> Vec<(&'static str, ListQuery)> {
    let some = &samples[samples.len() / 2].new;
    let other = samples
        .iter()
        .find(|s| s.new.issuer != some.issuer)
        .unwrap();
    let number = |number| Some(Sequential::new(number).unwrap());
    let day = |day: &str| Some(day.to_owned());
    let mut queries = Vec::new();
    let mut add = |name, set: &dyn Fn(&mut ListQuery)| {
        let mut query = ListQuery::default();
        set(&mut query);
        queries.push((name, query));
    };
    add("all", &|_| ());
    add("type", &|q| {
        q.document_type = Some(DocumentType::Withholding)
    });
    add("version", &|q| q.schema_version = Some("2.0.0".into()));
    add("environment", &|q| {
        q.environment = Some(Environment::Production)
    });
    add("issuer", &|q| q.issuer = Some(other.new.issuer));
    add("authorized", &|q| {
        q.stages = vec![Stage::Authorized, Stage::Created]
    });
    add("resting", &|q| {
        q.stages = vec![Stage::Returned, Stage::NotAuthorized]
    });
    add("under way", &|q| {
        q.stages = vec![Stage::Signed, Stage::Received]
    });
    add("mixed stages", &|q| {
        q.stages = vec![Stage::Unknown, Stage::NeedsAttention]
    });
    add("from", &|q| q.issued_from = day("2026-11-01"));
    add("to", &|q| q.issued_to = day("2026-11-01"));
    add("day", &|q| {
        (q.issued_from, q.issued_to) = (day("2026-11-01"), day("2026-11-01"));
    });
    add("receiver", &|q| q.receiver_id = Some("0912345678".into()));
    add("series", &|q| q.series = Some(series()));
    add("numbers from", &|q| q.sequential_from = number(20));
    add("numbers to", &|q| q.sequential_to = number(40));
    add("access key", &|q| q.access_key = Some(some.access_key));
    add("external id", &|q| q.external_id = Some("Pedido-1".into()));
    add("text", &|q| q.text = Some("NUÑEZ comp".into()));
    add("long text", &|q| q.text = Some("consumidor".into()));
    add("short text", &|q| q.text = Some("s".into()));
    add("number as text", &|q| {
        q.text = Some("001-009-000000012".into())
    });
    add("nothing", &|q| q.receiver_id = Some(String::new()));
    queries
}

/// What both ask for; where they ask for the same, the second.
pub(super) fn both(first: &ListQuery, second: &ListQuery) -> ListQuery {
    let (first, second) = (first.clone(), second.clone());
    ListQuery {
        document_type: second.document_type.or(first.document_type),
        schema_version: second.schema_version.or(first.schema_version),
        environment: second.environment.or(first.environment),
        issuer: second.issuer.or(first.issuer),
        stages: match second.stages.is_empty() {
            true => first.stages,
            false => second.stages,
        },
        issued_from: second.issued_from.or(first.issued_from),
        issued_to: second.issued_to.or(first.issued_to),
        receiver_id: second.receiver_id.or(first.receiver_id),
        series: second.series.or(first.series),
        sequential_from: second.sequential_from.or(first.sequential_from),
        sequential_to: second.sequential_to.or(first.sequential_to),
        access_key: second.access_key.or(first.access_key),
        external_id: second.external_id.or(first.external_id),
        text: second.text.or(first.text),
        after: None,
        limit: 0,
    }
}

pub(super) fn expected(samples: &[Sample], query: &ListQuery) -> Vec<DocumentId> {
    let found = samples
        .iter()
        .enumerate()
        .filter(|(_, s)| is_asked_for(s, query));
    let mut found: Vec<_> = found.collect();
    found.sort_by(|a, b| {
        let key = |(ordinal, sample): &(usize, &Sample)| (sample.new.issue_date.clone(), *ordinal);
        key(b).cmp(&key(a))
    });
    found.iter().map(|(_, sample)| sample.new.id).collect()
}

fn is_asked_for(sample: &Sample, query: &ListQuery) -> bool {
    let new = &sample.new;
    let day = Some(new.issue_date.clone());
    let number = Some(new.sequential);
    query
        .document_type
        .is_none_or(|kind| kind == new.document_type)
        && query
            .schema_version
            .as_ref()
            .is_none_or(|v| *v == new.schema_version)
        && query.environment.is_none_or(|e| e == new.environment)
        && query.issuer.is_none_or(|issuer| issuer == new.issuer)
        && (query.stages.is_empty() || query.stages.contains(&sample.stage))
        && (query.issued_from.is_none() || query.issued_from <= day)
        && (query.issued_to.is_none() || day <= query.issued_to)
        && query
            .receiver_id
            .as_ref()
            .is_none_or(|id| *id == new.receiver_id)
        && query.series.is_none_or(|series| series == new.series)
        && (query.sequential_from.is_none() || query.sequential_from <= number)
        && (query.sequential_to.is_none() || number <= query.sequential_to)
        && query.access_key.is_none_or(|key| key == new.access_key)
        && (query.external_id.is_none() || query.external_id == new.external_id)
        && query
            .text
            .as_ref()
            .is_none_or(|text| has_words(sample, text))
}

/// For the texts of [`queries`] only.
fn has_words(sample: &Sample, text: &str) -> bool {
    let begins = |word: &str| sample.words.iter().any(|has| has.starts_with(word));
    let has = |word: &str| sample.words.iter().any(|has| has == word);
    match text {
        "NUÑEZ comp" => begins("nunez") && begins("comp"),
        "001-009-000000012" => has("001009") && has("12"),
        word => begins(word),
    }
}
