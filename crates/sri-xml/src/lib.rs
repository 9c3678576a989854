//! SRI's schemas as tables: canonical writer, strict reader, structural findings.
