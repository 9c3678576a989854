//! Every walk of the protocol against an abstract SRI that loses requests and
//! answers, delivers late, and hides what it has.
//!
//! What is assumed of SRI: one file has one fate (REFERENCE of the services:
//! the same bytes again are answered RECIBIDA, 43 or 70 once they are there).

use std::collections::{BTreeSet, VecDeque};

use tagua_pipeline::{Action, Event, Refusal, action, next};
use tagua_store::Stage;

/// What becomes of the file once SRI looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    Authorized,
    NotAuthorized,
    RefusedAtTheDoor,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sri {
    Nothing,
    Received,
    Decided,
}

/// A document and the world it lives in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    fate: Fate,
    sri: Sri,
    /// A submission given up by the client that will still arrive.
    late: bool,
    stage: Stage,
    refused: bool,
    /// The answer that allows the next submission was just read.
    resend: bool,
    /// A question was answered after the last submission.
    asked: bool,
}

impl State {
    fn refusal(self) -> Option<Refusal> {
        (self.refused && self.stage == Stage::Unknown).then_some(Refusal::Content)
    }

    fn after(mut self, event: Event) -> Self {
        self.stage = next(self.stage, self.refusal(), event).unwrap();
        self.resend = false;
        match event {
            Event::SubmissionStarted => self.asked = false,
            Event::Refused(_) => self.refused = true,
            Event::ReceptionConfirmed | Event::AlreadyThere | Event::InProcess => {
                self.refused = false;
            }
            _ => {}
        }
        self
    }

    /// SRI gets the file; answers what it says at the door.
    fn arrives(mut self) -> (Self, Event) {
        let answer = match (self.sri, self.fate) {
            (Sri::Nothing, Fate::RefusedAtTheDoor) => Event::Refused(Refusal::Content),
            (Sri::Nothing, _) => {
                self.sri = Sri::Received;
                Event::ReceptionConfirmed
            }
            _ => Event::AlreadyThere,
        };
        (self, answer)
    }

    /// What may happen at SRI by itself.
    fn of_itself(self) -> Vec<Self> {
        let mut after = Vec::new();
        if self.late {
            let (arrived, _) = self.arrives();
            after.push(State {
                late: false,
                ..arrived
            });
        }
        if self.sri == Sri::Received {
            after.push(State {
                sri: Sri::Decided,
                ..self
            });
        }
        after
    }

    /// One step of a worker, with everything that may go wrong if `faulty`.
    fn worked(self, faulty: bool) -> Vec<Self> {
        match action(self.stage) {
            Action::Rest => Vec::new(),
            Action::Submit => self.submitted(faulty),
            Action::Ask if self.resend => self.submitted(faulty),
            Action::Ask => self.questioned(faulty),
        }
    }

    fn submitted(self, faulty: bool) -> Vec<Self> {
        let first = self.stage == Stage::Signed;
        let marked = self.after(Event::SubmissionStarted);
        let (arrived, answer) = marked.arrives();
        let mut after = vec![arrived.after(answer)];
        if faulty {
            let unsent = if first {
                Event::NothingLeft
            } else {
                Event::NoAnswer
            };
            after.extend([
                // Killed before it was sent, and after.
                marked,
                arrived,
                State {
                    late: true,
                    ..marked
                },
                // The answer is lost, the request is lost or late, no connection.
                arrived.after(Event::NoAnswer),
                marked.after(Event::NoAnswer),
                State {
                    late: true,
                    ..marked
                }
                .after(Event::NoAnswer),
                marked.after(unsent),
            ]);
        }
        after
    }

    fn questioned(self, faulty: bool) -> Vec<Self> {
        let answered = State {
            asked: true,
            ..self
        };
        let decision = match self.fate {
            Fate::Authorized => Event::Authorized,
            _ => Event::NotAuthorized,
        };
        let mut after = Vec::new();
        let not_found = || {
            let before = answered.stage;
            let mut state = answered.after(Event::NotFound);
            state.resend = before != Stage::Submitting && action(state.stage) != Action::Rest;
            state
        };
        match self.sri {
            Sri::Nothing => after.push(not_found()),
            Sri::Received => after.extend([answered.after(Event::InProcess), not_found()]),
            Sri::Decided => after.push(answered.after(decision)),
        }
        if faulty {
            after.push(self.after(Event::AskFailed));
        }
        after
    }

    /// Later answers may show what SRI has got but not shown yet, even with a
    /// refusal at hand: only a file without a good fate may be refused for good.
    fn check(self) {
        let will_be_authorized =
            self.fate == Fate::Authorized && (self.sri != Sri::Nothing || self.late);
        match self.stage {
            Stage::Returned | Stage::NotAuthorized => {
                assert!(!will_be_authorized, "{self:?}");
                assert!(self.asked, "{self:?}");
            }
            Stage::Authorized => {
                assert_eq!((self.fate, self.sri), (Fate::Authorized, Sri::Decided));
            }
            _ => {}
        }
    }
}

fn starts() -> impl Iterator<Item = State> {
    [
        Fate::Authorized,
        Fate::NotAuthorized,
        Fate::RefusedAtTheDoor,
    ]
    .into_iter()
    .map(|fate| State {
        fate,
        sri: Sri::Nothing,
        late: false,
        stage: Stage::Signed,
        refused: false,
        resend: false,
        asked: false,
    })
}

fn reachable() -> BTreeSet<State> {
    let mut seen: BTreeSet<_> = starts().collect();
    let mut waiting: VecDeque<_> = starts().collect();
    while let Some(state) = waiting.pop_front() {
        let mut after = state.worked(true);
        after.extend(state.of_itself());
        // A restarted worker has forgotten what it wanted to send again.
        after.push(State {
            resend: false,
            ..state
        });
        for state in after {
            if seen.insert(state) {
                waiting.push_back(state);
            }
        }
    }
    seen
}

#[test]
fn no_walk_refuses_what_sri_authorizes() {
    let states = reachable();
    assert!(states.len() > 80, "{} states", states.len());
    states.iter().for_each(|state| state.check());
    for stage in [Stage::Returned, Stage::Authorized, Stage::NotAuthorized] {
        assert!(states.iter().any(|state| state.stage == stage), "{stage:?}");
    }
}

#[test]
fn every_walk_ends_soon_after_the_faults() {
    for start in reachable() {
        let mut state = start;
        let mut steps = 0;
        while action(state.stage) != Action::Rest {
            // A healthy SRI works between two questions.
            state = state.of_itself().first().copied().unwrap_or(state);
            state = state.worked(false)[0];
            state.check();
            steps += 1;
            assert!(steps <= 6, "{start:?} stays at {state:?}");
        }
        assert_ne!(state.stage, Stage::NeedsAttention, "{start:?}");
    }
}
