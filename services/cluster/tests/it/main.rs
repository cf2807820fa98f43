//! The private cluster on the real PostgreSQL of this machine: started, stopped, killed, by root and by others.
//!
//! Tests that need root (to run the program as somebody else, or to make folders that others can't enter) say so and end
//! early without it; the rest runs as anyone.

mod accounts;
mod crash;
mod program;
mod shut_out;
mod start_stop;
mod trouble;
