//! `tagua bench documents`: what the issue path does with a request besides
//! signing and storing, from the bytes of the body to those of the XML.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tagua_fiscal::rules::{self, RuleContext};
use tagua_sri_xml::any;
use tagua_wire as wire;

use super::{percentile, ratio};
use crate::args::BenchDocumentsOptions;
use crate::failure::Failure;
use crate::sample;

/// Lines of the invoices, each size some times the one before.
const SIZES: [usize; 4] = [5, 100, 1_000, 10_000];
/// Other programs use the machine too: the calmest round counts.
const ROUNDS: u32 = 10;
const STAGES: [&str; 5] = ["parse", "read", "rules", "structure", "render"];

/// The nanoseconds of one document, stage by stage.
type Sample = [u64; STAGES.len()];

struct Row {
    lines: usize,
    body_bytes: usize,
    xml_bytes: usize,
    documents: usize,
    /// Nanoseconds of a document in the calmest round.
    median: u64,
    p99: u64,
    /// The median nanoseconds of each stage in that round.
    stages: Sample,
}

pub(crate) fn run(options: BenchDocumentsOptions) -> Result<ExitCode, Failure> {
    let round = Duration::from_secs(options.seconds.max(1)) / ROUNDS;
    let rows: Vec<_> = SIZES.iter().map(|lines| measure(*lines, round)).collect();
    print(
        &rows.into_iter().collect::<Result<Vec<_>, _>>()?,
        options.json,
    );
    Ok(ExitCode::SUCCESS)
}

fn measure(lines: usize, round: Duration) -> Result<Row, Failure> {
    let body = body(lines).to_string();
    let context = Context::new()?;
    let (_, xml_bytes) = context.document(&body)?;
    let mut row = Row {
        lines,
        body_bytes: body.len(),
        xml_bytes,
        documents: 0,
        median: u64::MAX,
        p99: 0,
        stages: Sample::default(),
    };
    for _ in 0..ROUNDS {
        let mut samples = Vec::new();
        let started = Instant::now();
        while samples.is_empty() || started.elapsed() < round {
            samples.push(context.document(&body)?.0);
        }
        row.take(&samples);
    }
    Ok(row)
}

impl Row {
    fn take(&mut self, samples: &[Sample]) {
        self.documents += samples.len();
        let whole = sorted(samples.iter().map(|sample| sample.iter().sum()));
        let median = percentile(&whole, 50);
        if median < self.median {
            self.median = median;
            self.p99 = percentile(&whole, 99);
            self.stages = std::array::from_fn(|stage| {
                let times = samples.iter().filter_map(|sample| sample.get(stage));
                percentile(&sorted(times.copied()), 50)
            });
        }
    }

    fn nanos_per_line(&self) -> u64 {
        self.median / self.lines.max(1) as u64
    }
}

fn sorted(times: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut times: Vec<_> = times.collect();
    times.sort_unstable();
    times
}

/// What reading and checking depend on besides the request.
struct Context {
    wire: wire::WireContext,
    rules: RuleContext,
}

impl Context {
    fn new() -> Result<Self, Failure> {
        let no_date = |_| Failure::new("the day of the sample is no day");
        Ok(Self {
            wire: wire::WireContext::at(
                jiff::Timestamp::from_second(1_795_186_800).map_err(no_date)?,
            ),
            rules: RuleContext::on(jiff::civil::Date::new(2026, 11, 20).map_err(no_date)?),
        })
    }

    /// The times of one document, and the size of its XML.
    fn document(&self, body: &str) -> Result<(Sample, usize), Failure> {
        let refused = || Failure::new("the sample invoice is refused");
        let mut watch = Watch::start();
        let value = wire::parse_body(body.as_bytes()).map_err(|_| refused())?;
        watch.lap();
        let collection = wire::Collection::Invoices;
        let request = wire::read_document(collection, &value, &self.wire).map_err(|_| refused())?;
        let number = request.number().ok_or_else(refused)?;
        let key = request.key(number, 12_345_678);
        let document = request.into_document(number, key);
        watch.lap();
        let findings = rules::check_document(&document, &self.rules);
        watch.lap();
        let tree = any::to_tree(&document);
        let breaches = tagua_sri_xml::check(&tree, any::schema(&document));
        watch.lap();
        let xml = tagua_sri_xml::write(&tree);
        watch.lap();
        match breaches.is_empty() && rules::valid(&findings) {
            true => Ok((watch.laps, xml.len())),
            false => Err(refused()),
        }
    }
}

struct Watch {
    last: Instant,
    laps: Sample,
    stage: usize,
}

impl Watch {
    fn start() -> Self {
        Self {
            last: Instant::now(),
            laps: Sample::default(),
            stage: 0,
        }
    }

    fn lap(&mut self) {
        let now = Instant::now();
        if let Some(lap) = self.laps.get_mut(self.stage) {
            *lap = u64::try_from((now - self.last).as_nanos()).unwrap_or(u64::MAX);
        }
        self.stage += 1;
        self.last = now;
    }
}

/// The sample invoice with so many lines, in turn at 15 %, with a discount and
/// additional details, and at 0 %.
fn body(lines: usize) -> Value {
    let mut body = sample::invoice(1);
    let (mut base15, mut base0, mut tax, mut discount) = (0_u64, 0_u64, 0_u64, 0_u64);
    let items: Vec<_> = (0..lines)
        .map(|place| match place % 3 {
            0 => {
                (base15, tax, discount) = (base15 + 1_200, tax + 180, discount + 75);
                line(place, ("4", "15.00"), ("4.25", 3), "0.75", "12.00", "1.80")
            }
            1 => {
                (base15, tax) = (base15 + 1_100, tax + 165);
                let mut line = line(place, ("4", "15.00"), ("5.50", 2), "0.00", "11.00", "1.65");
                line["detalles_adicionales"] = json!({ "Color": "Crudo", "Origen": "Montecristi" });
                line
            }
            _ => {
                base0 += 420;
                line(place, ("0", "0.00"), ("4.20", 1), "0.00", "4.20", "0.00")
            }
        })
        .collect();
    let total = money(base15 + base0 + tax);
    body["totales"] = json!({
        "total_sin_impuestos": money(base15 + base0),
        "descuento": money(discount),
        "propina": 0,
        "importe_total": total,
        "impuestos": [
            { "codigo": "2", "codigo_porcentaje": "4", "base_imponible": money(base15), "valor": money(tax) },
            { "codigo": "2", "codigo_porcentaje": "0", "base_imponible": money(base0), "valor": "0.00" }
        ]
    });
    body["pagos"] = json!([{ "medio": "transferencia", "total": total }]);
    body["items"] = Value::Array(items);
    body
}

fn line(
    place: usize,
    (code, rate): (&str, &str),
    (price, quantity): (&str, u32),
    discount: &str,
    net: &str,
    tax: &str,
) -> Value {
    json!({
        "codigo_principal": format!("TAG-{place:05}"),
        "descripcion": format!("Botón de tagua natural n.º {place}, para chompa de señora"),
        "cantidad": quantity,
        "precio_unitario": price,
        "descuento": discount,
        "precio_total_sin_impuestos": net,
        "impuestos": [{
            "codigo": "2",
            "codigo_porcentaje": code,
            "tarifa": rate,
            "base_imponible": net,
            "valor": tax
        }]
    })
}

fn money(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// How the time of a line grew since `before`: `1.000` is linear.
fn growth(row: &Row, before: Option<&Row>) -> Option<String> {
    let before = before?.nanos_per_line().max(1);
    Some(ratio(row.nanos_per_line() * 1000 / before))
}

/// `12345` nanoseconds as `12.345`.
fn micros(nanos: u64) -> String {
    ratio(nanos)
}

fn print(rows: &[Row], as_json: bool) {
    let befores = std::iter::once(None).chain(rows.iter().map(Some));
    let rows = rows.iter().zip(befores);
    if as_json {
        let rows: Vec<_> = rows.map(|(row, before)| in_json(row, before)).collect();
        println!("{}", json!({ "documents": rows }));
        return;
    }
    println!(
        "{:>6} {:>10} {:>12} {:>12} {:>9} {:>7}   us of {}",
        "lines",
        "XML bytes",
        "us p50",
        "us p99",
        "us/line",
        "growth",
        STAGES.join(", ")
    );
    for (row, before) in rows {
        let stages: Vec<_> = row.stages.iter().map(|stage| micros(*stage)).collect();
        println!(
            "{:>6} {:>10} {:>12} {:>12} {:>9} {:>7}   {}",
            row.lines,
            row.xml_bytes,
            micros(row.median),
            micros(row.p99),
            micros(row.nanos_per_line()),
            growth(row, before).unwrap_or_default(),
            stages.join(", ")
        );
    }
}

fn in_json(row: &Row, before: Option<&Row>) -> Value {
    let stages = STAGES.iter().zip(row.stages);
    let stages = stages.map(|(name, nanos)| ((*name).to_owned(), json!(micros(nanos))));
    json!({
        "lines": row.lines,
        "body_bytes": row.body_bytes,
        "xml_bytes": row.xml_bytes,
        "documents": row.documents,
        "us_p50": micros(row.median),
        "us_p99": micros(row.p99),
        "us_p50_per_line": micros(row.nanos_per_line()),
        "growth_per_line": growth(row, before),
        "stages_us_p50": stages.collect::<serde_json::Map<_, _>>(),
    })
}
