//! The pages are embedded from `web/build`. Where they have not been built yet, an empty folder stands in and the program says so
//! at its start; `make run` builds them first.

use std::{env, fs, path::Path};

fn main() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let pages = Path::new(&root).join("../../web/build");
    if !pages.exists() {
        fs::create_dir_all(&pages).expect("web/ can be written to");
    }
    println!("cargo:rerun-if-changed={}", pages.display());
}
