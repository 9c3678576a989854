//! The receiver's identification: code 69.

use roxmltree::Node;

use crate::arithmetic::{Decimal, amount, text};
use crate::message::Message;
use crate::structure::DocumentType;

/// Above this a buyer must be named (ficha técnica 9.10, since 2023-02-01).
const FINAL_CONSUMER_MAX: Decimal = Decimal::cents(50_00);

const FINAL_CONSUMER: &str = "9999999999999";

/// Checks the one receiver that the document's second block names.
pub(crate) fn check(info: Node<'_, '_>, document: &DocumentType) -> Vec<Message> {
    let (kind, identification) = match document.code {
        "01" | "04" | "05" => ("tipoIdentificacionComprador", "identificacionComprador"),
        "03" => ("tipoIdentificacionProveedor", "identificacionProveedor"),
        "07" => (
            "tipoIdentificacionSujetoRetenido",
            "identificacionSujetoRetenido",
        ),
        _ => return Vec::new(),
    };
    let identification = text(info, identification);
    let complaint = match text(info, kind).as_str() {
        "04" if !has_digits(&identification, 13) => {
            Some("La longitud del número de RUC debe ser 13".to_owned())
        }
        "05" if !has_digits(&identification, 10) => {
            Some("La longitud del número de cédula debe ser 10".to_owned())
        }
        "07" => check_final_consumer(info, document, &identification),
        _ => None,
    };
    complaint
        .map(|detail| Message::error(69, detail))
        .into_iter()
        .collect()
}

/// The ficha gives no code for an amount above the limit; 69 is the nearest.
fn check_final_consumer(
    info: Node<'_, '_>,
    document: &DocumentType,
    identification: &str,
) -> Option<String> {
    if document.code != "01" {
        return Some(format!(
            "El consumidor final no puede recibir un comprobante de tipo {}",
            document.root
        ));
    }
    if identification != FINAL_CONSUMER {
        return Some(format!(
            "La identificación del consumidor final debe ser {FINAL_CONSUMER}"
        ));
    }
    let total = amount(info, "importeTotal");
    (total > FINAL_CONSUMER_MAX).then(|| {
        format!(
            "Una factura a consumidor final no puede superar 50.00 dólares; el importe es {total}"
        )
    })
}

fn has_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}
