//! The spellings of `fechaAutorizacion`.

use tagua_sri::read_date;

#[test]
fn every_spelling_is_the_same_moment() {
    let moment = read_date("2025-07-16T07:16:17-05:00");
    assert!(moment.is_some());
    for text in [
        "2025-07-16T12:16:17Z",
        "2025-07-16T07:16:17.000-05:00",
        "2025-07-16T07:16:17",
        "2025-07-16 07:16:17",
        "16/07/2025 07:16:17",
        " 16/07/2025 07:16:17.000 ",
    ] {
        assert_eq!(read_date(text), moment, "{text:?}");
    }
}

#[test]
fn what_is_no_date_is_none() {
    for text in [
        "",
        "N/A",
        "07/16/2025 07:16:17",
        "31/02/2025 07:16:17",
        "2025-13-01T00:00:00-05:00",
        "9999-12-31T23:59:59-25:00",
        "16/07/2025",
        "1700000000",
    ] {
        assert_eq!(read_date(text), None, "{text:?}");
    }
}
