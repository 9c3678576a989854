//! Looks at stored documents and puts them where a test needs them.

use rusqlite::{Connection, OpenFlags};
use serde_json::Value as Json;
use tagua_fiscal::Ruc;
use tagua_store::{
    AuthorizationResult, BlobPart, Document, DocumentId, Issuer, NewCertificate, NewEvent,
    NewIssuer, NextJob, ReceptionResult, SriMessage, Stage, Store, Transition, TransitionOutcome,
    UnixMillis, sha256,
};

use super::{NOW_MS, World};

/// The id in an answer.
#[track_caller]
pub(crate) fn id(answer: &Json) -> DocumentId {
    answer["id"].as_str().unwrap().parse().unwrap()
}

pub(crate) fn message(identifier: &str, additional: Option<&str>) -> SriMessage {
    SriMessage {
        identifier: identifier.to_owned(),
        message: "MENSAJE <& DEL SRI".to_owned(),
        kind: "ERROR".to_owned(),
        additional: additional.map(str::to_owned),
    }
}

impl World {
    pub(crate) async fn document(&self, id: DocumentId) -> Document {
        self.store.document_by_id(id).await.unwrap().unwrap()
    }

    pub(crate) async fn blob(&self, document: &Document, part: BlobPart) -> Option<Vec<u8>> {
        let blob = self.store.blob(document.id, document.revision, part);
        blob.await.unwrap()
    }

    /// Rows of a table, seen from outside.
    pub(crate) fn count(&self, table: &str) -> i64 {
        let file = self.dir.path().join("tagua.db");
        let reader = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let sql = format!("SELECT count(*) FROM {table}");
        reader.query_row(&sql, [], |row| row.get(0)).unwrap()
    }

    /// Moves a document as a worker would.
    pub(crate) async fn put_in(&self, id: DocumentId, stage: Stage) {
        let document = self.document(id).await;
        let reception = match stage {
            Stage::Received | Stage::Authorized | Stage::NotAuthorized => Some("RECIBIDA"),
            Stage::Returned => Some("DEVUELTA"),
            _ => None,
        };
        let authorization = match stage {
            Stage::Authorized => Some("AUTORIZADO"),
            Stage::NotAuthorized => Some("NO AUTORIZADO"),
            _ => None,
        };
        let transition = Transition {
            id,
            expected_version: document.version,
            stage,
            event: NewEvent {
                kind: "test",
                at: UnixMillis(NOW_MS),
                detail: String::new(),
                evidence: None,
            },
            submission_over: false,
            signature_error: None,
            attention: None,
            reception: reception.map(|state| ReceptionResult {
                state: state.to_owned(),
                at: NOW_MS,
                messages: vec![message("35", Some("detalle"))],
            }),
            authorization: authorization.map(|state| AuthorizationResult {
                state: state.to_owned(),
                number: Some(document.access_key.to_string()),
                date: Some("2026-11-20T10:00:03-05:00".to_owned()),
                environment: Some("PRUEBAS".to_owned()),
                messages: vec![message("60", None)],
            }),
            blobs: vec![],
            job: NextJob::Done,
        };
        let outcome = self.store.apply(transition).await.unwrap();
        assert!(matches!(outcome, TransitionOutcome::Applied { .. }));
    }

    pub(crate) async fn issuer(&self, ruc: &str) -> Issuer {
        let ruc = ruc.parse::<Ruc>().unwrap();
        let found = self.store.issuer(self.account.id, ruc).await.unwrap();
        found.unwrap()
    }

    /// Gives the issuer, registered where it is not, these settings.
    pub(crate) async fn settings_of(&self, ruc: &str, settings: &str) {
        let issuer = NewIssuer {
            account: self.account.id,
            ruc: ruc.parse().unwrap(),
            code_secret: [9; 32],
            at: UnixMillis(NOW_MS),
        };
        let issuer = self.store.put_issuer(issuer).await.unwrap();
        let set = self
            .store
            .set_issuer_settings(self.account.id, issuer.id, settings.to_owned());
        set.await.unwrap();
    }

    /// Registers an issuer with a certificate file of its own.
    pub(crate) async fn register(&self, ruc: &str, p12: Vec<u8>, not_after: Option<UnixMillis>) {
        let at = UnixMillis(NOW_MS);
        let issuer = NewIssuer {
            account: self.account.id,
            ruc: ruc.parse().unwrap(),
            code_secret: [9; 32],
            at,
        };
        let issuer = self.store.put_issuer(issuer).await.unwrap();
        let certificate = NewCertificate {
            issuer: issuer.id,
            sha256: sha256(&p12),
            p12,
            sandbox: false,
            not_after,
            at,
        };
        let added = self.store.add_certificate(self.account.id, certificate);
        added.await.unwrap();
    }
}
