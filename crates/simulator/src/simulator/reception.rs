//! `validarComprobante`.

use roxmltree::Document;

use super::{Answer, Book, Inner, NotRecorded, key_of_document};
use crate::access_key::AccessKey;
use crate::authorize::{self, Conditions, Verdict};
use crate::config::Profile;
use crate::examine::{self, Age, Examined, Refusal};
use crate::faults::Fault;
use crate::ledger::{Decision, Durable, Entry, Service, sha256_hex};
use crate::message::Message;
use crate::soap::{self, ReceptionAnswer};

impl Inner {
    /// `validarComprobante`.
    pub(super) async fn validate(
        &self,
        document: Vec<u8>,
        fault: Option<Fault>,
    ) -> Result<Answer, NotRecorded> {
        let sha256 = sha256_hex(&document);
        let (answer, durable) = self.receive(document, sha256, &fault);
        durable.await.map_err(|_| NotRecorded)?;
        Ok(Answer::new(soap::write_reception_answer(&answer), fault))
    }

    /// The checks of reception in the order of the ficha (section 11); the first
    /// group that fails decides.
    fn receive(
        &self,
        document: Vec<u8>,
        sha256: String,
        fault: &Option<Fault>,
    ) -> (ReceptionAnswer, Durable) {
        let now = self.clock.now_unix_millis();
        let entry = Entry {
            sha256: Some(sha256),
            ..self.entry(Service::Recepcion, None, "DEVUELTA", fault)
        };
        let (key, verdict) = match self.judge(&document, now, fault) {
            Ok(judged) => judged,
            Err(refusal) => return self.return_document(&mut self.book.lock(), entry, refusal),
        };
        let mut book = self.book.lock();
        // Another request with the same key may have come in between.
        if let Some(message) = book.registry.refusal(&key, now) {
            return self.return_document(&mut book, entry, Refusal::of(&key, message));
        }
        let answer = reception_answer(&key, fault);
        let decision = Decision {
            state: verdict.state,
            at: now.saturating_add(self.delay_millis(fault)),
            messages: verdict.messages,
            document: book.writer.place_of_document(&document),
        };
        let entry = Entry {
            access_key: Some(key.as_str().to_owned()),
            decision: Some(decision.clone()),
            ..with_answer(entry, &answer)
        };
        let (line, durable) = book.writer.append(&entry, Some(document));
        book.registry.register(key, &decision, line);
        (answer, durable)
    }

    fn return_document(
        &self,
        book: &mut Book,
        entry: Entry,
        refusal: Refusal,
    ) -> (ReceptionAnswer, Durable) {
        let answer = ReceptionAnswer::Returned {
            access_key: refusal.access_key.clone(),
            messages: vec![refusal.message],
        };
        let entry = Entry {
            access_key: AccessKey::parse(&refusal.access_key).map(|_| refusal.access_key),
            ..with_answer(entry, &answer)
        };
        let (_, durable) = book.writer.append(&entry, None);
        (answer, durable)
    }

    /// Everything that needs no lock but a first look at the registry.
    fn judge(
        &self,
        document: &[u8],
        now: i64,
        fault: &Option<Fault>,
    ) -> Result<(AccessKey, Verdict), Refusal> {
        if self.config.profile == Profile::Confiado {
            return self.believe(document, now, fault);
        }
        let text = examine::read(document)?;
        let tree = examine::tree(&text)?;
        let examined = examine::examine(&tree, self.config.environment)?;
        let refuse = |message| Refusal::of(&examined.key, message);
        self.admit(&examined.key, now, fault)?;
        let complaint = examined.key_complaint.as_ref();
        if let Some(message) = complaint.or(examined.date_complaint.as_ref()) {
            return Err(refuse(message.clone()));
        }
        let warnings = match (examined.age(now), self.config.profile) {
            (Age::Future(message), _) | (Age::TooOld(message), Profile::Estricto) => {
                return Err(refuse(message));
            }
            (Age::TooOld(message), _) => vec![message.forgiven()],
            (Age::InTime, _) => Vec::new(),
        };
        let verdict =
            decided_by(fault).unwrap_or_else(|| self.decide(&tree, &examined, warnings, now));
        Ok((examined.key, verdict))
    }

    /// Takes the key that the bytes show for the document's.
    fn believe(
        &self,
        document: &[u8],
        now: i64,
        fault: &Option<Fault>,
    ) -> Result<(AccessKey, Verdict), Refusal> {
        let Some(key) = AccessKey::parse(key_of_document(document)) else {
            return Err(Refusal::unnamed(examine::malformed("claveAcceso")));
        };
        self.admit(&key, now, fault)?;
        let verdict = decided_by(fault)
            .unwrap_or_else(|| authorize::authorized(Vec::new(), self.config.environment));
        Ok((key, verdict))
    }

    /// Whether the key may be registered, and nobody asked for a refusal.
    fn admit(&self, key: &AccessKey, now: i64, fault: &Option<Fault>) -> Result<(), Refusal> {
        let refusal = match fault {
            Some(Fault::Returned { code }) => Some(Message::error(*code, on_demand())),
            _ => self.book.lock().registry.refusal(key, now),
        };
        refusal.map_or(Ok(()), |message| Err(Refusal::of(key, message)))
    }

    fn decide(
        &self,
        tree: &Document<'_>,
        examined: &Examined,
        warnings: Vec<Message>,
        now: i64,
    ) -> Verdict {
        let conditions = Conditions {
            profile: self.config.profile,
            environment: self.config.environment,
            trust: &self.trust,
            now_unix_millis: now,
        };
        authorize::decide(tree, examined, warnings, &conditions)
    }

    fn delay_millis(&self, fault: &Option<Fault>) -> i64 {
        match fault {
            Some(Fault::InProcess { seconds }) => i64::from(*seconds) * 1000,
            Some(Fault::LateAuthorization { milliseconds }) => i64::from(*milliseconds),
            _ => i64::try_from(self.config.latency.as_millis()).unwrap_or(i64::MAX),
        }
    }
}

/// A decision that a fault makes.
fn decided_by(fault: &Option<Fault>) -> Option<Verdict> {
    match fault {
        Some(Fault::NotAuthorized { code }) => {
            Some(authorize::refused(vec![Message::error(*code, on_demand())]))
        }
        _ => None,
    }
}

fn on_demand() -> String {
    "Fallo pedido al simulador".to_owned()
}

/// What a document that is registered is told: the truth, unless a fault says else.
fn reception_answer(key: &AccessKey, fault: &Option<Fault>) -> ReceptionAnswer {
    let code = match fault {
        Some(Fault::RegisteredOnFirstSight) => 43,
        Some(Fault::InProcess { .. }) => 70,
        _ => return ReceptionAnswer::Received,
    };
    ReceptionAnswer::Returned {
        access_key: key.as_str().to_owned(),
        messages: vec![Message::error(code, None)],
    }
}

fn with_answer(entry: Entry, answer: &ReceptionAnswer) -> Entry {
    let (word, codes) = match answer {
        ReceptionAnswer::Received => ("RECIBIDA", Vec::new()),
        ReceptionAnswer::Returned { messages, .. } => (
            "DEVUELTA",
            messages.iter().map(|message| message.code).collect(),
        ),
    };
    Entry {
        answer: word.to_owned(),
        codes,
        ..entry
    }
}
