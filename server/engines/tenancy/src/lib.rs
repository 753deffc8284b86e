//! Who may ask for what: tenants, their settings, API keys and roles.
//!
//! [`Directory`] holds all of it in memory, swapped whole with each change, so
//! that telling who calls and whether a message is watched takes no store. Changes are
//! durable through the port [`Settings`] before they hold.

mod caller;
mod directory;
mod key;
mod message_window;
mod port;
mod settings;
mod tenant;

pub use caller::{Caller, Role};
pub use directory::{
    Change, Denied, Directory, DirectoryError, KeyDraft, TenantField, TenantQuery,
};
pub use key::ApiKey;
pub use message_window::MessageWindow;
pub use port::{PutOutcome, Settings, StoredDirectory};
pub use settings::{RecordPolicy, SceneSwitch, TenantSettings};
pub use tenant::{Tenant, TenantDraft};
