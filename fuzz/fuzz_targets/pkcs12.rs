//! Nothing in a PKCS#12 file or a certificate may panic, hang or take memory
//! without end. The last byte of the input picks password and target.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tagua_pkcs12::{CertificateFacts, Limits, choose, open};

const NOW: i64 = 1_795_187_045; // 2026-11-20
const RUC: Option<&str> = Some("1790012345001");

fuzz_target!(|input: &[u8]| {
    let Some((selector, bytes)) = input.split_last() else { return };
    let password = match selector % 4 {
        0 => "",
        1 => "contraseña",
        _ => "Clave123",
    };
    if selector % 5 == 0 {
        read_certificate(bytes);
    } else {
        read_file(bytes, password);
    }
});

fn read_file(bytes: &[u8], password: &str) {
    let limits = Limits { iterations_max: 20_000, ..Limits::default() };
    match open(bytes, password, &limits) {
        Err(error) => assert!(!error.message_es().is_empty() && !error.to_string().is_empty()),
        Ok(bundle) => {
            for entry in &bundle.certificates {
                read_certificate(&entry.der);
            }
            match choose(&bundle, RUC, NOW) {
                Ok(choice) => assert!(!choice.pkcs8.is_empty()),
                Err(error) => assert!(!error.message_es().is_empty()),
            }
        }
    }
}

fn read_certificate(der: &[u8]) {
    if let Ok(facts) = CertificateFacts::read(der) {
        assert!(facts.serial_decimal.bytes().all(|digit| digit.is_ascii_digit()));
        assert!(facts.ruc.is_none_or(|ruc| ruc.value.len() == 13));
        let _ = facts.rsa.map(|key| key.bits());
    }
}
