//! Waybills.

use tagua_fiscal::AccessKeyParts;
use tagua_fiscal::rules::RuleCode;
use tagua_fiscal::waybill::SupportingReference;

use super::{Case, detail, waybill};
use crate::sample::{TODAY, key_parts};

pub(super) fn waybills() -> Vec<Case> {
    use RuleCode as R;
    vec![
        waybill(
            R::TransportStart,
            "info.start_date",
            &["28/07/2026", "29/07/2026", "error 82"],
            |w| {
                w.info.start_date = TODAY.yesterday().unwrap();
            },
        ),
        waybill(
            R::TransportEnd,
            "info.end_date",
            &["29/07/2026", "28/07/2026"],
            |w| {
                w.info.end_date = TODAY.yesterday().unwrap();
            },
        ),
        waybill(R::CheckDigit, "recipients[0].id", &["1710034064"], |w| {
            w.recipients[0].id = "1710034064".into();
        }),
        waybill(R::IdentificationType, "info.carrier_id", &["09"], |w| {
            w.info.carrier_id_type = "09".into();
        }),
        waybill(
            R::SupportingIncomplete,
            "recipients[0].supporting_document",
            &["van juntos"],
            |w| {
                w.recipients[0].supporting_document.number = None;
            },
        ),
        waybill(
            R::SupportDocumentUnknown,
            "recipients[0].supporting_document.document_code",
            &["99"],
            |w| {
                w.recipients[0].supporting_document.document_code = Some("99".into());
            },
        ),
        waybill(
            R::SupportingAuthorization,
            "recipients[0].supporting_document.authorization",
            &["12345", "5 caracteres"],
            |w| {
                w.recipients[0].supporting_document.authorization = Some("12345".into());
            },
        ),
        waybill(
            R::SupportingAuthorization,
            "recipients[0].supporting_document.authorization",
            &["Copie la clave"],
            |w| {
                let document = &mut w.recipients[0].supporting_document;
                document.number = Some("001-002-000000124".into());
            },
        ),
        waybill(
            R::SupportingDate,
            "recipients[0].supporting_document.issue_date",
            &["30/07/2026", "29/07/2026"],
            |w| {
                w.recipients[0].supporting_document = SupportingReference {
                    document_code: Some("01".into()),
                    number: Some("001-002-000000124".into()),
                    authorization: None,
                    issue_date: TODAY.tomorrow().ok(),
                };
            },
        ),
        waybill(
            R::TooManyLineDetails,
            "recipients[0].lines[0].details",
            &["4"],
            |w| {
                w.recipients[0].lines[0].details = vec![detail(); 4];
            },
        ),
        waybill(
            R::AccessKeyMismatch,
            "tax_info.access_key",
            &["comprobante"],
            |w| {
                w.tax_info.access_key = key_parts().key();
            },
        ),
        waybill(
            R::IssueDateFuture,
            "info.start_date",
            &["30/07/2026"],
            |w| {
                let parts = w.tax_info.access_key.parts().unwrap();
                w.info.start_date = TODAY.tomorrow().unwrap();
                w.info.end_date = w.info.start_date;
                w.tax_info.access_key = AccessKeyParts {
                    date: w.info.start_date,
                    ..parts
                }
                .key();
            },
        ),
    ]
}
