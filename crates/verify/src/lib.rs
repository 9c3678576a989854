//! Independent verifier: limit scan, inclusive C14N, XML-DSig and XAdES checks, one verdict per check.
