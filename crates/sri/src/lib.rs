//! SRI's two SOAP services: envelopes, client, tolerant reading of answers.
