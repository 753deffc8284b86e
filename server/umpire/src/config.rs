//! What can be set, where it comes from, and what is refused at the start.

mod alerts;

pub use alerts::AlertsConfig;

use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize, Serializer};
use std::{
    fmt,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
};

/// The whole configuration. Every key has a default; each can be set in a TOML
/// file, and as `UMPIRE_SECTION__KEY` in the environment, which wins.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(missing_docs)]
pub struct Config {
    pub server: ServerConfig,
    pub auth: AuthConfig,
    pub tls: TlsConfig,
    pub limits: LimitsConfig,
    pub store: StoreConfig,
    pub sanctions: SanctionsConfig,
    pub alerts: AlertsConfig,
    pub secrets: SecretsConfig,
    pub outbound: OutboundConfig,
    pub log: LogConfig,
}

/// `[server]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerConfig {
    /// Folder of the embedded store.
    pub data_dir: PathBuf,
    /// Address of the gRPC server; port 0 takes a free one.
    pub grpc: SocketAddr,
    /// Address of `/health`, `/ready` and `/metrics`.
    pub http: SocketAddr,
    /// Longest wait for calls in flight at shutdown.
    pub drain_seconds: u64,
}

/// `[auth]`
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AuthConfig {
    /// Who may call.
    pub mode: AuthMode,
    /// A key that speaks as ADMIN of `tenants/default`, to make the first keys with.
    pub admin_key: Secret,
    /// Tokens of an identity provider, beside keys.
    pub jwt: JwtConfig,
}

/// `[auth.jwt]`: with an algorithm, JSON Web Tokens are accepted. A token names its
/// caller (`sub`), `tenant` (its id) and `role`, and has an end (`exp`).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JwtConfig {
    /// The only one accepted: `RS256`, `PS256`, `ES256`, `EdDSA`, `HS256`, ...
    pub algorithm: String,
    /// PEM file with the provider's public key.
    pub key_file: Option<PathBuf>,
    /// The shared secret, for `HS...`; at least 32 bytes.
    pub secret: Secret,
    /// What `iss` must be.
    pub issuer: String,
    /// What `aud` must be, or hold.
    pub audience: String,
}

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthMode {
    /// Everybody on this machine, as ADMIN of `tenants/default`; loopback addresses only.
    #[default]
    None,
    /// Holders of an API key.
    Keys,
}

/// `[tls]`: all empty means plain text.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TlsConfig {
    /// PEM file with the server's certificate chain.
    pub certificate: Option<PathBuf>,
    /// PEM file with its private key.
    pub key: Option<PathBuf>,
    /// PEM file; with it, clients must show a certificate it signed.
    pub client_ca: Option<PathBuf>,
}

/// `[limits]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// Most bytes of one text.
    pub max_text_bytes: usize,
    /// Most messages of one batch.
    pub max_batch_messages: usize,
    /// Most bytes of one request.
    pub max_request_bytes: usize,
    /// Calls worked on at once; more are refused with RESOURCE_EXHAUSTED.
    pub max_concurrent_requests: usize,
    /// Calls a second each key or token may make; 0: as many as it likes.
    pub max_requests_per_second: u32,
}

/// `[store]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreConfig {
    /// Most bytes of decisions kept aside while the database cannot be written.
    pub max_spool_bytes: u64,
}

/// `[sanctions]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SanctionsConfig {
    /// Whether automatic sanctions are made at all; `false` stops them whatever the
    /// tenants' safety switches say.
    pub enabled: bool,
    /// Most automatic sanctions a minute of all tenants together.
    pub ceiling_per_minute: u32,
    /// How often an enforcer is told before it is given up.
    pub attempts: u32,
    /// Wait before the second attempt; it doubles with each.
    pub backoff_seconds: u64,
    /// How old a sanction that nobody carries out may become; time on hold does not count.
    pub stale_hours: u64,
}

/// `[secrets]`
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SecretsConfig {
    /// File of at least 32 random bytes, under which the secrets of receivers and enforcers
    /// are encrypted. One that is derived from `secret.key` of the data folder when absent.
    pub key_file: Option<PathBuf>,
}

/// `[outbound]`
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutboundConfig {
    /// Whether webhooks may go to private and loopback addresses.
    pub allow_private: bool,
}

/// `[log]`
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// A level, or directives such as `info,umpire_rules=debug`.
    pub level: String,
    /// How a line looks.
    pub format: LogFormat,
    /// Folder of daily files; standard error when absent.
    pub dir: Option<PathBuf>,
    /// Files that are kept in `dir`.
    pub keep_files: usize,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

/// The variable that is read as it stands, without its prefix.
const ADMIN_KEY: &str = "auth.admin_key";
const JWT_SECRET: &str = "auth.jwt.secret";

/// A value that is never printed.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The value; `None` when it is empty.
    #[must_use]
    pub fn reveal(&self) -> Option<&str> {
        (!self.0.is_empty()).then_some(self.0.as_str())
    }
}

impl From<&str> for Secret {
    fn from(value: &str) -> Self {
        Self(value.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "unset" } else { "set, not shown" })
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(if self.0.is_empty() { "" } else { "***" })
    }
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            data_dir: "./umpire-data".into(),
            grpc: (Ipv4Addr::LOCALHOST, 50051).into(),
            http: (Ipv4Addr::LOCALHOST, 8080).into(),
            drain_seconds: 10,
        }
    }
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            max_text_bytes: 64 << 10,
            max_batch_messages: 1_000,
            max_request_bytes: 8 << 20,
            max_concurrent_requests: 1_024,
            max_requests_per_second: 0,
        }
    }
}

impl Default for StoreConfig {
    fn default() -> Self {
        Self { max_spool_bytes: 256 << 20 }
    }
}

impl Default for SanctionsConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            ceiling_per_minute: 500,
            attempts: 3,
            backoff_seconds: 2,
            stale_hours: 24,
        }
    }
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { level: "info".into(), format: LogFormat::Text, dir: None, keep_files: 14 }
    }
}

/// The configuration cannot be used; the text names the key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("configuration: {0}")]
pub struct ConfigError(String);

impl Config {
    /// Defaults, then the file, then the environment.
    ///
    /// # Errors
    /// [`ConfigError`] for a file that is not there, an unknown key, or a value of the
    /// wrong type.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        // The secret would be masked by a round trip; its default is empty anyway.
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(path) = file {
            if !path.is_file() {
                return Err(ConfigError(format!("{}: no such file", path.display())));
            }
            figment = figment.merge(Toml::file_exact(path));
        }
        refuse_misspelt(std::env::vars().map(|(name, _)| name))?;
        // Only names with a section are ours: UMPIRE_API_KEY, say, is the client's.
        let env = Env::prefixed("UMPIRE_").filter(|key| key.as_str().contains("__")).split("__");
        // A key of digits is a text all the same.
        let env = env.ignore(&[ADMIN_KEY, JWT_SECRET]);
        let mut config: Self =
            figment.merge(env).extract().map_err(|error| ConfigError(explain(error)))?;
        if let Ok(key) = std::env::var("UMPIRE_AUTH__ADMIN_KEY") {
            config.auth.admin_key = Secret(key);
        }
        if let Ok(secret) = std::env::var("UMPIRE_AUTH__JWT__SECRET") {
            config.auth.jwt.secret = Secret(secret);
        }
        Ok(config)
    }

    /// Refuses what cannot work.
    ///
    /// # Errors
    /// [`ConfigError`] with the first key that is wrong.
    pub fn check(&self) -> Result<(), ConfigError> {
        let wrong = |text: String| Err(ConfigError(text));
        crate::log::filter(&self.log).map(drop).map_err(ConfigError)?;
        for (key, address) in [("server.grpc", self.server.grpc), ("server.http", self.server.http)]
        {
            if self.auth.mode == AuthMode::None && !address.ip().is_loopback() {
                return wrong(format!(
                    "{key}: {address} can be reached from outside; set auth.mode = \"keys\" first"
                ));
            }
        }
        let files = [
            ("tls.certificate", &self.tls.certificate),
            ("tls.key", &self.tls.key),
            ("tls.client_ca", &self.tls.client_ca),
            ("secrets.key_file", &self.secrets.key_file),
        ];
        for (key, path) in files {
            if let Some(path) = path.as_ref().filter(|path| !path.is_file()) {
                return wrong(format!("{key}: {}: no such file", path.display()));
            }
        }
        let jwt = &self.auth.jwt;
        if !jwt.algorithm.is_empty() && (jwt.issuer.is_empty() || jwt.audience.is_empty()) {
            return wrong("auth.jwt: algorithm needs issuer and audience".into());
        }
        if !jwt.algorithm.is_empty() && jwt.key_file.is_some() == jwt.secret.reveal().is_some() {
            return wrong("auth.jwt: set one of key_file and secret".into());
        }
        if !jwt.algorithm.is_empty() && self.auth.mode == AuthMode::None {
            return wrong("auth.jwt: needs auth.mode = \"keys\"".into());
        }
        if self.auth.admin_key.reveal().is_some_and(|key| key.len() < 16) {
            return wrong("auth.admin_key: must have at least 16 characters".into());
        }
        if self.tls.certificate.is_some() != self.tls.key.is_some() {
            return wrong("tls.certificate, tls.key: set both or neither".into());
        }
        if self.tls.client_ca.is_some() && self.tls.certificate.is_none() {
            return wrong("tls.client_ca: needs tls.certificate and tls.key".into());
        }
        let limits = [
            ("limits.max_text_bytes", self.limits.max_text_bytes, 16 << 20),
            ("limits.max_batch_messages", self.limits.max_batch_messages, 1_000),
            ("limits.max_request_bytes", self.limits.max_request_bytes, 64 << 20),
            ("limits.max_concurrent_requests", self.limits.max_concurrent_requests, 1 << 20),
        ];
        for (key, value, most) in limits {
            if value == 0 || value > most {
                return wrong(format!("{key}: must lie between 1 and {most}"));
            }
        }
        self.sanctions.check()?;
        self.alerts.check()
    }

    /// The configuration as a file would hold it, secrets masked.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let value = serde_json::to_value(self).unwrap_or_default();
        let mut text = String::new();
        for (section, keys) in value.as_object().into_iter().flatten() {
            text += &format!("[{section}]\n");
            for (key, value) in keys.as_object().into_iter().flatten() {
                match value {
                    serde_json::Value::Null => text += &format!("# {key} is not set\n"),
                    value => text += &format!("{key} = {value}\n"),
                }
            }
            text.push('\n');
        }
        text.trim_end().into()
    }
}

impl SanctionsConfig {
    fn check(&self) -> Result<(), ConfigError> {
        let limits = [
            ("ceiling_per_minute", u64::from(self.ceiling_per_minute), 1_000_000),
            ("attempts", u64::from(self.attempts), 100),
            ("backoff_seconds", self.backoff_seconds, 3_600),
            ("stale_hours", self.stale_hours, 24 * 366),
        ];
        match limits.into_iter().find(|(_, value, most)| !(1..=*most).contains(value)) {
            Some((key, _, most)) => {
                Err(ConfigError(format!("sanctions.{key}: must lie between 1 and {most}")))
            }
            None => Ok(()),
        }
    }
}

const SECTIONS: [&str; 10] = [
    "SERVER",
    "AUTH",
    "TLS",
    "LIMITS",
    "STORE",
    "SANCTIONS",
    "ALERTS",
    "SECRETS",
    "OUTBOUND",
    "LOG",
];

/// A section followed by one underscore is a key that would be ignored.
fn refuse_misspelt(names: impl Iterator<Item = String>) -> Result<(), ConfigError> {
    for name in names {
        let rest = name.strip_prefix("UMPIRE_").unwrap_or_default();
        let Some((section, key)) = rest.split_once('_') else { continue };
        let known = SECTIONS.contains(&section);
        if known && !key.starts_with('_') {
            let meant = format!("UMPIRE_{section}__{key}");
            return Err(ConfigError(format!("{name} is not a key: did you mean {meant}?")));
        }
    }
    Ok(())
}

/// Every mistake with its key and where it was set.
fn explain(error: figment::Error) -> String {
    let one = |error: figment::Error| {
        let key = error.path.join(".");
        let source = error.metadata.as_ref().map(|metadata| metadata.name.to_string());
        let source = source.map(|name| format!(" (in {name})")).unwrap_or_default();
        format!("{key}: {}{source}", error.kind)
    };
    error.into_iter().map(one).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(toml: &str) -> Result<Config, ConfigError> {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("umpire.toml");
        std::fs::write(&path, toml).expect("written");
        let config = Config::load(Some(&path))?;
        config.check()?;
        Ok(config)
    }

    #[test]
    fn mistakes_name_their_key() {
        for (toml, part) in [
            ("[server]\ngrpc = 5", "server.grpc"),
            ("[server]\ncolour = 5", "colour"),
            ("[paint]\na = 5", "paint"),
            ("[server]\ngrpc = \"0.0.0.0:50051\"", "server.grpc"),
            ("[auth]\nmode = \"maybe\"", "auth.mode"),
            ("[auth]\nadmin_key = \"short\"", "auth.admin_key"),
            ("[auth]\nmode = \"keys\"\n[auth.jwt]\nalgorithm = \"RS256\"", "auth.jwt"),
            (
                "[auth.jwt]\nalgorithm = \"HS256\"\nissuer = \"i\"\naudience = \"a\"\nsecret = \"s\"",
                "auth.jwt",
            ),
            ("[tls]\nkey = \"k.pem\"", "tls.key: k.pem: no such file"),
            ("[log]\nlevel = \"a=b=c\"", "log.level"),
            ("[log]\nlevel = \"loud\"", "log.level"),
            ("[limits]\nmax_batch_messages = 0", "limits.max_batch_messages"),
            ("[log]\nformat = \"xml\"", "log.format"),
            ("[sanctions]\nattempts = 0", "sanctions.attempts"),
            ("[sanctions]\nceiling_per_minute = -1", "sanctions.ceiling_per_minute"),
            ("[outbound]\nallow_private = 3", "outbound.allow_private"),
            ("[alerts]\nattempts = 0", "alerts.attempts"),
            ("[alerts]\ncolour = 1", "colour"),
            ("[secrets]\nkey_file = \"k\"", "secrets.key_file: k: no such file"),
        ] {
            let error = load(toml).expect_err(toml).to_string();
            assert!(error.contains(part), "{toml}: {error}");
        }
        let open = "[server]\ngrpc = \"0.0.0.0:50051\"\n[auth]\nmode = \"keys\"";
        assert!(load(open).is_ok());
    }

    #[test]
    fn one_underscore_too_few_is_noticed() {
        let check = |name: &str| refuse_misspelt(std::iter::once(name.to_owned()));
        assert!(
            check("UMPIRE_AUTH_MODE")
                .expect_err("misspelt")
                .to_string()
                .contains("UMPIRE_AUTH__MODE")
        );
        for fine in ["UMPIRE_AUTH__MODE", "UMPIRE_API_KEY", "UMPIRE_TEST_DATA", "PATH"] {
            assert!(check(fine).is_ok(), "{fine}");
        }
    }

    #[test]
    fn secrets_are_not_printed() {
        let config = load("[auth]\nadmin_key = \"correct horse battery\"").expect("valid");
        assert_eq!(config.auth.admin_key.reveal(), Some("correct horse battery"));
        assert!(!config.to_toml().contains("horse"));
        assert!(!format!("{config:?}").contains("horse"));
    }
}
