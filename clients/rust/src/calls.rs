//! How every call is made.

use crate::{Error, Umpire, retry::Retry, v1::ListRevisionsRequest};
use tonic::{Request, Response, Status};

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

    /// Any name the server gives away tells the tenant. Who may name resources may
    /// read the policy's history, and where there are resources there is history.
    async fn learn_tenant(&self) -> Result<(), Error> {
        let request = ListRevisionsRequest { page_size: 1, ..<_>::default() };
        let page = self
            .call(Retry::Safe, request, |request| {
                let mut client = self.raw_rules();
                async move { client.list_revisions(request).await }
            })
            .await?;
        if let Some(revision) = page.revisions.first() {
            self.tenant.learn(&revision.name);
        }
        Ok(())
    }
}
