//! What follows what: the transition table, the runner, leases, backoff.
