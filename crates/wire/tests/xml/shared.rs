//! The shared vectors, and a small invoice to bend.

use std::path::PathBuf;

use serde_json::Value as Json;
use tagua_testing::shared;
use tagua_wire::Collection;

/// The vectors of the shared material.
pub(crate) struct Vectors {
    root: PathBuf,
    pub(crate) list: Vec<Json>,
}

impl Vectors {
    /// `None` where there is no shared material.
    pub(crate) fn open() -> Option<Self> {
        let root = shared()?.join("vectors");
        let index = std::fs::read(root.join("index.json")).unwrap();
        let index: Json = serde_json::from_slice(&index).unwrap();
        let list = index["vectors"].as_array().unwrap().clone();
        Some(Self { root, list })
    }

    pub(crate) fn file(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.root.join(name)).unwrap()
    }

    pub(crate) fn file_of(&self, vector: &Json) -> Vec<u8> {
        self.file(vector["file"].as_str().unwrap())
    }

    /// The vectors that are bodies of `issue/xml`.
    pub(crate) fn xml_bodies(&self) -> impl Iterator<Item = &Json> {
        let bodies = self.list.iter();
        bodies.filter(|v| v["kind"] == "request" && v["body"] == "xml")
    }

    /// The vector with this id.
    pub(crate) fn named(&self, id: &Json) -> &Json {
        self.list.iter().find(|v| &v["id"] == id).unwrap()
    }
}

/// The collection a vector is for.
pub(crate) fn collection_of(vector: &Json) -> Collection {
    match vector["document_type"].as_str().unwrap() {
        "invoice" | "any" => Collection::Invoices,
        "purchase-settlement" => Collection::PurchaseSettlements,
        "credit-note" => Collection::CreditNotes,
        "debit-note" => Collection::DebitNotes,
        "waybill" => Collection::Waybills,
        "retention" => Collection::Retentions,
        "ats-retention" => Collection::AtsRetentions,
        other => panic!("no collection for {other}"),
    }
}

pub(crate) const KEY: &str = "1811202601179999999000110010020000010282026111816";

/// An invoice with one of everything that is read from a tree.
pub(crate) fn invoice() -> String {
    format!(
        "<factura id=\"comprobante\" version=\"2.1.0\"><infoTributaria><ambiente>1</ambiente>\
         <tipoEmision>1</tipoEmision><razonSocial>QUINDE AZUL</razonSocial>\
         <ruc>1799999990001</ruc><claveAcceso>{KEY}</claveAcceso><codDoc>01</codDoc>\
         <estab>001</estab><ptoEmi>002</ptoEmi><secuencial>000001028</secuencial>\
         <dirMatriz>Quito</dirMatriz></infoTributaria><infoFactura>\
         <fechaEmision>18/11/2026</fechaEmision>\
         <tipoIdentificacionComprador>05</tipoIdentificacionComprador>\
         <razonSocialComprador>Rosaura Quimí</razonSocialComprador>\
         <identificacionComprador>2459999914</identificacionComprador>\
         <totalSinImpuestos>100.00</totalSinImpuestos><totalDescuento>0.00</totalDescuento>\
         <totalConImpuestos><totalImpuesto><codigo>2</codigo>\
         <codigoPorcentaje>4</codigoPorcentaje><baseImponible>100.00</baseImponible>\
         <valor>15.00</valor></totalImpuesto></totalConImpuestos>\
         <importeTotal>115.00</importeTotal><moneda>DOLAR</moneda></infoFactura><detalles>\
         <detalle><descripcion>Cafetera</descripcion><cantidad>4</cantidad>\
         <precioUnitario>25</precioUnitario><descuento>0.00</descuento>\
         <precioTotalSinImpuesto>100.00</precioTotalSinImpuesto><impuestos><impuesto>\
         <codigo>2</codigo><codigoPorcentaje>4</codigoPorcentaje><tarifa>15</tarifa>\
         <baseImponible>100.00</baseImponible><valor>15.00</valor></impuesto></impuestos>\
         </detalle></detalles><infoAdicional>\
         <campoAdicional nombre=\"Email\">rosaura@correo.example; otra@correo.example\
         </campoAdicional></infoAdicional></factura>"
    )
}

/// The invoice with one piece of it exchanged.
#[track_caller]
pub(crate) fn with(old: &str, new: &str) -> String {
    let xml = invoice();
    assert!(xml.contains(old), "{old} is not in the invoice");
    xml.replacen(old, new, 1)
}
