//! SRI as the pipeline sees it: two questions.

use std::sync::Arc;

use async_trait::async_trait;
use tagua_fiscal::Environment;
use tagua_sri::{Answer, AuthorizationReading, CallError, Client, Reception};

use crate::breaker::Breakers;
use crate::pace::Pace;

/// One environment of SRI, or the simulator.
#[async_trait]
pub trait Authority: Send + Sync + 'static {
    /// Sends the signed file of an access key.
    async fn submit(&self, signed: &[u8], key: &str) -> Result<Answer<Reception>, CallError>;
    /// Asks what became of an access key.
    async fn ask(&self, key: &str) -> Result<Answer<AuthorizationReading>, CallError>;
}

#[async_trait]
impl Authority for Client {
    async fn submit(&self, signed: &[u8], key: &str) -> Result<Answer<Reception>, CallError> {
        Client::submit(self, signed, key).await
    }

    async fn ask(&self, key: &str) -> Result<Answer<AuthorizationReading>, CallError> {
        Client::ask(self, key).await
    }
}

/// Who decides about the documents of each environment.
#[derive(Clone)]
pub struct Authorities {
    test: (Arc<dyn Authority>, Pace),
    production: Option<(Arc<dyn Authority>, Pace)>,
    breakers: Breakers,
}

impl Authorities {
    /// `production` stays `None` until the operator enabled it explicitly.
    pub fn new(
        test: (Arc<dyn Authority>, Pace),
        production: Option<(Arc<dyn Authority>, Pace)>,
    ) -> Self {
        let of_production = production.as_ref().map_or(Pace::SRI, |(_, pace)| *pace);
        let breakers = Breakers::new(|environment| match environment {
            Environment::Test => test.1.probe_every,
            Environment::Production => of_production.probe_every,
        });
        Self {
            breakers,
            test,
            production,
        }
    }

    /// What the workers learned about each service.
    pub fn breakers(&self) -> Breakers {
        self.breakers.clone()
    }

    /// The authority of an environment, if documents of it may leave.
    pub fn of(&self, environment: Environment) -> Option<(&Arc<dyn Authority>, &Pace)> {
        match environment {
            Environment::Test => Some((&self.test.0, &self.test.1)),
            Environment::Production => self.production.as_ref().map(|(a, pace)| (a, pace)),
        }
    }
}
