//! Listing through its calls, on a real database, with time moved by hand. The registry and the ledger are doubles that know only what
//! listing asks of them; the whole program's tests run on the real ones.

mod announcing;
mod correcting;
mod drafting;
mod halting;
mod ledger;
mod life;
mod market;
mod registering;
mod registry;
mod secrecy;
mod world;
