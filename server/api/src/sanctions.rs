//! SanctionService: sanction rules, enforcers, sanctions, strikes, the safety switch.

mod acks;
pub(crate) mod fields;
mod order;
mod resources;
mod safety;
mod single;
mod strikes;
mod subjects;
mod watch;
mod wave;

use crate::{
    handler::{answer, carry_out},
    locale::Locale,
    resources::{asked, listed},
};
use std::sync::Arc;
use tokio::sync::watch::Receiver;
use tonic::{Request, Response, Status};
use umpire_model::{Clock, RequestKey};
use umpire_proto::v1::{self as pb, sanction_service_server::SanctionService};
use umpire_rules::RuleBook;
use umpire_sanctions::{Act, Court};
use umpire_tenancy::{Caller, Directory};

/// What the service works with.
pub struct SanctionParts {
    /// Everything about sanctions.
    pub court: Arc<Court>,
    /// Knows what the rules in force give to matches.
    pub book: Arc<RuleBook>,
    /// Knows who may go on with a stream, and what a tenant includes.
    pub directory: Arc<Directory>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Says that streams are to end.
    pub draining: Receiver<bool>,
}

/// The service.
#[derive(Clone)]
pub struct Sanctions {
    court: Arc<Court>,
    book: Arc<RuleBook>,
    directory: Arc<Directory>,
    clock: Arc<dyn Clock>,
    draining: Receiver<bool>,
}

impl Sanctions {
    /// The service over its parts.
    #[must_use]
    pub fn new(parts: SanctionParts) -> Self {
        let SanctionParts { court, book, directory, clock, draining } = parts;
        Self { court, book, directory, clock, draining }
    }

    /// What a person does, and why.
    fn act(&self, caller: &Caller, reason: &str, request: Option<RequestKey>) -> Act {
        Act {
            operator: caller.principal.as_ref().into(),
            time: self.clock.now(),
            reason: reason.into(),
            request,
            validate_only: false,
        }
    }
}

#[tonic::async_trait]
impl SanctionService for Sanctions {
    async fn create_sanction_rule(
        &self,
        request: Request<pb::CreateSanctionRuleRequest>,
    ) -> Result<Response<pb::CreateSanctionRuleResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let (id, made) = (&body.sanction_rule_id, body.sanction_rule.as_ref());
            let asked = asked!("CreateSanctionRule", body);
            let made = this.rules(&caller).create(&body.parent, id, made, asked).await?;
            let sanction_rule = Some(made);
            Ok(pb::CreateSanctionRuleResponse { sanction_rule })
        })
    }

    async fn get_sanction_rule(
        &self,
        request: Request<pb::GetSanctionRuleRequest>,
    ) -> Result<Response<pb::GetSanctionRuleResponse>, Status> {
        answer!(request, caller, body => {
            let sanction_rule = Some(self.rules(&caller).get(&body.name)?);
            Ok(pb::GetSanctionRuleResponse { sanction_rule })
        })
    }

    async fn list_sanction_rules(
        &self,
        request: Request<pb::ListSanctionRulesRequest>,
    ) -> Result<Response<pb::ListSanctionRulesResponse>, Status> {
        answer!(request, caller, body => {
            let listed = listed!("ListSanctionRules", body);
            let (sanction_rules, next_page_token) = self.rules(&caller).list(&listed)?;
            Ok(pb::ListSanctionRulesResponse { sanction_rules, next_page_token })
        })
    }

    async fn update_sanction_rule(
        &self,
        request: Request<pb::UpdateSanctionRuleRequest>,
    ) -> Result<Response<pb::UpdateSanctionRuleResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let (wanted, mask) = (body.sanction_rule.as_ref(), body.update_mask.as_ref());
            let asked = asked!("UpdateSanctionRule", body);
            let sanction_rule = Some(this.rules(&caller).update(wanted, mask, asked).await?);
            Ok(pb::UpdateSanctionRuleResponse { sanction_rule })
        })
    }

    async fn delete_sanction_rule(
        &self,
        request: Request<pb::DeleteSanctionRuleRequest>,
    ) -> Result<Response<pb::DeleteSanctionRuleResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let asked = asked!("DeleteSanctionRule", body);
            this.delete_rule(&caller, &body.name, &body.etag, asked).await?;
            Ok(pb::DeleteSanctionRuleResponse {})
        })
    }

    async fn list_effective_order(
        &self,
        request: Request<pb::ListEffectiveOrderRequest>,
    ) -> Result<Response<pb::ListEffectiveOrderResponse>, Status> {
        answer!(request, caller, body => self.effective_order(&caller, body).await)
    }

    async fn create_enforcer(
        &self,
        request: Request<pb::CreateEnforcerRequest>,
    ) -> Result<Response<pb::CreateEnforcerResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let (id, made) = (&body.enforcer_id, body.enforcer.as_ref());
            let asked = asked!("CreateEnforcer", body);
            let made = this.enforcers(&caller).create(&body.parent, id, made, asked).await?;
            let enforcer = Some(made);
            Ok(pb::CreateEnforcerResponse { enforcer })
        })
    }

    async fn get_enforcer(
        &self,
        request: Request<pb::GetEnforcerRequest>,
    ) -> Result<Response<pb::GetEnforcerResponse>, Status> {
        answer!(request, caller, body => {
            let enforcer = Some(self.enforcers(&caller).get(&body.name)?);
            Ok(pb::GetEnforcerResponse { enforcer })
        })
    }

    async fn list_enforcers(
        &self,
        request: Request<pb::ListEnforcersRequest>,
    ) -> Result<Response<pb::ListEnforcersResponse>, Status> {
        answer!(request, caller, body => {
            let listed = listed!("ListEnforcers", body);
            let (enforcers, next_page_token) = self.enforcers(&caller).list(&listed)?;
            Ok(pb::ListEnforcersResponse { enforcers, next_page_token })
        })
    }

    async fn update_enforcer(
        &self,
        request: Request<pb::UpdateEnforcerRequest>,
    ) -> Result<Response<pb::UpdateEnforcerResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let (wanted, mask) = (body.enforcer.as_ref(), body.update_mask.as_ref());
            let asked = asked!("UpdateEnforcer", body);
            let enforcer = Some(this.enforcers(&caller).update(wanted, mask, asked).await?);
            Ok(pb::UpdateEnforcerResponse { enforcer })
        })
    }

    async fn delete_enforcer(
        &self,
        request: Request<pb::DeleteEnforcerRequest>,
    ) -> Result<Response<pb::DeleteEnforcerResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let asked = asked!("DeleteEnforcer", body);
            this.enforcers(&caller).delete(&body.name, &body.etag, asked).await?;
            Ok(pb::DeleteEnforcerResponse {})
        })
    }

    async fn create_sanction(
        &self,
        request: Request<pb::CreateSanctionRequest>,
    ) -> Result<Response<pb::CreateSanctionResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let sanction = Some(this.create(&caller, body).await?);
            Ok(pb::CreateSanctionResponse { sanction })
        })
    }

    async fn get_sanction(
        &self,
        request: Request<pb::GetSanctionRequest>,
    ) -> Result<Response<pb::GetSanctionResponse>, Status> {
        answer!(request, caller, body => {
            let sanction = Some(self.get(&caller, &body.name).await?);
            Ok(pb::GetSanctionResponse { sanction })
        })
    }

    async fn list_sanctions(
        &self,
        request: Request<pb::ListSanctionsRequest>,
    ) -> Result<Response<pb::ListSanctionsResponse>, Status> {
        answer!(request, caller, body => self.list(&caller, body).await)
    }

    async fn lift_sanction(
        &self,
        request: Request<pb::LiftSanctionRequest>,
    ) -> Result<Response<pb::LiftSanctionResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let sanction = Some(this.lift(&caller, body).await?);
            Ok(pb::LiftSanctionResponse { sanction })
        })
    }

    async fn extend_sanction(
        &self,
        request: Request<pb::ExtendSanctionRequest>,
    ) -> Result<Response<pb::ExtendSanctionResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let sanction = Some(this.extend(&caller, body).await?);
            Ok(pb::ExtendSanctionResponse { sanction })
        })
    }

    type BatchLiftSanctionsStream = wave::Progress;

    async fn batch_lift_sanctions(
        &self,
        request: Request<pb::BatchLiftSanctionsRequest>,
    ) -> Result<Response<wave::Progress>, Status> {
        let locale = Locale::of(request.metadata());
        answer!(request, caller, body => self.lift_wave(caller.clone(), body, locale).await)
    }

    async fn check_subject(
        &self,
        request: Request<pb::CheckSubjectRequest>,
    ) -> Result<Response<pb::CheckSubjectResponse>, Status> {
        answer!(request, caller, body => self.check_subject(&caller, body))
    }

    async fn batch_check_subjects(
        &self,
        request: Request<pb::BatchCheckSubjectsRequest>,
    ) -> Result<Response<pb::BatchCheckSubjectsResponse>, Status> {
        answer!(request, caller, body => self.check_subjects(&caller, body))
    }

    type WatchSanctionsStream = watch::Events;

    async fn watch_sanctions(
        &self,
        request: Request<pb::WatchSanctionsRequest>,
    ) -> Result<Response<watch::Events>, Status> {
        let locale = Locale::of(request.metadata());
        answer!(request, caller, body => self.watch(caller.clone(), body, locale).await)
    }

    async fn ack_sanctions(
        &self,
        request: Request<pb::AckSanctionsRequest>,
    ) -> Result<Response<pb::AckSanctionsResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            this.acknowledge(&caller, body).await?;
            Ok(pb::AckSanctionsResponse {})
        })
    }

    async fn list_strikes(
        &self,
        request: Request<pb::ListStrikesRequest>,
    ) -> Result<Response<pb::ListStrikesResponse>, Status> {
        answer!(request, caller, body => self.list_strikes(&caller, body).await)
    }

    async fn reset_strikes(
        &self,
        request: Request<pb::ResetStrikesRequest>,
    ) -> Result<Response<pb::ResetStrikesResponse>, Status> {
        carry_out!(self, request, this, caller, body => this.reset_strikes(&caller, body).await)
    }

    async fn get_safety_switch(
        &self,
        request: Request<pb::GetSafetySwitchRequest>,
    ) -> Result<Response<pb::GetSafetySwitchResponse>, Status> {
        answer!(request, caller, body => {
            let safety_switch = Some(self.switch(&caller, &body.name).await?);
            Ok(pb::GetSafetySwitchResponse { safety_switch })
        })
    }

    async fn update_safety_switch(
        &self,
        request: Request<pb::UpdateSafetySwitchRequest>,
    ) -> Result<Response<pb::UpdateSafetySwitchResponse>, Status> {
        carry_out!(self, request, this, caller, body => {
            let safety_switch = Some(this.set_switch(&caller, body).await?);
            Ok(pb::UpdateSafetySwitchResponse { safety_switch })
        })
    }

    async fn drain_held_sanctions(
        &self,
        request: Request<pb::DrainHeldSanctionsRequest>,
    ) -> Result<Response<pb::DrainHeldSanctionsResponse>, Status> {
        carry_out!(self, request, this, caller, body => this.drain(&caller, body).await)
    }
}
