//! A small description of each service, written for the simulator: enough for
//! SOAP tools to build a client.

use crate::soap;

/// The description of reception, with `address` as its location.
pub(crate) fn reception(address: &str) -> String {
    let types = [
        element("validarComprobante", &[("xml", "xs:base64Binary")]),
        element(
            "validarComprobanteResponse",
            &[("RespuestaRecepcionComprobante", "xs:anyType")],
        ),
    ];
    describe(&Service {
        name: "RecepcionComprobantesOffline",
        namespace: soap::RECEPTION,
        operations: &["validarComprobante"],
        types: types.concat(),
        address,
    })
}

/// The description of authorization, with `address` as its location.
pub(crate) fn authorization(address: &str) -> String {
    let any = "xs:anyType";
    let types = [
        element(
            "autorizacionComprobante",
            &[("claveAccesoComprobante", "xs:string")],
        ),
        element(
            "autorizacionComprobanteResponse",
            &[("RespuestaAutorizacionComprobante", any)],
        ),
        element(
            "autorizacionComprobanteLote",
            &[("claveAccesoLote", "xs:string")],
        ),
        element(
            "autorizacionComprobanteLoteResponse",
            &[("RespuestaAutorizacionLote", any)],
        ),
    ];
    describe(&Service {
        name: "AutorizacionComprobantesOffline",
        namespace: soap::AUTHORIZATION,
        operations: &["autorizacionComprobante", "autorizacionComprobanteLote"],
        types: types.concat(),
        address,
    })
}

struct Service<'a> {
    name: &'a str,
    namespace: &'a str,
    operations: &'a [&'a str],
    types: String,
    address: &'a str,
}

fn describe(service: &Service<'_>) -> String {
    let Service {
        name,
        namespace,
        types,
        address,
        ..
    } = service;
    let each = |write: fn(&str) -> String| -> String {
        service.operations.iter().map(|name| write(name)).collect()
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><wsdl:definitions xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:tns=\"{namespace}\" name=\"{name}Service\" targetNamespace=\"{namespace}\"><wsdl:types><xs:schema elementFormDefault=\"unqualified\" targetNamespace=\"{namespace}\">{types}</xs:schema></wsdl:types>{}<wsdl:portType name=\"{name}\">{}</wsdl:portType><wsdl:binding name=\"{name}Binding\" type=\"tns:{name}\"><soap:binding style=\"document\" transport=\"http://schemas.xmlsoap.org/soap/http\"/>{}</wsdl:binding><wsdl:service name=\"{name}Service\"><wsdl:port binding=\"tns:{name}Binding\" name=\"{name}Port\"><soap:address location=\"{address}\"/></wsdl:port></wsdl:service></wsdl:definitions>",
        each(messages),
        each(port_operation),
        each(binding_operation),
    )
}

fn element(name: &str, children: &[(&str, &str)]) -> String {
    let children: String = children
        .iter()
        .map(|(name, kind)| {
            format!("<xs:element minOccurs=\"0\" name=\"{name}\" type=\"{kind}\"/>")
        })
        .collect();
    format!(
        "<xs:element name=\"{name}\"><xs:complexType><xs:sequence>{children}</xs:sequence></xs:complexType></xs:element>"
    )
}

fn messages(operation: &str) -> String {
    ["", "Response"]
        .map(|suffix| {
            format!(
                "<wsdl:message name=\"{operation}{suffix}\"><wsdl:part element=\"tns:{operation}{suffix}\" name=\"parameters\"/></wsdl:message>"
            )
        })
        .concat()
}

fn port_operation(operation: &str) -> String {
    format!(
        "<wsdl:operation name=\"{operation}\"><wsdl:input message=\"tns:{operation}\"/><wsdl:output message=\"tns:{operation}Response\"/></wsdl:operation>"
    )
}

fn binding_operation(operation: &str) -> String {
    format!(
        "<wsdl:operation name=\"{operation}\"><soap:operation soapAction=\"\" style=\"document\"/><wsdl:input><soap:body use=\"literal\"/></wsdl:input><wsdl:output><soap:body use=\"literal\"/></wsdl:output></wsdl:operation>"
    )
}
