use crate::{
    context::Context,
    exit::Exit,
    failure::Failure,
    output::{id_of, included_ids},
};
use clap::{ArgGroup, Args, Subcommand};
use umpire_client::v1::{Tenant, TenantSettings};

/// Keeps tenants.
#[derive(Subcommand)]
pub enum Tenants {
    /// List tenants
    List(List),
    /// Show a tenant
    Get {
        /// Id or name
        #[arg(value_name = "TENANT")]
        id: String,
    },
    /// Add a tenant
    Create(Create),
    /// Change what is said of a tenant, and whose rules it includes
    Update(Update),
    /// Shut a tenant: its keys and checks are refused from now on
    Delete {
        /// Id or name
        #[arg(value_name = "TENANT")]
        id: String,
    },
    /// Open a shut tenant again
    Undelete {
        /// Id or name
        #[arg(value_name = "TENANT")]
        id: String,
    },
}

/// Which tenants to list.
#[derive(Args)]
pub struct List {
    /// Only what it lets through: 'display_name:"game"'
    #[arg(long, default_value = "", hide_default_value = true)]
    filter: String,

    /// With deleted ones
    #[arg(long)]
    deleted: bool,
}

/// A new tenant.
#[derive(Args)]
pub struct Create {
    /// Its id
    id: String,

    /// A name for people
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    display_name: String,

    /// Its time zone: Asia/Shanghai; UTC when absent
    #[arg(long, value_name = "ZONE", default_value = "", hide_default_value = true)]
    time_zone: String,
}

/// What to change of a tenant.
#[derive(Args)]
#[command(group = ArgGroup::new("changes")
    .args(["display_name", "time_zone", "includes"])
    .multiple(true)
    .required(true))]
pub struct Update {
    /// Id or name
    #[arg(value_name = "TENANT")]
    id: String,

    /// A name for people
    #[arg(long, value_name = "TEXT")]
    display_name: Option<String>,

    /// Its time zone: Asia/Shanghai
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,

    /// Whose rules judge its messages too, once for each tenant; '' for nobody's
    #[arg(long = "include", value_name = "TENANT")]
    includes: Vec<String>,
}

impl Tenants {
    /// Does what was asked.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let admin = context.connect().await?.admin();
        match self {
            Self::List(List { filter, deleted }) => {
                let tenants = admin.tenants().filter(filter).show_deleted(deleted);
                context.output.stream(tenants.stream()).await?;
                Ok(Exit::DONE)
            }
            Self::Get { id } => {
                context.output.one(&admin.tenant(&id).await?)?;
                Ok(Exit::DONE)
            }
            Self::Create(create) => {
                let Create { id, display_name, time_zone } = create;
                let tenant = Tenant { display_name, time_zone, ..Tenant::default() };
                told("created", &admin.create_tenant(id, tenant).await?, context)
            }
            Self::Update(update) => {
                let (tenant, mask) = update.change();
                told("changed", &admin.update_tenant(tenant).mask(mask).await?, context)
            }
            Self::Delete { id } => told("deleted", &admin.delete_tenant(&id).await?, context),
            Self::Undelete { id } => told("undeleted", &admin.undelete_tenant(&id).await?, context),
        }
    }
}

impl Update {
    /// What was given, and where it goes.
    fn change(self) -> (Tenant, Vec<&'static str>) {
        let given = [
            ("display_name", self.display_name.is_some()),
            ("time_zone", self.time_zone.is_some()),
            ("settings.includes", !self.includes.is_empty()),
        ];
        let mask = given.into_iter().filter(|(_, given)| *given).map(|(path, _)| path).collect();
        let others = self.includes.iter().filter(|id| !id.is_empty());
        let includes = others.map(|id| name_of(id)).collect();
        let tenant = Tenant {
            name: self.id,
            display_name: self.display_name.unwrap_or_default(),
            time_zone: self.time_zone.unwrap_or_default(),
            settings: Some(TenantSettings { includes, ..TenantSettings::default() }),
            ..Tenant::default()
        };
        (tenant, mask)
    }
}

fn name_of(tenant: &str) -> String {
    if tenant.contains('/') { tenant.to_owned() } else { format!("tenants/{tenant}") }
}

/// What became of a tenant.
fn told(done: &str, tenant: &Tenant, context: &Context) -> Result<Exit, Failure> {
    let (id, includes) = (id_of(&tenant.name), included_ids(tenant).join(", "));
    let including =
        if includes.is_empty() { String::new() } else { format!(", including {includes}") };
    context.output.changed(&format!("{done} tenant {id}{including}"), tenant)?;
    Ok(Exit::DONE)
}
