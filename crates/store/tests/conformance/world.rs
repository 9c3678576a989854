//! Accounts, issuers and documents to try a store with.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use jiff::civil::date;
use tagua_fiscal::{
    AccessKey, AccessKeyParts, DocumentType, Environment, Sequential, Series, ThreeDigits,
};
use tagua_store::{
    Acceptance, Account, BlobPart, Document, DocumentId, Issuer, NewAccount, NewDocument, NewEvent,
    NewIssuer, NewRevision, NextJob, Shares, Stage, Store, Transition, TransitionOutcome,
    UnixMillis,
};

pub(crate) type AnyStore = Arc<dyn Store>;

/// The time documents of these tests are accepted at.
pub(crate) const NOW: UnixMillis = UnixMillis(1_700_000_000_000);

pub(crate) fn later(milliseconds: i64) -> UnixMillis {
    UnixMillis(NOW.0 + milliseconds)
}

/// An account with one issuer.
pub(crate) struct World {
    pub(crate) store: AnyStore,
    pub(crate) account: Account,
    pub(crate) issuer: Issuer,
}

impl World {
    pub(crate) async fn new(store: AnyStore) -> Self {
        Self::with_account(store, "una").await
    }

    pub(crate) async fn with_account(store: AnyStore, name: &str) -> Self {
        let account = store.create_account(new_account(name)).await.unwrap();
        let issuer = new_issuer(&account, "1790011674001");
        let issuer = store.put_issuer(issuer).await.unwrap();
        Self {
            store,
            account,
            issuer,
        }
    }

    /// A signed invoice with a fresh id and key, due at [`NOW`].
    pub(crate) fn invoice(&self, sequential: u32) -> NewDocument {
        let unique = unique();
        let series = series();
        let sequential = Sequential::new(sequential).unwrap();
        NewDocument {
            id: document_id(unique),
            account: self.account.id,
            issuer: self.issuer.id,
            environment: Environment::Test,
            document_type: DocumentType::Invoice,
            series,
            sequential,
            access_key: access_key(&self.issuer, sequential, unique),
            schema_version: "2.1.0".into(),
            issue_date: "2026-11-20".into(),
            receiver_id: "0999999999001".into(),
            receiver_name: "Consumidora Ñandú".into(),
            total: "112.00".into(),
            external_id: None,
            payment_due: None,
            idempotency: None,
            valid: true,
            stage: Stage::Signed,
            signature_error: None,
            reception: None,
            blobs: vec![
                (BlobPart::Request, format!("request {unique}").into()),
                (BlobPart::Signed, format!("signed {unique}").into()),
            ],
            events: vec![event("accepted"), event("signed")],
            job: NextJob::RunAt(NOW),
            at: NOW,
        }
    }

    pub(crate) async fn accept(&self, document: NewDocument) -> Acceptance {
        self.store.accept(document).await.unwrap()
    }

    /// Accepts an invoice and reads it back.
    pub(crate) async fn accepted(&self, sequential: u32) -> Document {
        let new = self.invoice(sequential);
        let id = new.id;
        assert_eq!(self.accept(new).await, Acceptance::Stored);
        self.document(id).await
    }

    pub(crate) async fn document(&self, id: DocumentId) -> Document {
        let found = self.store.document(self.account.id, id).await.unwrap();
        found.expect("the document is there")
    }

    pub(crate) async fn apply(&self, transition: Transition) -> TransitionOutcome {
        self.store.apply(transition).await.unwrap()
    }

    pub(crate) async fn revise(&self, of: &Document, document: NewDocument) -> Acceptance {
        let revision = NewRevision {
            expected_version: of.version,
            document: NewDocument {
                id: of.id,
                ..document
            },
        };
        self.store.revise(revision).await.unwrap()
    }

    pub(crate) async fn blob(
        &self,
        id: DocumentId,
        revision: u32,
        part: BlobPart,
    ) -> Option<Vec<u8>> {
        self.store.blob(id, revision, part).await.unwrap()
    }

    pub(crate) async fn claim(&self, owner: u64, at: UnixMillis) -> Vec<tagua_store::ClaimedJob> {
        let until = UnixMillis(at.0 + 1000);
        self.store
            .claim(owner, at, until, Shares::any(100))
            .await
            .unwrap()
    }
}

/// A step of `document` to `stage` that names nothing else.
pub(crate) fn step(document: &Document, stage: Stage) -> Transition {
    Transition {
        id: document.id,
        expected_version: document.version,
        stage,
        event: event("stepped"),
        submission_over: false,
        signature_error: None,
        attention: None,
        reception: None,
        authorization: None,
        blobs: Vec::new(),
        job: NextJob::KeepLease,
    }
}

pub(crate) fn event(kind: &'static str) -> NewEvent {
    NewEvent {
        kind,
        at: NOW,
        detail: format!("{kind} in words"),
        evidence: None,
    }
}

pub(crate) fn new_account(name: &str) -> NewAccount {
    NewAccount {
        name: name.into(),
        sandbox: false,
        at: NOW,
    }
}

pub(crate) fn new_issuer(account: &Account, ruc: &str) -> NewIssuer {
    NewIssuer {
        account: account.id,
        ruc: ruc.parse().unwrap(),
        code_secret: [7; 32],
        at: NOW,
    }
}

pub(crate) fn three_digits(number: u16) -> ThreeDigits {
    ThreeDigits::from_number(number).unwrap()
}

pub(crate) fn series() -> Series {
    Series {
        establishment: three_digits(1),
        point: three_digits(2),
    }
}

fn access_key(issuer: &Issuer, sequential: Sequential, numeric_code: u32) -> AccessKey {
    let parts = AccessKeyParts {
        date: date(2026, 11, 20),
        document_type: DocumentType::Invoice,
        ruc: issuer.ruc,
        environment: Environment::Test,
        series: series(),
        sequential,
        numeric_code,
        emission_type: 1,
    };
    parts.key()
}

pub(crate) fn document_id(number: u32) -> DocumentId {
    DocumentId((u128::from(number) << 64).to_be_bytes())
}

fn unique() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
