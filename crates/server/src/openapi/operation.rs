//! One operation: what the router serves and what the description says of it.

use axum::http::Method;
use axum::routing::MethodRouter;
use tagua_wire::Collection;

use crate::app::App;
use crate::limits::Lane;

/// A method of an address.
pub(crate) struct Operation {
    /// The method, as clients write it.
    pub(crate) method: Method,
    /// The address, with `{id}` for what varies.
    pub(crate) path: String,
    /// What answers it: the handler of this method alone.
    pub(crate) route: MethodRouter<App>,
    /// A name for generated clients, unique in the table.
    pub(crate) id: String,
    /// One line in Spanish.
    pub(crate) summary: String,
    /// More, in Spanish; empty where the summary says it all.
    pub(crate) description: &'static str,
    /// The chapter it belongs to.
    pub(crate) tag: Tag,
    /// What a caller must show.
    pub(crate) access: Access,
    /// Parameters besides those of the address and of the access.
    pub(crate) parameters: Vec<Parameter>,
    /// What is sent.
    pub(crate) body: Body,
    /// What a success answers.
    pub(crate) answer: Answer,
    /// Whether `Idempotency-Key` is heeded (CONTRACT 4.9).
    pub(crate) idempotent: bool,
    /// Statuses besides those that follow from the rest.
    pub(crate) statuses: &'static [u16],
}

/// The chapters of the description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    Documents,
    Lists,
    AnyDocument,
    Downloads,
    Catalogues,
    Service,
}

impl Tag {
    pub(crate) const ALL: [Self; 6] = [
        Self::Documents,
        Self::Lists,
        Self::AnyDocument,
        Self::Downloads,
        Self::Catalogues,
        Self::Service,
    ];

    /// Its heading.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Documents => "Comprobantes",
            Self::Lists => "Listas",
            Self::AnyDocument => "Comprobantes de cualquier tipo",
            Self::Downloads => "Descargas",
            Self::Catalogues => "Catálogos",
            Self::Service => "Servicio",
        }
    }
}

/// What a caller must show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Nothing.
    Public,
    /// `X-Key`.
    Key,
    /// `X-Key` and the certificate's `X-Password`.
    KeyAndPassword,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Query,
    Header,
}

/// A parameter that is a text to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) place: Place,
    pub(crate) about: &'static str,
    pub(crate) example: &'static str,
    /// The only values, where there are few.
    pub(crate) values: &'static [&'static str],
}

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    None,
    /// A document of the collection.
    Document(Collection),
    /// A document of the collection as SRI's XML.
    Xml(Collection),
}

/// What a success answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The document that was sent, with `id` and `clave_acceso`.
    Issued(Collection),
    /// The same with what became of it.
    Queried(Collection),
    /// JSON of this schema.
    Json(&'static str),
    /// A file of this media type.
    File(&'static str),
    /// 204.
    Nothing,
}

impl Operation {
    /// With a key, nothing sent, and a document answered: what differs is said
    /// by the methods below.
    pub(crate) fn new(method: Method, path: impl Into<String>, route: MethodRouter<App>) -> Self {
        Self {
            method,
            path: path.into(),
            route,
            id: String::new(),
            summary: String::new(),
            description: "",
            tag: Tag::Service,
            access: Access::Key,
            parameters: Vec::new(),
            body: Body::None,
            answer: Answer::Nothing,
            idempotent: false,
            statuses: &[],
        }
    }

    /// The name for programs and the line for people.
    pub(crate) fn named(mut self, id: impl Into<String>, summary: impl Into<String>) -> Self {
        self.id = id.into();
        self.summary = summary.into();
        self
    }

    pub(crate) fn described(mut self, description: &'static str) -> Self {
        self.description = description;
        self
    }

    pub(crate) fn tagged(mut self, tag: Tag) -> Self {
        self.tag = tag;
        self
    }

    pub(crate) fn access(mut self, access: Access) -> Self {
        self.access = access;
        self
    }

    pub(crate) fn parameters(mut self, parameters: &[Parameter]) -> Self {
        self.parameters.extend_from_slice(parameters);
        self
    }

    pub(crate) fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    pub(crate) fn answers(mut self, answer: Answer) -> Self {
        self.answer = answer;
        self
    }

    pub(crate) fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    /// Further statuses it can answer.
    pub(crate) fn may_answer(mut self, statuses: &'static [u16]) -> Self {
        self.statuses = statuses;
        self
    }

    /// Which of a key's rates a request uses.
    pub(crate) fn lane(&self) -> Option<Lane> {
        match self.access {
            Access::Public => None,
            _ if self.method == Method::POST && self.idempotent => Some(Lane::Issue),
            Access::KeyAndPassword => Some(Lane::Issue),
            Access::Key => Some(Lane::All),
        }
    }

    /// What varies in the address.
    pub(crate) fn path_parameters(&self) -> impl Iterator<Item = &str> {
        let segments = self.path.split('/');
        segments.filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
    }

    /// The statuses besides success that it can answer (CONTRACT 5.1).
    pub(crate) fn errors(&self) -> Vec<u16> {
        let protected = self.access != Access::Public;
        let in_path = self.path_parameters().next().is_some();
        let in_query = self.parameters.iter().any(|own| own.place == Place::Query);
        let sends = self.body != Body::None;
        let told = sends || in_query || self.access == Access::KeyAndPassword;
        let stored = protected || in_path;
        let possible = [
            (400, told),
            (401, protected),
            (404, in_path),
            (408, sends),
            (413, sends),
            (429, protected),
            (500, stored),
            (503, stored),
        ];
        let possible = possible.into_iter().filter(|(_, possible)| *possible);
        let mut all: Vec<_> = possible.map(|(status, _)| status).collect();
        all.extend(self.statuses);
        all
    }
}
