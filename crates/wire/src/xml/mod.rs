//! Documents that come as XML (CONTRACT 4.2): taken in leniently, kept as they
//! are, and read back as the JSON of their type.
//!
//! One table per type ([`tables`]) says where every element of the schemas
//! stands in the JSON; [`json_reading`] and [`parameter_of_xml_path`] both
//! follow it.

mod facts;
mod forms;
mod intake;
mod parameter;
mod places;
mod reading;
mod request;
mod structure;
mod tables;
mod unread;

pub use intake::xml_of_body;
pub use parameter::parameter_of_xml_path;
pub use reading::json_reading;
pub use request::{XmlReceiver, XmlRequest, read_xml};
pub use structure::structural_findings;

pub(super) use reading::reading_of;
pub(super) use request::tree_of;
