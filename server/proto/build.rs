//! Compiles the contract in `proto/` without protoc.

use prost::Message;
use std::{env, error::Error, fs, path::PathBuf};

const FILES: [&str; 8] = [
    "umpire/v1/types.proto",
    "umpire/v1/moderation.proto",
    "umpire/v1/rules.proto",
    "umpire/v1/sanctions.proto",
    "umpire/v1/alerts.proto",
    "umpire/v1/audit.proto",
    "umpire/v1/admin.proto",
    // What the details of errors hold, so that reflection can tell.
    "google/rpc/error_details.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../../proto");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = FILES.to_vec();
    if env::var_os("CARGO_FEATURE_BENCH").is_some() {
        files.push("umpire/bench/v1/bench.proto");
    }
    let includes = [root.clone(), root.join("bench"), root.join("vendor")];
    let descriptors = protox::compile(files, includes)?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("descriptors.bin"), descriptors.encode_to_vec())?;
    tonic_prost_build::configure()
        // Maps in order, so that equal requests have equal bytes.
        .btree_map(".")
        // Files of many megabytes are not copied.
        .bytes(".umpire.v1.ImportWordListRequest.content")
        .codec_path("crate::Codec")
        .server_mod_attribute(".", "#[allow(missing_docs, clippy::all)]")
        .client_mod_attribute(".", "#[allow(missing_docs, clippy::all)]")
        .extern_path(".google.rpc", "::tonic_types")
        .compile_fds(descriptors)?;
    Ok(())
}
