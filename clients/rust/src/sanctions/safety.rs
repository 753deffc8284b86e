use super::Sanctions;
use crate::{
    Change, Error,
    mutation::{Guarded, mutation},
    retry::Retry,
    v1::{GetSafetySwitchRequest, SafetyState, SafetySwitch, UpdateSafetySwitchRequest},
};

impl Sanctions {
    /// Whether the tenant's automatic sanctions go out, how many may, and how many are
    /// held.
    ///
    /// # Errors
    /// What any call may fail with.
    pub async fn safety(&self) -> Result<SafetySwitch, Error> {
        let request = GetSafetySwitchRequest { name: self.switch_name() };
        let answer = self
            .0
            .call(Retry::Safe, request, |request| {
                let mut client = self.0.raw_sanctions();
                async move { client.get_safety_switch(request).await }
            })
            .await?;
        answer.safety_switch.ok_or(Error::Incomplete("safety_switch"))
    }

    /// Sets the safety switch: its [`state`](Change::state), its
    /// [`budget`](Change::budget), or both.
    pub fn set_safety(&self, reason: impl Into<String>) -> Change<UpdateSafetySwitchRequest> {
        let switch = SafetySwitch { name: self.switch_name(), ..SafetySwitch::default() };
        let (safety_switch, reason) = (Some(switch), reason.into());
        let request = UpdateSafetySwitchRequest { safety_switch, reason, ..<_>::default() };
        Change::new(&self.0, request)
    }

    /// Empty for the key's own tenant.
    fn switch_name(&self) -> String {
        let parent = self.0.tenant.parent();
        if parent.is_empty() { parent } else { format!("{parent}/safetySwitch") }
    }
}

impl Change<UpdateSafetySwitchRequest> {
    /// Whether automatic sanctions go out, are held, or are not made at all.
    pub fn state(mut self, state: SafetyState) -> Self {
        self.switch().state = state as i32;
        self.with("state")
    }

    /// How many may go out a minute before they are held.
    pub fn budget(mut self, a_minute: i32) -> Self {
        self.switch().budget_per_minute = a_minute;
        self.with("budget_per_minute")
    }

    /// With the state ON: so many go out before they are held again, until somebody
    /// looks.
    pub fn probe(mut self, count: i32) -> Self {
        self.request.probe = Some(count);
        self
    }

    fn switch(&mut self) -> &mut SafetySwitch {
        self.request.safety_switch.get_or_insert_default()
    }

    fn with(mut self, path: &str) -> Self {
        let mask = self.request.update_mask.get_or_insert_default();
        if !mask.paths.iter().any(|known| known == path) {
            mask.paths.push(path.to_owned());
        }
        self
    }
}

mutation!(
    raw_sanctions.update_safety_switch(UpdateSafetySwitchRequest) -> SafetySwitch,
    |answer| answer.safety_switch
);

impl Guarded for UpdateSafetySwitchRequest {
    fn etag(&mut self) -> &mut String {
        &mut self.safety_switch.get_or_insert_default().etag
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Umpire;

    #[tokio::test]
    async fn only_what_is_given_is_changed() {
        let umpire = Umpire::builder("http://127.0.0.1:1").tenant("game-a").connect_lazy();
        let sanctions = umpire.expect("an endpoint").sanctions();
        let change = sanctions.set_safety("calm").state(SafetyState::On).probe(5);
        let request = change.state(SafetyState::Hold).etag("s1").request;
        let switch = request.safety_switch.unwrap_or_default();
        assert_eq!((switch.state(), switch.etag.as_str()), (SafetyState::Hold, "s1"));
        assert_eq!(switch.name, "tenants/game-a/safetySwitch");
        assert_eq!(request.update_mask.map(|mask| mask.paths), Some(vec!["state".to_owned()]));
        assert_eq!((request.probe, request.reason.as_str()), (Some(5), "calm"));
    }
}
