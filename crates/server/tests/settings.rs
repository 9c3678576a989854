//! The settings of an issuer: read, written, and what they become.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use jiff::Timestamp;
use jiff::civil::date;
use tagua_fiscal::rules::{IssuerStatus, Regime};
use tagua_server::settings::{IssuerSettings, Profile, REMINDER_DAYS, SETTINGS, SettingsError};
use tagua_wire::{Collection, ForeignCurrency, MissingPayment, Rimpe};

const ALL: &str = concat!(
    r#"{"profile":"strict","legal_name":"QUINDE AZUL S.A.S.","trade_name":"Quinde","#,
    r#""head_office_address":"Quito","establishment_addresses":{"001":"Loja","003":"Puyo"},"#,
    r#""keeps_accounts":true,"special_taxpayer":"5368","rimpe":"popular_business","#,
    r#""withholding_agent":"12345678","large_taxpayer":"NAC-GCFOIOC21-00000885-E","#,
    r#""software_provider":"1790012345001","transport_operator":true,"#,
    r#""missing_payment":"left_out","foreign_currency":"as_sent","complete_totals":true,"#,
    r#""closed_series":["001-002","003-001"],"reminder_days":[-5,0,30]}"#,
);

fn parse(json: &str) -> IssuerSettings {
    IssuerSettings::parse(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

#[track_caller]
fn refusal(json: &str) -> String {
    IssuerSettings::parse(json).unwrap_err().to_string()
}

#[test]
fn every_setting_comes_back_as_it_was() {
    let settings = parse(ALL);
    assert_eq!(settings.to_json(), ALL);
    let names: Vec<_> = settings.members().keys().cloned().collect();
    assert_eq!(names, SETTINGS.map(|field| field.name));
}

#[test]
fn nothing_set_is_the_recommended_behaviour() {
    for empty in ["", " \n", "{}", r#"{"profile":null,"closed_series":null}"#] {
        let settings = parse(empty);
        assert_eq!(settings, IssuerSettings::default());
        assert_eq!(settings.to_json(), "{}");
    }
    let settings = IssuerSettings::default();
    assert_eq!(settings.profile(), Profile::Compatible);
    assert_eq!(settings.reminder_days(), REMINDER_DAYS);
    assert_eq!(settings.closed_series, None);
    let context = settings.wire_context(Timestamp::UNIX_EPOCH, Collection::Invoices, None);
    assert_eq!(context.issuer.fixed_fields, []);
    assert_eq!(context.missing_payment, MissingPayment::WithFinancialSystem);
    assert_eq!(context.foreign_currency, ForeignCurrency::Converted);
    let rules = settings.rule_context(date(2026, 11, 20));
    assert_eq!(rules.issuer, IssuerStatus::default());
}

#[test]
fn an_unknown_name_is_answered_with_the_nearest() {
    for (name, nearest) in [
        ("leagl_name", "legal_name"),
        ("softwareProvider", "software_provider"),
        ("RIMPE", "rimpe"),
        ("closed_serie", "closed_series"),
    ] {
        let error = IssuerSettings::parse(&format!(r#"{{"{name}":"x"}}"#)).unwrap_err();
        let SettingsError::Unknown {
            name: said,
            nearest: found,
        } = &error
        else {
            panic!("{error}");
        };
        assert_eq!(said, name);
        assert_eq!(*found, nearest);
        assert!(error.to_string().contains("did you mean"), "{error}");
    }
}

#[test]
fn a_wrong_value_is_named_with_what_is_taken() {
    for (json, field) in [
        (r#"{"profile":"lax"}"#, "profile"),
        (r#"{"profile":1}"#, "profile"),
        (r#"{"legal_name":""}"#, "legal_name"),
        (r#"{"legal_name":"a\nb"}"#, "legal_name"),
        (r#"{"trade_name":["x"]}"#, "trade_name"),
        (r#"{"special_taxpayer":"12"}"#, "special_taxpayer"),
        (r#"{"withholding_agent":"123456789"}"#, "withholding_agent"),
        (r#"{"withholding_agent":"12a"}"#, "withholding_agent"),
        (
            r#"{"software_provider":"179001234500"}"#,
            "software_provider",
        ),
        (r#"{"keeps_accounts":"true"}"#, "keeps_accounts"),
        (r#"{"rimpe":"1"}"#, "rimpe"),
        (
            r#"{"establishment_addresses":"Quito"}"#,
            "establishment_addresses",
        ),
        (
            r#"{"establishment_addresses":{"1":"Quito"}}"#,
            "establishment_addresses",
        ),
        (
            r#"{"establishment_addresses":{"001":""}}"#,
            "establishment_addresses",
        ),
        (r#"{"closed_series":"001-001"}"#, "closed_series"),
        (r#"{"closed_series":["001001"]}"#, "closed_series"),
        (r#"{"reminder_days":[366]}"#, "reminder_days"),
        (
            r#"{"reminder_days":[-9223372036854775808]}"#,
            "reminder_days",
        ),
        (
            r#"{"reminder_days":[1,2,3,4,5,6,7,8,9,10,11]}"#,
            "reminder_days",
        ),
    ] {
        let text = refusal(json);
        assert!(text.starts_with(&format!("{field} cannot be ")), "{text}");
        assert!(text.contains(": it takes "), "{text}");
    }
    assert!(refusal("[]").contains("JSON object"));
    assert!(refusal("{").contains("JSON object"));
}

#[test]
fn a_person_sets_and_unsets_by_text() {
    let mut settings = IssuerSettings::default();
    for (name, text) in [
        ("profile", "strict"),
        ("keeps_accounts", "SI"),
        ("establishment_addresses.001", " Loja "),
        ("establishment_addresses.003", "Puyo"),
        ("closed_series", "001-002, 003-001"),
        ("reminder_days", "-5,0,30"),
    ] {
        settings.set(name, text).unwrap();
    }
    let expected = concat!(
        r#"{"profile":"strict","establishment_addresses":{"001":"Loja","003":"Puyo"},"#,
        r#""keeps_accounts":true,"closed_series":["001-002","003-001"],"reminder_days":[-5,0,30]}"#,
    );
    assert_eq!(settings.to_json(), expected);
    let before = settings.clone();
    for (name, text) in [
        ("profile", "lax"),
        ("keeps_accounts", "maybe"),
        ("establishment_addresses", "Quito"),
        ("establishment_addresses.1", "Quito"),
        ("profile.001", "strict"),
        ("closed_series", "001"),
        ("reminder_days", "soon"),
        ("nothing", "x"),
    ] {
        assert!(settings.set(name, text).is_err(), "{name}={text}");
        assert_eq!(settings, before);
    }
    settings.unset("establishment_addresses.001").unwrap();
    settings.unset("establishment_addresses.999").unwrap();
    settings.unset("closed_series").unwrap();
    settings.unset("profile").unwrap();
    settings.unset("profile.x").unwrap();
    settings.unset("reminder_days").unwrap();
    assert!(settings.unset("nothing").is_err());
    let left = r#"{"establishment_addresses":{"003":"Puyo"},"keeps_accounts":true}"#;
    assert_eq!(settings.to_json(), left);
}

#[test]
fn settings_become_the_defaults_of_reading() {
    let settings = parse(ALL);
    let now = Timestamp::UNIX_EPOCH;
    let establishment = Some("003".parse().unwrap());
    let context = settings.wire_context(now, Collection::Invoices, establishment);
    assert_eq!(context.now, now);
    assert_eq!(
        context.issuer.legal_name.as_deref(),
        Some("QUINDE AZUL S.A.S.")
    );
    assert_eq!(context.issuer.trade_name.as_deref(), Some("Quinde"));
    assert_eq!(context.issuer.head_office_address.as_deref(), Some("Quito"));
    assert_eq!(
        context.issuer.establishment_address.as_deref(),
        Some("Puyo")
    );
    assert_eq!(context.issuer.keeps_accounts, Some(true));
    assert_eq!(context.issuer.special_taxpayer.as_deref(), Some("5368"));
    assert_eq!(context.issuer.rimpe, Some(Rimpe::PopularBusiness));
    assert_eq!(
        context.issuer.withholding_agent.as_deref(),
        Some("12345678")
    );
    assert_eq!(context.missing_payment, MissingPayment::LeftOut);
    assert_eq!(context.foreign_currency, ForeignCurrency::AsSent);
    assert!(context.complete_totals);
}

#[test]
fn fixed_fields_depend_on_the_type() {
    let settings = parse(ALL);
    for collection in Collection::ALL {
        let context = settings.wire_context(Timestamp::UNIX_EPOCH, collection, None);
        assert_eq!(context.issuer.establishment_address, None);
        let fields = context.issuer.fixed_fields.into_iter();
        let fields: Vec<_> = fields.map(|field| (field.name, field.value)).collect();
        let provider = ("RUC Proveedor".to_owned(), "1790012345001".to_owned());
        let large = "NAC-GCFOIOC21-00000885-E".to_owned();
        let expected = match collection {
            Collection::Invoices | Collection::CreditNotes | Collection::DebitNotes => {
                vec![("Gran Contribuyente".to_owned(), large), provider]
            }
            _ => vec![provider],
        };
        assert_eq!(fields, expected, "{collection:?}");
    }
}

#[test]
fn settings_become_what_the_rules_know() {
    let context = parse(ALL).rule_context(date(2026, 11, 20));
    assert_eq!(context.today, date(2026, 11, 20));
    assert_eq!(context.issuer.regime, Some(Regime::RimpeSmallBusiness));
    assert_eq!(
        context.issuer.withholding_agent.as_deref(),
        Some("12345678")
    );
    let large = context.issuer.large_taxpayer.as_deref();
    assert_eq!(large, Some("NAC-GCFOIOC21-00000885-E"));
    assert_eq!(
        context.issuer.software_provider,
        "1790012345001".parse().ok()
    );
    assert!(context.issuer.transport_operator);
    let entrepreneur = parse(r#"{"rimpe":"taxpayer"}"#).rule_context(date(2026, 11, 20));
    assert_eq!(entrepreneur.issuer.regime, Some(Regime::RimpeEntrepreneur));
}

#[test]
fn a_closed_list_may_be_empty() {
    let series = ["001-002", "003-001"].map(|text| text.parse().unwrap());
    assert_eq!(parse(ALL).closed_series, Some(series.to_vec()));
    let none = parse(r#"{"closed_series":[]}"#);
    assert_eq!(none.closed_series, Some(vec![]));
    assert_eq!(none.to_json(), r#"{"closed_series":[]}"#);
}
