//! Rooms on a real database and a real log.

mod exchange;
mod faults;
mod rooms;
mod secrecy;
