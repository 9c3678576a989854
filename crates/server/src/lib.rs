//! The HTTP face: Dátil's wire contract, access control, errors.
