//! Code generated from `proto/`, its descriptor set, and the codec that carries it.

mod codec;
#[allow(missing_docs, clippy::all, rustdoc::all)]
mod umpire {
    pub mod v1 {
        tonic::include_proto!("umpire.v1");
    }

    #[cfg(feature = "bench")]
    pub mod bench {
        pub mod v1 {
            tonic::include_proto!("umpire.bench.v1");
        }
    }
}

/// Yardsticks of package `umpire.bench.v1`.
#[cfg(feature = "bench")]
pub use self::umpire::bench::v1 as bench;
/// Everything of package `umpire.v1`.
pub use self::umpire::v1;
pub use codec::Codec;

/// `google.protobuf.FileDescriptorSet` of all of the above, for reflection.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
