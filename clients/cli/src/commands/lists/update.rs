use super::told;
use crate::{commands::current::until_current, context::Context, exit::Exit, failure::Failure};
use clap::{ArgGroup, Args};
use umpire_client::{
    Umpire,
    v1::{Scope, WordList},
};

/// Changes what is said of a list, and none of its entries.
#[derive(Args)]
#[command(group = ArgGroup::new("changes")
    .args(["display_name", "all_rules", "scenes"])
    .multiple(true)
    .required(true))]
pub struct Update {
    /// Id or name
    list: String,

    /// A name for people
    #[arg(long, value_name = "TEXT")]
    display_name: Option<String>,

    /// With purpose allow: for every rule, not only those that name it
    #[arg(long, value_name = "BOOL")]
    all_rules: Option<bool>,

    /// With purpose allow: where it holds, once for each scene; '' for everywhere
    #[arg(long = "scene", value_name = "SCENE")]
    scenes: Vec<String>,

    /// Why; kept in the history
    #[arg(long, value_name = "TEXT", default_value = "", hide_default_value = true)]
    reason: String,
}

impl Update {
    /// Changes what was given and nothing else.
    pub async fn run(self, context: &Context) -> Result<Exit, Failure> {
        let umpire = context.connect().await?;
        let changed = until_current(async || self.change(&umpire).await).await?;
        told("changed", &changed, context)
    }

    async fn change(&self, umpire: &Umpire) -> Result<WordList, Failure> {
        let lists = umpire.lists();
        let mut list = WordList { name: self.list.clone(), ..WordList::default() };
        let mut mask = Vec::new();
        if let Some(name) = &self.display_name {
            list.display_name.clone_from(name);
            mask.push("display_name");
        }
        if let Some(all_rules) = self.all_rules {
            list.all_rules = all_rules;
            mask.push("all_rules");
        }
        if !self.scenes.is_empty() {
            // Scenes are a part of the scope, which is written whole.
            let current = lists.get(&self.list).await?;
            list.etag = current.etag;
            list.scope = self.narrowed(current.scope.unwrap_or_default());
            mask.push("scope");
        }
        Ok(lists.update(list).mask(mask).reason(self.reason.as_str()).await?)
    }

    /// The scope with these scenes; nothing when it holds everywhere.
    fn narrowed(&self, scope: Scope) -> Option<Scope> {
        let scenes = self.scenes.iter().filter(|scene| !scene.is_empty()).cloned().collect();
        let scope = Scope { scenes, ..scope };
        (scope != Scope::default()).then_some(scope)
    }
}
