//! What the folder shows.

use tagua_wire::Collection::{
    self, AtsRetentions, CreditNotes, DebitNotes, Invoices, PurchaseSettlements, Retentions,
    Waybills,
};

/// A request: `examples/<collection>/<name>.json`.
pub(crate) struct Case {
    pub(crate) collection: Collection,
    pub(crate) name: &'static str,
    /// What it shows, for the index.
    pub(crate) shows: &'static str,
}

impl Case {
    /// Whether it goes to `issue/xml`.
    pub(crate) fn is_xml(&self) -> bool {
        self.name == "from-xml"
    }

    /// Where it is sent.
    pub(crate) fn address(&self) -> String {
        let xml = if self.is_xml() { "/xml" } else { "" };
        format!("/{}/issue{xml}", self.collection.as_str())
    }
}

const fn case(collection: Collection, name: &'static str, shows: &'static str) -> Case {
    Case {
        collection,
        name,
        shows,
    }
}

pub(crate) const CASES: &[Case] = &[
    case(
        Invoices,
        "plain",
        "two lines at one rate, paid in cash, with details and notes",
    ),
    case(
        Invoices,
        "minimal",
        "only what cannot be derived: no net, no base, no payment",
    ),
    case(
        Invoices,
        "automatic-number",
        "`secuencial` \"auto\": the server gives the number; `external_id`",
    ),
    case(
        Invoices,
        "several-vat-rates",
        "15 %, 5 % with the code of a building material, 0 %, no objeto and exento",
    ),
    case(Invoices, "ice", "ICE, which is part of the base of IVA"),
    case(
        Invoices,
        "bottles-irbpnr",
        "IRBPNR on plastic bottles, outside the base of IVA",
    ),
    case(Invoices, "line-discounts", "`descuento` of the whole line"),
    case(
        Invoices,
        "discount-per-unit",
        "`descuento` of one unit, told by the net: the XML has the line's",
    ),
    case(
        Invoices,
        "additional-discount",
        "`descuento_adicional` on the total of one rate, off the total as Dátil does it (the one example with a warning)",
    ),
    case(Invoices, "tip", "`propina` of a restaurant"),
    case(Invoices, "consumidor-final", "a buyer without name"),
    case(
        Invoices,
        "several-payments",
        "cash, card with a term in `propiedades`, transfer",
    ),
    case(
        Invoices,
        "credit",
        "a part paid, the rest in 30 days: `credito`",
    ),
    case(
        Invoices,
        "negotiable",
        "`negociable`: the invoice can be sold to a third party",
    ),
    case(
        Invoices,
        "payment-reminder",
        "`enviar_recordatorio_pago`: nothing of it in the XML",
    ),
    case(
        Invoices,
        "with-waybill-number",
        "the waybill the goods travel with",
    ),
    case(
        Invoices,
        "export",
        "incoterm, ports, countries and the four charges",
    ),
    case(
        Invoices,
        "reimbursement",
        "expenses paid for the client, one row per document",
    ),
    case(
        Invoices,
        "foreign-currency",
        "euros with `tasa_cambio`: the XML is in dollars",
    ),
    case(Invoices, "rimpe-issuer", "the legend of the RIMPE regime"),
    case(
        Invoices,
        "from-xml",
        "a finished XML with a broken declaration and no key",
    ),
    case(CreditNotes, "return", "one unit comes back"),
    case(CreditNotes, "several-rates", "lines at 15 %, 5 % and 0 %"),
    case(CreditNotes, "ice", "with ICE"),
    case(
        CreditNotes,
        "foreign-currency",
        "in euros, at the rate of its invoice",
    ),
    case(
        DebitNotes,
        "interest",
        "one reason at 0 %, no payment given",
    ),
    case(DebitNotes, "two-rates", "two reasons at different rates"),
    case(
        PurchaseSettlements,
        "goods",
        "bought from a person without RUC",
    ),
    case(PurchaseSettlements, "service-with-vat", "a service at 15 %"),
    case(
        PurchaseSettlements,
        "reimbursement",
        "expenses of a driver; `maquina_fiscal`",
    ),
    case(
        Waybills,
        "one-recipient",
        "goods that were sold, with the number of the invoice",
    ),
    case(
        Waybills,
        "several-recipients",
        "two clients and a shop of the same company on one trip",
    ),
    case(
        Retentions,
        "income-tax-and-vat",
        "schema 1.0.0: one row per tax",
    ),
    case(
        AtsRetentions,
        "invoice",
        "schema 2.0.0: income tax and IVA of one invoice",
    ),
    case(
        AtsRetentions,
        "several-documents",
        "two invoices in one certificate",
    ),
    case(
        AtsRetentions,
        "reimbursement",
        "the supporting document is a reimbursement",
    ),
    case(
        AtsRetentions,
        "dividends",
        "an advance on dividends paid to a person",
    ),
    case(
        AtsRetentions,
        "foreign-payment",
        "a service from abroad: regime, country, treaty",
    ),
    case(AtsRetentions, "from-xml", "a finished XML of schema 2.0.0"),
];
