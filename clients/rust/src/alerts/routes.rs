use super::{ALERTS, Alerts, kept::kept};
use crate::{
    Change, Error, Listing,
    retry::Retry,
    v1::{
        CreateRouteRequest, DeleteRouteRequest, GetRouteRequest, ListRoutesRequest, Route,
        TestRoutingRequest, UpdateRouteRequest, test_routing_request::About,
        test_routing_response::Outcome,
    },
};
use prost_types::FieldMask;

const ROUTES: &str = "routes";

impl Alerts {
    /// One route, by id or name.
    ///
    /// # Errors
    /// NOT_FOUND, and what any call may fail with.
    pub async fn route(&self, route: &str) -> Result<Route, Error> {
        let name = self.0.full_name(ROUTES, route).await?;
        let answer = self
            .0
            .call(Retry::Safe, GetRouteRequest { name }, |request| {
                let mut client = self.0.raw_alerts();
                async move { client.get_route(request).await }
            })
            .await?;
        answer.route.ok_or(Error::Incomplete("route"))
    }

    /// The tenant's routes, in the order they are tried in.
    pub fn routes(&self) -> Listing<ListRoutesRequest> {
        let parent = self.0.tenant.parent();
        Listing::new(&self.0, ListRoutesRequest { parent, ..<_>::default() })
    }

    /// Adds a route; with an empty id the server chooses one. From the first route on the
    /// default one is no longer taken.
    pub fn create_route(&self, id: impl Into<String>, route: Route) -> Change<CreateRouteRequest> {
        let request = CreateRouteRequest {
            parent: self.0.tenant.parent(),
            route_id: id.into(),
            route: Some(route),
            ..<_>::default()
        };
        Change::new(&self.0, request)
    }

    /// Changes the route called `route.name` (or id) where it is set, or, with a
    /// [`mask`](Change::mask), there. Its etag, when set, must be current.
    pub fn update_route(&self, route: Route) -> Change<UpdateRouteRequest> {
        let route = Some(route);
        Change::new(&self.0, UpdateRouteRequest { route, ..<_>::default() })
    }

    /// Takes a route away.
    pub fn delete_route(&self, route: impl Into<String>) -> Change<DeleteRouteRequest> {
        Change::new(&self.0, DeleteRouteRequest { name: route.into(), ..<_>::default() })
    }

    /// Who would be told of an alert, by id or name, or of one that could be, and what would
    /// hold it back: the routes it takes, in their order. Changes nothing.
    ///
    /// # Errors
    /// NOT_FOUND, INVALID_ARGUMENT for a sample without a level, and what any call may fail
    /// with.
    pub async fn test_routing(&self, about: About) -> Result<Vec<Outcome>, Error> {
        let about = match about {
            About::Alert(alert) => About::Alert(self.0.full_name(ALERTS, &alert).await?),
            sample @ About::Sample(_) => sample,
        };
        let (parent, about) = (self.0.tenant.parent(), Some(about));
        let answer = self
            .0
            .call(Retry::Safe, TestRoutingRequest { parent, about }, |request| {
                let mut client = self.0.raw_alerts();
                async move { client.test_routing(request).await }
            })
            .await?;
        Ok(answer.routes)
    }
}

kept!(
    Route in ROUTES, route of routes;
    create_route(CreateRouteRequest), update_route(UpdateRouteRequest),
    delete_route(DeleteRouteRequest), list_routes(ListRoutesRequest)
);
