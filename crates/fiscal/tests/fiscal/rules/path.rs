use tagua_fiscal::rules::{ModelPath, Segment};

#[test]
fn reads_like_the_model() {
    let path = ModelPath::of("lines")
        .at(2)
        .field("taxes")
        .at(0)
        .field("amount");
    assert_eq!(path.to_string(), "lines[2].taxes[0].amount");
    assert_eq!(path.segments().first(), Some(&Segment::Field("lines")));
    assert_eq!(path.segments().get(1), Some(&Segment::Index(2)));
    assert_eq!(ModelPath::default().to_string(), "");
}

#[test]
fn patterns_leave_positions_open() {
    let path = ModelPath::of("lines").at(2).field("taxes").at(0);
    assert_eq!(path.pattern(), "lines[].taxes[]");
    assert_eq!(path.field("amount").pattern(), "lines[].taxes[].amount");
    assert_eq!(ModelPath::default().pattern(), "");
}
