use tagua_fiscal::identifier::{Cedula, Sequential, Series, ThreeDigits};
use tagua_fiscal::{DocumentType, Environment, ParseIdentifierError, Ruc};

#[test]
fn takes_exactly_its_digits() {
    assert_eq!(
        "1790011674001".parse::<Ruc>().unwrap().as_str(),
        "1790011674001"
    );
    assert_eq!(
        "1710034065".parse::<Cedula>().unwrap().to_string(),
        "1710034065"
    );
    assert_eq!(
        "179001167400".parse::<Ruc>(),
        Err(ParseIdentifierError::Length {
            expected: 13,
            found: 12
        })
    );
    assert_eq!(
        "179001167400A".parse::<Ruc>(),
        Err(ParseIdentifierError::NotADigit { position: 13 })
    );
    assert_eq!(
        "ñññññññ".parse::<Ruc>(),
        Err(ParseIdentifierError::Length {
            expected: 13,
            found: 7
        })
    );
}

#[test]
fn shows_its_name_and_digits() {
    let ruc: Ruc = "1790011674001".parse().unwrap();
    assert_eq!(format!("{ruc} {ruc:?}"), "1790011674001 Ruc(1790011674001)");
}

#[test]
fn pads_three_digits() {
    let shown = |number| ThreeDigits::from_number(number).map(|code| code.to_string());
    assert_eq!(shown(0).unwrap(), "000");
    assert_eq!(shown(7).unwrap(), "007");
    assert_eq!(shown(999).unwrap(), "999");
    assert_eq!(shown(1000), Err(ParseIdentifierError::OutOfRange));
    let series = Series {
        establishment: ThreeDigits::from_number(1).unwrap(),
        point: ThreeDigits::from_number(120).unwrap(),
    };
    assert_eq!(series.to_string(), "001-120");
}

#[test]
fn sequentials_have_one_to_nine_digits() {
    assert_eq!(Sequential::new(1).unwrap().to_string(), "000000001");
    assert_eq!(Sequential::new(999_999_999).unwrap().get(), 999_999_999);
    assert_eq!(Sequential::new(0), Err(ParseIdentifierError::OutOfRange));
    let long = Sequential::new(1_000_000_000);
    assert_eq!(long, Err(ParseIdentifierError::OutOfRange));
}

#[test]
fn codes_read_back() {
    for kind in DocumentType::ALL {
        assert_eq!(DocumentType::from_code(kind.code()), Some(kind));
        assert!(!kind.name().is_empty());
    }
    assert_eq!(DocumentType::from_code("02"), None);
    for environment in [Environment::Test, Environment::Production] {
        assert_eq!(
            Environment::from_digit(environment.digit()),
            Some(environment)
        );
    }
    assert_eq!(Environment::from_digit('0'), None);
    assert_eq!(Environment::Production.name(), "Producción");
}
