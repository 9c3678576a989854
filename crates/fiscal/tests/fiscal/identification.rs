use tagua_fiscal::check_digits::CheckDigit;
use tagua_fiscal::identification::{FINAL_CONSUMER, IdentificationProblem, IdentificationType};

#[track_caller]
fn format(code: &str, id: &str, expected: Result<(), IdentificationProblem>) {
    let kind = IdentificationType::from_code(code).unwrap();
    assert_eq!(kind.check_format(id), expected, "{code} {id}");
}

#[test]
fn each_type_has_its_form() {
    use IdentificationProblem as P;
    format("04", "1790011674001", Ok(()));
    format("04", "1790011674002", Err(P::Ruc));
    format("04", "1790011674", Err(P::Ruc));
    format("05", "1710034065", Ok(()));
    format("05", "171003406X", Err(P::Cedula));
    format("06", "A1B2C3", Ok(()));
    format("06", "A1", Err(P::Passport));
    format("06", "AB-123", Err(P::Passport));
    format("06", &"A".repeat(21), Err(P::Passport));
    format("07", FINAL_CONSUMER, Ok(()));
    format("07", "999999999999", Err(P::FinalConsumer));
    format("08", "DE 123/456", Ok(()));
    format("08", "", Err(P::Foreign));
    format("08", &"9".repeat(21), Err(P::Foreign));
}

#[test]
fn codes_read_back() {
    for kind in IdentificationType::ALL {
        assert_eq!(IdentificationType::from_code(kind.code()), Some(kind));
        assert!(!kind.name().is_empty());
    }
    assert_eq!(IdentificationType::from_code("09"), None);
    assert_eq!(IdentificationType::from_code("4"), None);
}

#[test]
fn only_rucs_and_cedulas_have_a_check_digit() {
    use IdentificationType as T;
    assert_eq!(T::Ruc.check_digit("1790011674001"), CheckDigit::Holds);
    assert_eq!(T::Cedula.check_digit("1710034066"), CheckDigit::Fails);
    assert_eq!(T::Cedula.check_digit("171003"), CheckDigit::NotDefined);
    assert_eq!(
        T::Passport.check_digit("1710034066"),
        CheckDigit::NotDefined
    );
    assert_eq!(
        T::FinalConsumer.check_digit(FINAL_CONSUMER),
        CheckDigit::NotDefined
    );
    assert_eq!(T::Foreign.check_digit("1710034066"), CheckDigit::NotDefined);
}
