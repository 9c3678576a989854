//! RSA PKCS#1 v1.5 signatures through AWS-LC; the only unsafe code of the project.
