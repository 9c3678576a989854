//! Errors become HTTP here and nowhere else.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use tagua_store::StoreError;
use tagua_wire::{WireFinding, error_body};

use crate::words::Words;

/// Why a request is not answered with what it asked for.
#[derive(Debug)]
pub(crate) enum ApiError {
    /// 400: the request's content, every finding at once, with the body to echo.
    Refused {
        /// What is wrong.
        findings: Vec<WireFinding>,
        /// The body that was sent.
        request: Option<Bytes>,
    },
    /// 401: no key, or one nobody knows.
    Unauthorized,
    /// 404.
    NotFound,
    /// 404 for something that exists in another form.
    NotFoundBecause(&'static str),
    /// 405.
    MethodNotAllowed,
    /// 408: the body came too slowly.
    BodyTimeout,
    /// 413.
    TooLarge,
    /// 400: the body stopped coming.
    BodyBroken,
    /// 403: metrics are not for strangers.
    MetricsRefused,
    /// 429: too many requests of one key; seconds to wait.
    RateLimited(i64),
    /// 429: too many documents of the account wait for SRI.
    BacklogFull,
    /// 503: this machine's clock is wrong.
    ClockSkew,
    /// 503: the storage cannot take work now.
    Store(StoreError),
    /// 500: a defect; the words go to the log, not to the client.
    Internal(&'static str),
}

impl ApiError {
    /// 400 with the body that was sent, if one was.
    pub(crate) fn refused(findings: Vec<WireFinding>, body: &Bytes) -> Self {
        Self::Refused {
            findings,
            request: (!body.is_empty()).then(|| body.clone()),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if let Self::Refused { findings, request } = &self {
            return json(
                StatusCode::BAD_REQUEST,
                error_body(findings, request.as_deref()),
            );
        }
        self.log();
        let (status, words) = self.words();
        let mut response = json(status, words.body());
        if let Some(seconds) = self.retry_after() {
            let seconds = HeaderValue::from(seconds);
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        // The rest of the body is not going to be read.
        if matches!(self, Self::TooLarge | Self::BodyTimeout | Self::BodyBroken) {
            response
                .headers_mut()
                .insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

impl ApiError {
    /// Seconds after which the same request may succeed.
    const fn retry_after(&self) -> Option<i64> {
        match self {
            Self::Store(StoreError::Unavailable { .. }) => Some(5),
            Self::RateLimited(seconds) => Some(*seconds),
            Self::BacklogFull | Self::ClockSkew => Some(60),
            _ => None,
        }
    }

    fn words(&self) -> (StatusCode, Words) {
        let words = |status, code, message, details| (status, Words::new(code, message, details));
        match self {
            Self::Refused { .. } | Self::BodyBroken => words(
                StatusCode::BAD_REQUEST,
                "INVALID_FORMAT",
                "La petición llegó incompleta",
                "El cuerpo se cortó antes de terminar; repita la petición",
            ),
            Self::Unauthorized => {
                let (message, details) = (
                    "Falta la clave de API o no es válida",
                    "Envíe en la cabecera X-Key la clave que entregó `tagua init`",
                );
                let words = Words {
                    parameter: Some("X-Key"),
                    ..Words::new("UNAUTHORIZED", message, details)
                };
                (StatusCode::UNAUTHORIZED, words)
            }
            Self::NotFound => words(
                StatusCode::NOT_FOUND,
                "NOT_FOUND",
                "No existe",
                "No hay nada con esa dirección o ese id en esta cuenta",
            ),
            Self::NotFoundBecause(details) => {
                words(StatusCode::NOT_FOUND, "NOT_FOUND", "No existe", details)
            }
            Self::MethodNotAllowed => words(
                StatusCode::METHOD_NOT_ALLOWED,
                "METHOD_NOT_ALLOWED",
                "Método no permitido",
                "La dirección existe, pero no con este método HTTP",
            ),
            Self::BodyTimeout => words(
                StatusCode::REQUEST_TIMEOUT,
                "REQUEST_TIMEOUT",
                "La petición no llegó a tiempo",
                "El cuerpo tardó demasiado en llegar; repita la petición",
            ),
            Self::TooLarge => words(
                StatusCode::PAYLOAD_TOO_LARGE,
                "PAYLOAD_TOO_LARGE",
                "La petición es demasiado grande",
                "El cuerpo puede tener hasta 1 MiB; el SRI no acepta comprobantes de más de 320 KB",
            ),
            Self::MetricsRefused => words(
                StatusCode::FORBIDDEN,
                "FORBIDDEN",
                "Las métricas no están abiertas a otras máquinas",
                "Pídalas desde la misma máquina, o arranque con --metrics-listen o --metrics-public",
            ),
            Self::RateLimited(_) => words(
                StatusCode::TOO_MANY_REQUESTS,
                "RATE_LIMITED",
                "Demasiadas peticiones con esta clave de API",
                "No se emitió nada; espere los segundos de Retry-After y repita la petición",
            ),
            Self::BacklogFull => words(
                StatusCode::TOO_MANY_REQUESTS,
                "BACKLOG_FULL",
                "Demasiados comprobantes de esta cuenta esperan al SRI",
                "No se emitió nada. Los que esperan siguen su curso; repita la petición cuando el \
                 SRI haya respondido a algunos",
            ),
            Self::ClockSkew => words(
                StatusCode::SERVICE_UNAVAILABLE,
                "CLOCK_SKEW",
                "El reloj del servidor está mal: no se emite en ambiente 2",
                "No se emitió nada. El reloj difiere más de 24 horas del SRI o del último \
                 comprobante: pida al operador que lo ponga en hora (NTP) y repita la petición",
            ),
            Self::Store(StoreError::Unavailable { .. }) => words(
                StatusCode::SERVICE_UNAVAILABLE,
                "UNAVAILABLE",
                "El servicio no puede guardar documentos en este momento",
                "Lo aceptado no se pierde. Repita la petición en unos segundos: con la misma \
                 Idempotency-Key, o con el mismo número, nada se emite dos veces",
            ),
            Self::Store(_) | Self::Internal(_) => words(
                StatusCode::INTERNAL_SERVER_ERROR,
                "INTERNAL",
                "Error interno",
                "El operador tiene los detalles en el registro del servidor",
            ),
        }
    }

    /// Once, at the boundary, for the operator.
    fn log(&self) {
        match self {
            Self::Store(error) => {
                let cause = std::error::Error::source(error).map(ToString::to_string);
                tracing::error!(%error, cause, "the storage failed");
            }
            Self::Internal(what) => tracing::error!(what, "a defect"),
            _ => {}
        }
    }
}

/// A JSON answer.
pub(crate) fn json(status: StatusCode, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json; charset=utf-8"),
    );
    response
}
