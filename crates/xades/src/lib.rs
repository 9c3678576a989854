//! XAdES-BES assembly over canonical bytes, unlocked-key cache, self-check of every signature.
