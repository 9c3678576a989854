//! Where the elements of the schemas stand in the JSON (CONTRACT 7, backwards).

mod credit_note;
mod debit_note;
mod invoice;
mod purchase_settlement;
mod shared;
mod trade;
mod waybill;
mod withholding;

use crate::collection::Collection;
use crate::json::Object;

use super::forms::Form;

/// Where one child or attribute (`@name`) of an element goes. Paths are keys
/// with dots between, relative to the object that the element fills.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) xml: &'static str,
    pub(super) to: To,
}

#[derive(Debug)]
pub(super) enum To {
    /// The text goes to a path.
    Text(&'static str, Form),
    /// The text goes to two paths; requests have the first.
    Both(&'static str, &'static str),
    /// The children go to the object at a path; an empty path is the same object.
    Group(&'static str, &'static [Rule]),
    /// A group whose presence is a fact of its own: true goes to a path.
    Flagged(&'static str, &'static [Rule]),
    /// The children go to the one row of a list.
    Only(&'static str, &'static Row),
    /// Every child of this name is a row of the list at a path.
    List {
        path: &'static str,
        item: &'static str,
        row: &'static Row,
    },
    /// `infoAdicional`.
    AdditionalFields,
    /// `detallesAdicionales`.
    LineDetails,
    /// It says nothing as long as it is this text.
    Constant(&'static str),
    /// It is not part of what the document says.
    Nothing,
}

/// A row of a list, or the document itself.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) rules: &'static [Rule],
    /// What Dátil prints for what is absent.
    pub(super) blanks: &'static [(&'static str, Blank)],
    /// Adds what follows from the rest.
    pub(super) derive: fn(&mut Object<'_>),
}

/// How an absent value is printed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Blank {
    Null,
    Text,
    Zero,
    False,
    List,
    Object,
}

impl Row {
    const fn of(rules: &'static [Rule]) -> Self {
        Self {
            rules,
            blanks: &[],
            derive: |_| {},
        }
    }
}

const fn text(xml: &'static str, path: &'static str) -> Rule {
    formed(xml, path, Form::Text)
}

const fn formed(xml: &'static str, path: &'static str, form: Form) -> Rule {
    let to = To::Text(path, form);
    Rule { xml, to }
}

/// The children fill the same object.
const fn inside(xml: &'static str, rules: &'static [Rule]) -> Rule {
    group(xml, "", rules)
}

const fn group(xml: &'static str, path: &'static str, rules: &'static [Rule]) -> Rule {
    let to = To::Group(path, rules);
    Rule { xml, to }
}

const fn list(
    xml: &'static str,
    item: &'static str,
    path: &'static str,
    row: &'static Row,
) -> Rule {
    let to = To::List { path, item, row };
    Rule { xml, to }
}

/// The table of a type.
pub(super) fn table(collection: Collection) -> &'static Row {
    match collection {
        Collection::Invoices => &invoice::INVOICE,
        Collection::PurchaseSettlements => &purchase_settlement::PURCHASE_SETTLEMENT,
        Collection::CreditNotes => &credit_note::CREDIT_NOTE,
        Collection::DebitNotes => &debit_note::DEBIT_NOTE,
        Collection::Waybills => &waybill::WAYBILL,
        Collection::Retentions => &withholding::RETENTION,
        Collection::AtsRetentions => &withholding::ATS_RETENTION,
    }
}
