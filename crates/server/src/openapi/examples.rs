//! The examples of the description; the tests send each of them.

use tagua_wire::Collection;

/// Name and JSON text of the examples of a collection, the plainest first.
pub(crate) const fn examples(collection: Collection) -> &'static [(&'static str, &'static str)] {
    match collection {
        Collection::Invoices => &[
            ("Venta a crédito", include_str!("examples/invoices.json")),
            ("Exportación", include_str!("examples/invoices-export.json")),
            (
                "Reembolso de gastos",
                include_str!("examples/invoices-reimbursement.json"),
            ),
        ],
        Collection::PurchaseSettlements => &[(
            "Compra a una persona natural",
            include_str!("examples/purchase-settlements.json"),
        )],
        Collection::CreditNotes => &[(
            "Devolución de una parte",
            include_str!("examples/credit-notes.json"),
        )],
        Collection::DebitNotes => &[(
            "Interés por mora",
            include_str!("examples/debit-notes.json"),
        )],
        Collection::Waybills => &[(
            "Entrega de una venta",
            include_str!("examples/waybills.json"),
        )],
        Collection::Retentions => &[(
            "Renta e IVA de una factura",
            include_str!("examples/retentions.json"),
        )],
        Collection::AtsRetentions => &[(
            "Renta e IVA de una factura",
            include_str!("examples/ats-retentions.json"),
        )],
    }
}
