//! End to end: a program, a database, a log, and people who call over HTTP.

mod authorisation;
mod kill;
mod refusals;
mod whole_transfer;
