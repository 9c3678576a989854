//! How much of everything a document may have. SRI takes 320 KB; an invoice has
//! six levels, a XAdES signature in it eleven.

/// The size of the document.
pub const BYTES_MAX: usize = 1024 * 1024;
/// All elements.
pub const ELEMENTS_MAX: usize = 200_000;
/// Elements inside one another, the root counted.
pub const DEPTH_MAX: usize = 32;
/// Attributes and namespace declarations of one element.
pub const ATTRIBUTES_MAX: usize = 32;
/// Namespace declarations in scope at one place.
pub const NAMESPACES_MAX: usize = 16;
/// The name of a namespace, since every element in it holds a copy.
pub const NAMESPACE_BYTES_MAX: usize = 256;
