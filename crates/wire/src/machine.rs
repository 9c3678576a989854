//! `maquina_fiscal`.

use tagua_fiscal::common::FiscalMachine;

use super::reader::{Need, Reader};

/// The documented lengths: the schema takes less, and tells so itself.
pub(super) fn read_fiscal_machine(r: &Reader<'_, '_>) -> Option<FiscalMachine> {
    let r = r.child("maquina_fiscal", Need::Optional)?;
    let brand = r.required_text("marca", 300);
    let model = r.required_text("modelo", 300);
    let serial = r.required_text("serie", 300);
    Some(FiscalMachine {
        brand: brand?,
        model: model?,
        serial: serial?,
    })
}
