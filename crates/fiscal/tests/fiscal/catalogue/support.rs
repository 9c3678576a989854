use tagua_fiscal::catalogue::*;

#[test]
fn supports_take_known_documents() {
    for row in SUPPORT_CODES {
        for document in row.documents {
            assert!(support_document(document).is_some(), "{document}");
        }
    }
    let allows = |code, document| support_code(code).unwrap().allows(document);
    assert!(allows("01", "344") && !allows("01", "02"));
    assert!(allows("10", "19") && !allows("10", "01"));
    assert!(allows("00", "01"));
    assert!(allows(SUPPORT_DIVIDENDS, "19"));
    assert_eq!(support_code("16"), None);
    assert_eq!(SUPPORT_CODES.len(), 16);
}

#[test]
fn documents_of_cards_and_operators_are_known() {
    for code in ["22", "23", "24", "364", "370", "373", "374", "375"] {
        assert!(support_document(code).is_some(), "{code}");
    }
    assert_eq!(support_document("376"), None);
}

#[test]
fn small_lists_have_their_codes() {
    let codes = |rows: &[NamedCode]| rows.iter().map(|row| row.code).collect::<Vec<_>>();
    assert_eq!(codes(&PERSON_TYPES), ["01", "02"]);
    assert_eq!(codes(&PAYMENT_PLACES), ["01", "02"]);
    assert_eq!(codes(&FOREIGN_REGIMES), ["01", "02", "03"]);
    assert_eq!(codes(&WITHHELD_TAXES), ["1", "2", "6"]);
    assert_eq!(BUILDING_MATERIALS.len(), 18);
    assert!(is_building_material("F010804") && !is_building_material("F010805"));
}
