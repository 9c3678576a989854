//! Prints how long an invoice takes from the model to checked canonical bytes,
//! and back. Meant: 15 µs for 5 lines, 2 ms for 1,000.

#[path = "../tests/support/sample.rs"]
#[allow(dead_code, reason = "shared with the tests, which use more of it")]
mod sample;

use std::hint::black_box;
use std::time::Instant;

use tagua_sri_xml::{check, invoice, read, read_invoice, schema::Schema, write};

fn main() {
    for (lines, rounds) in [(5, 20_000_u32), (1_000, 200)] {
        let model = sample::with_lines(lines);
        let schema = Schema::invoice(model.version);
        let bytes = write(&invoice::to_tree(&model));
        println!("{lines} lines, {} bytes", bytes.len());
        measure("to_tree + check + write", rounds, || {
            let tree = invoice::to_tree(black_box(&model));
            assert!(check(&tree, schema).is_empty());
            write(&tree).len()
        });
        let tree = invoice::to_tree(&model);
        measure("to_tree", rounds, || {
            invoice::to_tree(black_box(&model)).children.len()
        });
        measure("check", rounds, || check(black_box(&tree), schema).len());
        measure("write", rounds, || write(black_box(&tree)).len());
        measure("read", rounds, || {
            read(black_box(&bytes)).map_or(0, |tree| tree.children.len())
        });
        measure("read_invoice", rounds, || {
            read_invoice(black_box(&bytes)).map_or(0, |document| document.invoice.lines.len())
        });
    }
}

/// The best of five runs, so that a busy machine does not count.
fn measure(what: &str, rounds: u32, mut work: impl FnMut() -> usize) {
    let mut run = || {
        let start = Instant::now();
        for _ in 0..rounds {
            black_box(work());
        }
        start.elapsed() / rounds
    };
    let best = (0..5).map(|_| run()).min().unwrap_or_default();
    println!("  {what}: {best:?}");
}
