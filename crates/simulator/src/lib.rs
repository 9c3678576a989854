//! A program that plays SRI: both SOAP services, its own checks, its own ledger, its own certificate authority.
