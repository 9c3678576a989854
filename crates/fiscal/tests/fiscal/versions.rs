use tagua_fiscal::credit_note::CreditNoteVersion;
use tagua_fiscal::debit_note::DebitNoteVersion;
use tagua_fiscal::invoice::InvoiceVersion;
use tagua_fiscal::purchase_settlement::PurchaseSettlementVersion;

macro_rules! texts_of {
    ($version:ty) => {
        <$version>::ALL.map(|version| {
            assert_eq!(<$version>::parse(version.as_str()), Some(version));
            for text in ["", "1.0", "1.0.0 ", "3.0.0", "version0"] {
                assert_eq!(<$version>::parse(text), None, "{text}");
            }
            version.as_str()
        })
    };
}

#[test]
fn versions_are_read_as_they_are_written() {
    assert_eq!(
        texts_of!(InvoiceVersion),
        ["1.0.0", "1.1.0", "2.0.0", "2.1.0"]
    );
    assert_eq!(texts_of!(CreditNoteVersion), ["1.0.0", "1.1.0"]);
    assert_eq!(texts_of!(DebitNoteVersion), ["1.0.0"]);
    assert_eq!(texts_of!(PurchaseSettlementVersion), ["1.0.0", "1.1.0"]);
}
