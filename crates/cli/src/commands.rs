//! One file a command.

pub(crate) mod backup;
pub(crate) mod bench;
pub(crate) mod cert;
pub(crate) mod demo;
pub(crate) mod init;
pub(crate) mod issuer;
pub(crate) mod migrate;
pub(crate) mod recover;
pub(crate) mod restore;
pub(crate) mod series;
pub(crate) mod sign;
pub(crate) mod simulator;
pub(crate) mod start;
pub(crate) mod verify;
