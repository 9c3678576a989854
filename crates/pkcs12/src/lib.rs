//! PKCS#12 reader that diagnoses, signing-key choice, certificate facts.
