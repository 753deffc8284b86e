use aes_gcm::{
    Aes256Gcm,
    aead::{Aead, KeyInit, Payload},
};
use data_encoding::BASE64;
use std::fmt;
use umpire_model::StoreError;

/// How every sealed text starts.
const SEALED: &str = "sealed:";
/// How those of today's form start: nonce and ciphertext follow, in base64.
const PREFIX: &str = "sealed:1:";
/// Bytes of a nonce. They are random: one key is good for billions of texts.
const NONCE: usize = 12;

/// Keeps texts from being read by whoever has the store and not the key: AES-256-GCM.
///
/// Each text is bound to its place, so that it opens nowhere else.
pub struct Sealer {
    cipher: Aes256Gcm,
}

impl Sealer {
    /// Seals under this key.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self { cipher: Aes256Gcm::new(&key.into()) }
    }

    /// Whether a text is sealed.
    #[must_use]
    pub fn is_sealed(text: &str) -> bool {
        text.starts_with(SEALED)
    }

    /// Seals a text for the place that `aad` names.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the operating system has no random numbers.
    pub fn seal(&self, aad: &str, plain: &str) -> Result<String, StoreError> {
        let mut nonce = [0_u8; NONCE];
        getrandom::fill(&mut nonce)
            .map_err(|error| StoreError::Unavailable(format!("random numbers: {error}").into()))?;
        let payload = Payload { msg: plain.as_bytes(), aad: aad.as_bytes() };
        let sealed = self
            .cipher
            .encrypt(&nonce.into(), payload)
            .map_err(|_| StoreError::Unavailable(format!("{aad} is too long to seal").into()))?;
        Ok(format!("{PREFIX}{}", BASE64.encode(&[&nonce[..], &sealed].concat())))
    }

    /// The text that was sealed for this place; one that never was sealed comes back as it
    /// is.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`], which names the place and nothing of the text: it was sealed
    /// under another key or for another place, or it was changed since.
    pub fn open(&self, aad: &str, text: &str) -> Result<String, StoreError> {
        if !Self::is_sealed(text) {
            return Ok(text.to_owned());
        }
        let plain = self.unseal(aad, text);
        plain
            .ok_or_else(|| StoreError::Corrupt(format!("{aad} does not open with this key").into()))
    }

    fn unseal(&self, aad: &str, text: &str) -> Option<String> {
        let bytes = BASE64.decode(text.strip_prefix(PREFIX)?.as_bytes()).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: sealed, aad: aad.as_bytes() };
        String::from_utf8(self.cipher.decrypt(&(*nonce).into(), payload).ok()?).ok()
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "receivers/games/ops";

    fn sealer(key: u8) -> Sealer {
        Sealer::new([key; 32])
    }

    #[test]
    fn a_sealed_text_opens_again_and_is_never_sealed_twice_alike() {
        for plain in ["", "{\"token\":\"hunter2\"}", "密钥", &"x".repeat(100_000)] {
            let sealed = sealer(7).seal(HERE, plain).expect("sealed");
            assert!(Sealer::is_sealed(&sealed) && !sealed.contains("hunter2"), "{sealed}");
            assert_eq!(sealer(7).open(HERE, &sealed).as_deref(), Ok(plain));
            assert_ne!(sealer(7).seal(HERE, plain), Ok(sealed));
        }
    }

    #[test]
    fn what_was_never_sealed_comes_back_as_it_is() {
        for plain in ["", "{}", "{\"token\":\"sealed:1:\"}"] {
            assert_eq!(sealer(7).open(HERE, plain).as_deref(), Ok(plain));
        }
    }

    #[test]
    fn it_opens_with_its_key_at_its_place_and_unchanged_alone() {
        let sealed = sealer(7).seal(HERE, "hunter2").expect("sealed");
        let closed = |place: &str| {
            Err(StoreError::Corrupt(format!("{place} does not open with this key").into()))
        };
        assert_eq!(sealer(8).open(HERE, &sealed), closed(HERE));
        let elsewhere = "receivers/shop/ops";
        assert_eq!(sealer(7).open(elsewhere, &sealed), closed(elsewhere));
        let bytes = BASE64.decode(&sealed.as_bytes()[PREFIX.len()..]).expect("base64");
        for at in [0, NONCE, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            let changed = format!("{PREFIX}{}", BASE64.encode(&changed));
            assert_eq!(sealer(7).open(HERE, &changed), closed(HERE), "byte {at}");
        }
        let short = format!("{PREFIX}{}", BASE64.encode(&bytes[..NONCE + 3]));
        for bad in ["sealed:", "sealed:1:", "sealed:1:AAAA", "sealed:1:#", "sealed:2:AAAA", &short]
        {
            assert_eq!(sealer(7).open(HERE, bad), closed(HERE), "{bad}");
        }
    }

    #[test]
    fn texts_that_were_sealed_before_open() {
        // Made with another implementation: the form must stay as it is.
        let sealed = "sealed:1:AQIDBAUGBwgJCgsMwF6c8QGPjA7fHGpr+9PGMubHLLvS3dSdpNG2ebTJluh8GUo=";
        assert_eq!(sealer(7).open(HERE, sealed).as_deref(), Ok("{\"token\":\"hunter2\"}"));
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?}", sealer(7)), "Sealer");
    }
}
