//! The rules a document can break, by name.

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth a look; the document is valid.
    Warning,
    /// The document is not valid: its figures contradict each other, its rates
    /// or its consumidor final are not those of the law.
    Error,
}

macro_rules! rule_codes {
    ($($(#[$doc:meta])* $severity:ident $name:ident = $text:literal,)*) => {
        /// The rule a finding is about. Public: clients match on its text, which
        /// is never changed nor given to another rule.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum RuleCode {
            $($(#[$doc])* $name,)*
        }

        impl RuleCode {
            /// Every rule.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable name.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            /// What breaking the rule amounts to.
            pub const fn severity(self) -> Severity {
                match self {
                    $(Self::$name => Severity::$severity,)*
                }
            }
        }
    };
}

rule_codes! {
    /// The net of a line is not quantity × price − discount.
    Error LineNet = "line_net",
    /// A tax is not base × rate.
    Error TaxAmount = "tax_amount",
    /// The IVA base of a line is not its net plus its ICE.
    Error LineVatBase = "line_vat_base",
    /// The ICE base of a line is not its net.
    Error LineIceBase = "line_ice_base",
    /// The ICE base of a line is its price before the discount.
    Warning LineIceBaseBeforeDiscount = "line_ice_base_before_discount",
    /// An IVA code that the table does not have.
    Warning VatCodeUnknown = "vat_code_unknown",
    /// The rate is not the one of the IVA code.
    Error VatRateMismatch = "vat_rate_mismatch",
    /// The rate was not in force on the day of issue.
    Error VatRateNotInForce = "vat_rate_not_in_force",
    /// The rate holds on decreed days, and this is not one known.
    Warning VatRateDayUnconfirmed = "vat_rate_day_unconfirmed",
    /// The net total is not the sum of the lines.
    Error NetTotal = "net_total",
    /// A row of taxes that no line mentions.
    Error TaxTotalWithoutLines = "tax_total_without_lines",
    /// A tax of the lines has no row in the totals.
    Error TaxTotalMissing = "tax_total_missing",
    /// The base of a row is not the sum of the lines.
    Error TaxTotalBase = "tax_total_base",
    /// The amount of a row is neither that of its base nor that of its lines.
    Error TaxTotalAmount = "tax_total_amount",
    /// The rate a row prints is not the one of its IVA code.
    Warning TaxTotalRate = "tax_total_rate",
    /// An additional discount in a row that is not IVA.
    Warning AdditionalDiscountNotVat = "additional_discount_not_vat",
    /// The refund of IVA exceeds the tax or the buyer is not known by cédula.
    Warning VatRefund = "vat_refund",
    /// The discount total is not the sum of the discounts.
    Error DiscountTotal = "discount_total",
    /// The total follows from no reading of the figures.
    Error Total = "total",
    /// The total holds, but not by SRI's formula.
    Warning TotalForm = "total_form",
    /// The tip exceeds 10 % of the subtotal.
    Warning TipTooHigh = "tip_too_high",
    /// The payments add up neither to the total nor to it less what is withheld.
    Error PaymentSum = "payment_sum",
    /// No payment at all.
    Warning PaymentsMissing = "payments_missing",
    /// A payment code of the old ATS.
    Warning PaymentMethodRetired = "payment_method_retired",
    /// A payment code not in the table, or not yet on the day of issue.
    Warning PaymentMethodUnknown = "payment_method_unknown",
    /// A withholding code not in the table.
    Warning WithholdingUnknown = "withholding_unknown",
    /// The withheld totals do not repeat the withholdings.
    Warning WithheldTotal = "withheld_total",
    /// The totals of a reimbursement are not the sums of its documents.
    Error ReimbursementSum = "reimbursement_sum",
    /// A reimbursement does not add up to the net total of the invoice.
    Error ReimbursementNet = "reimbursement_net",
    /// An item of a reimbursement is not "no objeto de IVA".
    Error ReimbursementItemVat = "reimbursement_item_vat",
    /// A part of the reimbursement is missing.
    Warning ReimbursementIncomplete = "reimbursement_incomplete",
    /// An authorisation number of neither 10, 37 nor 49 digits.
    Warning ReimbursedAuthorization = "reimbursed_authorization",
    /// Consumidor final with another number than 9999999999999.
    Error FinalConsumerId = "final_consumer_id",
    /// 9999999999999 with another type than 07.
    Warning FinalConsumerType = "final_consumer_type",
    /// Consumidor final under another name.
    Warning FinalConsumerName = "final_consumer_name",
    /// Consumidor final for more than 50 dollars.
    Warning FinalConsumerLimit = "final_consumer_limit",
    /// An identification type not in the table.
    Warning IdentificationType = "identification_type",
    /// An identification without the form of its type.
    Warning IdentificationFormat = "identification_format",
    /// A cédula or RUC whose check digit fails.
    Warning CheckDigit = "check_digit",
    /// The access key contradicts the document.
    Warning AccessKeyMismatch = "access_key_mismatch",
    /// Issued after today.
    Warning IssueDateFuture = "issue_date_future",
    /// Issued more than 90 days ago.
    Warning IssueDateOld = "issue_date_old",
    /// Not issued today, as the rule of 2026 demands.
    Warning IssueDateNotToday = "issue_date_not_today",
    /// A mandatory part of the export data is missing.
    Warning ExportIncomplete = "export_incomplete",
    /// A line of an export is not at rate 0.
    Warning ExportVat = "export_vat",
    /// A country code not in SRI's table.
    Warning CountryUnknown = "country_unknown",
    /// A RIMPE legend that is neither of the two.
    Warning RimpeLegend = "rimpe_legend",
    /// More than 15 additional fields.
    Warning TooManyAdditionalFields = "too_many_additional_fields",
    /// More than three additional details in a line.
    Warning TooManyLineDetails = "too_many_line_details",
    /// A negotiable invoice without the buyer's address.
    Warning NegotiableAddress = "negotiable_address",
    /// A negotiable invoice without a term of payment.
    Warning NegotiableTerm = "negotiable_term",
    /// A note carries a rate of its own day instead of that of the document it modifies.
    Warning VatRateOfModified = "vat_rate_of_modified",
    /// A line at 5 % of IVA without the code of a building material.
    Warning BuildingMaterialCode = "building_material_code",
    /// Consumidor final in a document that is not an invoice.
    Error FinalConsumerNotAllowed = "final_consumer_not_allowed",
    /// The RIMPE legend is not that of the issuer's regime.
    Warning RimpeStatus = "rimpe_status",
    /// The resolution of the withholding agent is not the issuer's.
    Warning WithholdingAgentStatus = "withholding_agent_status",
    /// A large taxpayer without its additional field.
    Warning LargeTaxpayerField = "large_taxpayer_field",
    /// The additional field of the software's supplier is missing.
    Warning SoftwareProviderField = "software_provider_field",
    /// A transport operator without the plate.
    Warning TransportPlate = "transport_plate",
    /// A plate without the form the ficha técnica gives.
    Warning PlateFormat = "plate_format",
    /// A line of a transport operator without the code of the service.
    Warning TransportCode = "transport_code",
    /// A note dated before the document it modifies.
    Warning ModifiedDocumentDate = "modified_document_date",
    /// The legend of RISE after its end.
    Warning RiseLegend = "rise_legend",
    /// The transport starts before the waybill is issued.
    Error TransportStart = "transport_start",
    /// The transport ends before it starts.
    Warning TransportEnd = "transport_end",
    /// A type of document that is not in the table of the ATS.
    Warning SupportDocumentUnknown = "support_document_unknown",
    /// Type, number and day of a supporting document do not come together.
    Warning SupportingIncomplete = "supporting_incomplete",
    /// An authorisation number that is not of the supporting document.
    Warning SupportingAuthorization = "supporting_authorization",
    /// A supporting document dated after the document it supports.
    Warning SupportingDate = "supporting_date",
    /// The amount withheld is not base × percentage.
    Error WithheldAmount = "withheld_amount",
    /// The percentage is not one of the code on the day of issue.
    Warning WithholdingRate = "withholding_rate",
    /// The bases of renta do not cover the supporting document.
    Warning WithheldBase = "withheld_base",
    /// The bases of withheld IVA exceed the IVA of the supporting document.
    Warning WithheldVatBase = "withheld_vat_base",
    /// A withholding from oneself without its shape.
    Warning SelfWithholding = "self_withholding",
    /// Issued more than five working days after the supporting document.
    Warning WithholdingLate = "withholding_late",
    /// The fiscal period is neither the month of issue nor that of a supporting document.
    Warning FiscalPeriod = "fiscal_period",
    /// Identification type 08 without the type of subject.
    Error SubjectTypeMissing = "subject_type_missing",
    /// A type of subject with another identification type than 08.
    Warning SubjectTypeUnneeded = "subject_type_unneeded",
    /// A rate that was not in force on the day of the supporting document.
    Warning SupportingVatRate = "supporting_vat_rate",
    /// The total of a supporting document is not its net plus its taxes.
    Error SupportingTotal = "supporting_total",
    /// The total of a supporting document exceeds net plus taxes by what may be a tip.
    Warning SupportingTotalForm = "supporting_total_form",
    /// The IVA bases of a supporting document are not its net.
    Error SupportingVatBase = "supporting_vat_base",
    /// A code of support that is not in the table of the ATS.
    Warning SupportCodeUnknown = "support_code_unknown",
    /// A type of document that the code of support does not take.
    Warning SupportDocumentNotAllowed = "support_document_not_allowed",
    /// Reimbursement data of a document that is not one.
    Warning ReimbursementUnneeded = "reimbursement_unneeded",
    /// Dividends with another code of support.
    Warning DividendsMisplaced = "dividends_misplaced",
    /// Banana boxes with another withholding code.
    Warning BananaBoxesMisplaced = "banana_boxes_misplaced",
    /// A part of what is said of a payment abroad is missing.
    Warning ForeignPaymentIncomplete = "foreign_payment_incomplete",
    /// A local payment with what is said of payments abroad.
    Warning ForeignPaymentUnneeded = "foreign_payment_unneeded",
    /// A payment abroad made in Ecuador.
    Warning ForeignPaymentCountry = "foreign_payment_country",
}
