use crate::{context::Context, exit::Exit, failure::Failure, moment, output::id_of};
use clap::{Args, Subcommand, ValueEnum};
use prost_types::Timestamp;
use umpire_client::v1::{self, ApiKey};

/// Keeps API keys.
#[derive(Subcommand)]
pub enum Keys {
    /// List keys, without their secrets
    List {
        /// With revoked ones
        #[arg(long)]
        revoked: bool,
    },
    /// Make a key: its secret is printed once, on standard output
    Create(Create),
    /// Refuse a key from now on
    Revoke {
        /// Id or name
        key: String,
    },
}

/// A new key.
#[derive(Args)]
pub struct Create {
    /// Its id; chosen by the server when absent
    #[arg(default_value = "", hide_default_value = true)]
    id: String,

    /// What it may do
    #[arg(long)]
    role: Role,

    /// When it ends: 2026-12-01T08:00:00Z, 2026-12-01 or 90d; never when absent
    #[arg(long, value_name = "TIME", value_parser = moment::future)]
    expire: Option<Timestamp>,

    /// A name for people
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    display_name: String,
}

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Checks content.
    Service,
    /// Keeps rules.
    Moderator,
    /// Runs the server.
    Ops,
    /// Leads moderators.
    Supervisor,
    /// Leads supervisors.
    Director,
    /// Reads the audit log.
    Compliance,
    /// Keeps the tenant.
    Admin,
}

impl Role {
    fn proto(self) -> v1::Role {
        match self {
            Self::Service => v1::Role::Service,
            Self::Moderator => v1::Role::Moderator,
            Self::Ops => v1::Role::Ops,
            Self::Supervisor => v1::Role::Supervisor,
            Self::Director => v1::Role::Director,
            Self::Compliance => v1::Role::Compliance,
            Self::Admin => v1::Role::Admin,
        }
    }
}

impl Keys {
    /// Does what was asked.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let admin = context.connect().await?.admin();
        match self {
            Self::List { revoked } => {
                context.output.stream(admin.keys().show_revoked(revoked).stream()).await?;
                Ok(Exit::DONE)
            }
            Self::Create(create) => create.run(context).await,
            Self::Revoke { key } => {
                let key = admin.revoke_key(key).await?;
                context.output.changed(&format!("revoked key {}", id_of(&key.name)), &key)?;
                Ok(Exit::DONE)
            }
        }
    }
}

impl Create {
    /// For people the secret stands alone on standard output, so that a script can
    /// take it from there.
    async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let key = ApiKey {
            display_name: self.display_name,
            role: self.role.proto() as i32,
            expire_time: self.expire,
            ..ApiKey::default()
        };
        let admin = context.connect().await?.admin();
        let created = admin.create_key(self.id, key).await?;
        let name = created.api_key.as_ref().map(|key| key.name.as_str()).unwrap_or_default();
        context.output.note(&format!("{name}: this is the only time its secret is shown"));
        context.output.changed(&created.secret, &created)?;
        Ok(Exit::DONE)
    }
}
