//! How every call is made.

use crate::{
    Error, Umpire,
    retry::Retry,
    v1::{GetSafetySwitchRequest, ListRevisionsRequest},
};
use tonic::{Code, Request, Response, Status};

/// Tenant of servers that have only one.
const DEFAULT_TENANT: &str = "default";

impl Umpire {
    /// Makes a unary call, again where that is safe and may help.
    pub(crate) async fn call<Q, A, F>(
        &self,
        retry: Retry,
        request: Q,
        make: impl Fn(Request<Q>) -> F,
    ) -> Result<A, Error>
    where
        Q: Clone,
        F: Future<Output = Result<Response<A>, Status>>,
    {
        let mut tries = 1;
        loop {
            let mut attempt = Request::new(request.clone());
            attempt.set_timeout(self.timeout);
            // Boxed: generated calls are big, and many futures hold this one.
            let status = match Box::pin(make(attempt)).await {
                Ok(answer) => return Ok(answer.into_inner()),
                Err(status) => status,
            };
            match retry.pause(tries, &status) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return Err(status.into()),
            }
            tries += 1;
        }
    }

    /// The full name of a resource that is given by its id, or by its name already.
    pub(crate) async fn full_name(&self, collection: &str, given: &str) -> Result<String, Error> {
        if given.contains('/') {
            return Ok(given.to_owned());
        }
        Ok(format!("tenants/{}/{collection}/{given}", self.tenant_id().await?))
    }

    async fn tenant_id(&self) -> Result<String, Error> {
        if self.tenant.id().is_none() {
            self.learn_tenant().await?;
        }
        Ok(self.tenant.id().unwrap_or(DEFAULT_TENANT).to_owned())
    }

    /// Any name the server gives away tells the tenant: that of a revision, or, where nobody
    /// made a rule yet or the key may not look, that of the safety switch. Without either it
    /// stays unknown.
    async fn learn_tenant(&self) -> Result<(), Error> {
        let request = ListRevisionsRequest { page_size: 1, ..<_>::default() };
        let page = self.call(Retry::Safe, request, |request| {
            let mut client = self.raw_rules();
            async move { client.list_revisions(request).await }
        });
        let page = if_answered(page.await)?;
        match page.as_ref().and_then(|page| page.revisions.first()) {
            Some(revision) => self.tenant.learn(&revision.name),
            None => self.learn_tenant_of_switch().await?,
        }
        Ok(())
    }

    async fn learn_tenant_of_switch(&self) -> Result<(), Error> {
        let request = GetSafetySwitchRequest::default();
        let answer = self.call(Retry::Safe, request, |request| {
            let mut client = self.raw_sanctions();
            async move { client.get_safety_switch(request).await }
        });
        if let Some(switch) = if_answered(answer.await)?.and_then(|answer| answer.safety_switch) {
            self.tenant.learn(&switch.name);
        }
        Ok(())
    }
}

/// Nothing where the key may not ask, or the server knows no such question.
fn if_answered<A>(answer: Result<A, Error>) -> Result<Option<A>, Error> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if matches!(error.code(), Code::PermissionDenied | Code::Unimplemented) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_not_ask_goes_without_an_answer() {
        let answer = |status: Status| if_answered::<()>(Err(status.into()));
        assert!(matches!(answer(Status::permission_denied("")), Ok(None)));
        assert!(matches!(answer(Status::unimplemented("")), Ok(None)));
        assert!(answer(Status::unavailable("")).is_err());
        assert!(matches!(if_answered(Ok(1)), Ok(Some(1))));
    }
}
