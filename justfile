# Daily work. `just` alone lists what there is.

_list:
    @just --list

# Play the rule packs against a throw-away server
demo:
    cargo demo

# Run the server on ./umpire-data
serve *flags:
    cargo run --release -- serve {{flags}}

# Everything CI runs
test:
    .ci/test

# Format, lint, and the tests of one package
check package:
    cargo fmt --all
    cargo clippy -p {{package}} --all-targets -- -D warnings
    cargo test -p {{package}}

# Lint the contract and compare it with the last release
contract:
    cd proto && buf lint && buf format -w && buf breaking --against released.binpb --path umpire/v1

# After a release: today's contract is what must not break
release-contract:
    cd proto && buf build --path umpire/v1 --exclude-source-info -o released.binpb

# The figures of BENCHMARKS.md
bench:
    cargo build --release -p umpire -p umpire-bench --features umpire/bench
    target/release/umpire-bench instructions
    target/release/umpire-bench doors
    target/release/umpire-bench ledger
    target/release/umpire-bench strikes
    target/release/umpire-bench enforcement
