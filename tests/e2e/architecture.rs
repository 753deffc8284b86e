//! The invariants of ARCHITECTURE.md, over the workspace's own metadata.

use cargo_metadata::{DependencyKind, MetadataCommand, Package};
use std::collections::{BTreeMap, BTreeSet};

type Dependencies = BTreeMap<String, BTreeSet<String>>;

/// Each of our crates with what it depends on, outside of tests.
fn dependencies() -> Dependencies {
    let metadata = MetadataCommand::new().no_deps().exec().unwrap();
    let of = |package: &Package| {
        let normal = package.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal);
        (package.name.to_string(), normal.map(|d| d.name.clone()).collect())
    };
    metadata.packages.iter().map(of).collect()
}

/// Engines, each with the engines it may know.
const ENGINES: [(&str, &[&str]); 10] = [
    ("umpire-model", &[]),
    ("umpire-query", &["umpire-model"]),
    ("umpire-text", &["umpire-model"]),
    ("umpire-rules", &["umpire-model", "umpire-query", "umpire-text"]),
    ("umpire-tenancy", &["umpire-model", "umpire-query"]),
    ("umpire-catalog", &["umpire-model", "umpire-query"]),
    ("umpire-sanctions", &["umpire-model", "umpire-query", "umpire-catalog"]),
    ("umpire-notify", &["umpire-model", "umpire-query", "umpire-catalog"]),
    (
        "umpire-audit",
        &["umpire-model", "umpire-query", "umpire-text", "umpire-sanctions", "umpire-notify"],
    ),
    (
        "umpire-moderation",
        &[
            "umpire-model",
            "umpire-text",
            "umpire-rules",
            "umpire-tenancy",
            "umpire-sanctions",
            "umpire-audit",
        ],
    ),
];

fn ours(dependencies: &BTreeSet<String>) -> BTreeSet<&str> {
    dependencies.iter().map(String::as_str).filter(|name| name.starts_with("umpire")).collect()
}

#[test]
fn engines_depend_one_way() {
    let all = dependencies();
    for (engine, allowed) in ENGINES {
        let known = ours(&all[engine]);
        let allowed = allowed.iter().copied().collect();
        assert!(known.is_subset(&allowed), "{engine} knows {known:?}");
    }
}

#[test]
fn no_engine_knows_the_edges() {
    let all = dependencies();
    let edges = [
        "tonic",
        "prost",
        "prost-types",
        "http",
        "hyper",
        "axum",
        "reqwest",
        "lettre",
        "rusqlite",
        "mongodb",
        "redis",
        "ort",
    ];
    for (engine, _) in ENGINES {
        for edge in edges {
            assert!(!all[engine].contains(edge), "{engine} knows {edge}");
        }
    }
}

#[test]
fn only_the_api_knows_the_contract_and_only_the_server_knows_every_crate() {
    for (name, dependencies) in dependencies() {
        let may_know_proto =
            ["umpire", "umpire-api", "umpire-client", "umpire-testkit", "umpire-bench"];
        if dependencies.contains("umpire-proto") {
            assert!(may_know_proto.contains(&name.as_str()), "{name} knows the contract");
        }
        let is_adapter = |d: &&String| {
            d.starts_with("umpire-store-")
                || ["umpire-enforcers", "umpire-channels"].contains(&d.as_str())
        };
        let adapters: Vec<_> = dependencies.iter().filter(is_adapter).collect();
        if !adapters.is_empty() {
            let known_by = ["umpire", "umpire-bench"];
            assert!(known_by.contains(&name.as_str()), "{name} knows {adapters:?}");
        }
    }
}

#[test]
fn one_crate_calls_out() {
    for (name, dependencies) in dependencies() {
        assert!(!dependencies.contains("reqwest") || name == "umpire-outbound", "{name}");
        if dependencies.contains("umpire-outbound") {
            let callers = ["umpire", "umpire-enforcers", "umpire-channels"];
            assert!(callers.contains(&name.as_str()), "{name} calls out");
        }
    }
}

/// Peers that speak no HTTP are reached over connections of the one that calls out.
#[test]
fn other_protocols_are_spoken_by_channels_alone() {
    for (name, dependencies) in dependencies() {
        assert!(!dependencies.contains("lettre") || name == "umpire-channels", "{name}");
        if dependencies.contains("tokio-rustls") {
            let speakers = ["umpire-channels", "umpire-fakes"];
            assert!(speakers.contains(&name.as_str()), "{name} speaks TLS");
        }
    }
}

#[test]
fn fakes_are_for_tests_and_the_demo() {
    let metadata = MetadataCommand::new().no_deps().exec().unwrap();
    for package in &metadata.packages {
        let mut normal = package.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal);
        let Some(fakes) = normal.find(|d| d.name == "umpire-fakes") else { continue };
        let is_demo = package.name.as_str() == "umpire" && fakes.optional;
        assert!(is_demo || package.name.as_str() == "umpire-bench", "{}", package.name);
    }
}

#[test]
fn every_engine_is_in_the_table() {
    let metadata = MetadataCommand::new().no_deps().exec().unwrap();
    let engines =
        metadata.packages.iter().filter(|p| p.manifest_path.as_str().contains("/engines/"));
    let names: BTreeSet<_> = engines.map(|package| package.name.as_str()).collect();
    assert_eq!(names, ENGINES.iter().map(|(name, _)| *name).collect());
}

#[test]
fn files_and_names_stay_small() {
    let root = MetadataCommand::new().no_deps().exec().unwrap().workspace_root;
    let mut open = vec![root.join("server"), root.join("clients"), root.join("tests")];
    while let Some(folder) = open.pop() {
        for entry in folder.read_dir_utf8().unwrap().map(Result::unwrap) {
            let path = entry.path();
            if entry.file_type().unwrap().is_dir() {
                open.push(path.to_owned());
            } else if path.extension() == Some("rs") {
                let lines = std::fs::read_to_string(path).unwrap().lines().count();
                assert!(lines <= 600, "{path} has {lines} lines");
                let stem = path.file_stem().unwrap();
                let dumping_grounds = ["util", "utils", "common", "helpers", "types", "misc"];
                assert!(!dumping_grounds.contains(&stem), "{path} is named after nothing");
            }
        }
    }
}
