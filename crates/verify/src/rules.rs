//! The list of checks: their stable names and order.

macro_rules! rules {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A check that every report has a verdict for, in this order.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Rule {
            $($(#[$doc])* $variant,)*
        }

        impl Rule {
            /// All checks, in the order of the report.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable name: programs and people match on it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

rules! {
    /// The file is XML within the limits of the scan.
    WellFormed = "well_formed",
    /// The envelope around the document, if there is one: it holds a document and says AUTORIZADO.
    Envelope = "envelope",
    /// The document inside the envelope is XML within the limits of the scan.
    InnerWellFormed = "inner_well_formed",
    /// `numeroAutorizacion` of the envelope is the access key of the document.
    AuthorizationNumber = "authorization_number",
    /// `ambiente` of the envelope is the one of the document.
    EnvelopeEnvironment = "envelope_environment",
    /// The root is one of the six documents.
    RootElement = "root_element",
    /// The root has `id="comprobante"`.
    RootId = "root_id",
    /// The root has `version`.
    DocumentVersion = "document_version",
    /// `infoTributaria` is the first element.
    InfoTributaria = "info_tributaria",
    /// `ds:Signature` is the last child of the root.
    SignaturePosition = "signature_position",
    /// There are no comments: they are not signed, and split the text around them.
    Comments = "comments",
    /// The access key has 49 digits and a correct check digit.
    AccessKey = "access_key",
    /// The parts of the access key agree with the document.
    AccessKeyFields = "access_key_fields",
    /// There is exactly one `ds:Signature`, a child of the root.
    SignaturePresent = "signature_present",
    /// The signature holds the elements it should and no loose text.
    SignatureStructure = "signature_structure",
    /// No two elements have the same id.
    IdsUnique = "ids_unique",
    /// The canonicalisation of `SignedInfo` is known.
    CanonicalizationMethod = "canonicalization_method",
    /// The signature method is known.
    SignatureMethod = "signature_method",
    /// Each reference points to exactly one element of the document.
    ReferenceTargets = "reference_targets",
    /// The transforms of each reference are known.
    Transforms = "transforms",
    /// The digest method of each reference is known.
    DigestMethods = "digest_methods",
    /// A reference covers the whole document without its signature.
    DocumentReference = "document_reference",
    /// The digest of the document.
    DocumentDigest = "document_digest",
    /// A reference covers `SignedProperties`.
    SignedPropertiesReference = "signed_properties_reference",
    /// The digest of `SignedProperties`.
    SignedPropertiesDigest = "signed_properties_digest",
    /// A reference covers `KeyInfo`.
    KeyInfoReference = "key_info_reference",
    /// The digest of `KeyInfo`.
    KeyInfoDigest = "key_info_digest",
    /// The digests of references to anything else.
    OtherReferences = "other_references",
    /// The RSA signature over the canonical `SignedInfo`.
    SignatureValue = "signature_value",
    /// `KeyInfo` holds one readable certificate with an RSA key.
    Certificate = "certificate",
    /// The certificate is meant for signatures.
    KeyUsage = "key_usage",
    /// `KeyValue` is the key of the certificate.
    KeyValue = "key_value",
    /// `QualifyingProperties` names this signature.
    QualifyingProperties = "qualifying_properties",
    /// `SigningCertificate` has the digest of the certificate.
    SigningCertificateDigest = "signing_certificate_digest",
    /// `X509IssuerName` is the issuer of the certificate.
    IssuerName = "issuer_name",
    /// `X509SerialNumber` is the serial number of the certificate.
    SerialNumber = "serial_number",
    /// `SigningTime` is inside the validity of the certificate.
    SigningTime = "signing_time",
    /// The RUC of the certificate is the one of the document.
    CertificateRuc = "certificate_ruc",
}
