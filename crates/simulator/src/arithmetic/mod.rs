//! The sums the authority checks: code 52 (ficha técnica, table 21).
//!
//! One cent of difference passes in each field, one cent per line in each sum:
//! authorized documents with such differences exist.

mod decimal;
mod sales;
mod withholding;

use roxmltree::Node;

use crate::message::Message;
use crate::structure::text_of;
pub(crate) use decimal::Decimal;

/// All differences found in a document that has passed the structure check.
pub(crate) fn check(root: Node<'_, '_>) -> Vec<Message> {
    let mut differences = Differences::default();
    match root.tag_name().name() {
        "factura" => sales::check_invoice(root, &mut differences),
        "liquidacionCompra" => sales::check_settlement(root, &mut differences),
        "notaCredito" => sales::check_credit_note(root, &mut differences),
        "notaDebito" => sales::check_debit_note(root, &mut differences),
        "comprobanteRetencion" => withholding::check(root, &mut differences),
        _ => {}
    }
    differences.0
}

/// A hostile document may have thousands; an answer carries ten.
const DIFFERENCES_MAX: usize = 10;

#[derive(Default)]
struct Differences(Vec<Message>);

impl Differences {
    fn add(&mut self, detail: String) {
        if self.0.len() < DIFFERENCES_MAX {
            self.0.push(Message::error(52, detail));
        }
    }

    /// Adds a difference unless `found` is within `cents` of `expected`.
    fn compare(&mut self, field: &str, found: Decimal, expected: Decimal, cents: usize) {
        self.compare_any(field, found, &[expected], cents);
    }

    /// The same where several readings of the rule are in use; the first is the
    /// one that is quoted.
    fn compare_any(&mut self, field: &str, found: Decimal, readings: &[Decimal], cents: usize) {
        if readings
            .iter()
            .any(|reading| found.is_within(*reading, cents))
        {
            return;
        }
        if let Some(expected) = readings.first() {
            self.add(format!(
                "{field}: el valor es {found} y el valor calculado es {expected}"
            ));
        }
    }
}

/// The child of that name.
fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.children().find(|child| child.has_tag_name(name))
}

/// The grandchildren `list/item`.
fn items<'a, 'i: 'a>(
    node: Node<'a, 'i>,
    list: &'static str,
    item: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children()
        .filter(move |child| child.has_tag_name(list))
        .flat_map(|list| list.children())
        .filter(move |child| child.has_tag_name(item))
}

/// The text of a child; empty when there is none.
pub(crate) fn text(node: Node<'_, '_>, name: &str) -> String {
    child(node, name).map(text_of).unwrap_or_default()
}

/// The amount in a child; zero when there is none.
pub(crate) fn amount(node: Node<'_, '_>, name: &str) -> Decimal {
    Decimal::parse(&text(node, name)).unwrap_or_default()
}

fn sum_of<'a, 'i: 'a>(nodes: impl Iterator<Item = Node<'a, 'i>>, name: &str) -> Decimal {
    Decimal::sum(nodes.map(|node| amount(node, name)))
}
