//! `autorizacionComprobante`.

use std::fs::File;
use std::os::unix::fs::FileExt;

use super::{Answer, Inner, NotRecorded};
use crate::access_key::AccessKey;
use crate::clock::iso_with_offset;
use crate::config::Profile;
use crate::faults::Fault;
use crate::ledger::{self, DecisionState, Durable, Service};
use crate::message::Message;
use crate::registry::Record;
use crate::soap;

impl Inner {
    /// `autorizacionComprobante`.
    pub(super) async fn authorization(
        &self,
        key_text: String,
        fault: Option<Fault>,
    ) -> Result<Answer, NotRecorded> {
        let now = self.clock.now_unix_millis();
        let Some(key) = AccessKey::parse(&key_text) else {
            let message = Message::error(
                80,
                "La clave de acceso debe tener 49 dígitos numéricos".to_owned(),
            );
            let mut entry = self.entry(Service::Autorizacion, None, "RECHAZADA", &fault);
            entry.codes = vec![80];
            self.record(entry).await?;
            let quoted: String = key_text.chars().take(100).collect();
            return Ok(Answer::new(
                soap::write_refused_query(&quoted, &message),
                fault,
            ));
        };
        let (record, durable) = self.look_up(&key, now, &fault);
        // The decision's line and document precede this query in the files.
        durable.await.map_err(|_| NotRecorded)?;
        let found = match record {
            Some(record) => Some(self.read_authorization(&key, &record)?),
            None => None,
        };
        let body = write_answer(&key, found, &fault);
        Ok(Answer::new(body, fault))
    }

    fn look_up(
        &self,
        key: &AccessKey,
        now: i64,
        fault: &Option<Fault>,
    ) -> (Option<Record>, Durable) {
        let mut book = self.book.lock();
        let record = book.registry.decided(key, now);
        let answer = record.map_or("SIN RESULTADO", |record| record.state.as_str());
        let key = Some(key.as_str().to_owned());
        let entry = self.entry(Service::Autorizacion, key, answer, fault);
        let (_, durable) = book.writer.append(&entry, None);
        (record, durable)
    }

    fn read_authorization(
        &self,
        key: &AccessKey,
        record: &Record,
    ) -> Result<soap::Authorization, NotRecorded> {
        let read = |file: &File, place: ledger::Place| {
            let length = usize::try_from(place.length).unwrap_or_default();
            let mut bytes = vec![0; length];
            file.read_exact_at(&mut bytes, place.offset)
                .map_err(|_| NotRecorded)?;
            Ok(bytes)
        };
        let line = read(&self.ledger_file, record.line)?;
        let decision = ledger::read_entry(&line).and_then(|entry| entry.decision);
        let decision = decision.ok_or(NotRecorded)?;
        let document = read(&self.documents_file, record.document)?;
        let is_authorized = record.state == DecisionState::Authorized;
        Ok(soap::Authorization {
            state: record.state.as_str(),
            number: is_authorized.then(|| key.as_str().to_owned()),
            date: iso_with_offset(record.decided_at),
            environment: self.config.environment.word(),
            document: String::from_utf8(document).map_err(|_| NotRecorded)?,
            form: match self.config.profile {
                Profile::Confiado => soap::Form::CData,
                Profile::Amable | Profile::Estricto => soap::Form::Escaped,
            },
            messages: decision.messages,
        })
    }
}

fn write_answer(
    key: &AccessKey,
    found: Option<soap::Authorization>,
    fault: &Option<Fault>,
) -> String {
    match (fault, found) {
        (Some(Fault::OtherKey), found) => {
            let other = key.of_another_document();
            let found = found.map(|found| soap::Authorization {
                number: found.number.map(|_| other.as_str().to_owned()),
                document: found.document.replace(key.as_str(), other.as_str()),
                ..found
            });
            soap::write_authorization_answer(other.as_str(), found.as_slice())
        }
        (Some(Fault::Several), Some(found)) => {
            let earlier = soap::Authorization {
                state: DecisionState::NotAuthorized.as_str(),
                number: None,
                date: found.date.clone(),
                environment: found.environment,
                document: found.document.clone(),
                form: found.form,
                messages: vec![Message::error(39, "Un intento anterior".to_owned())],
            };
            soap::write_authorization_answer(key.as_str(), &[earlier, found])
        }
        (_, found) => soap::write_authorization_answer(key.as_str(), found.as_slice()),
    }
}
