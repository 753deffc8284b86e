use super::METHODS;
use prometheus_client::{
    metrics::{
        counter::Counter,
        family::Family,
        histogram::{Histogram, exponential_buckets},
    },
    registry::Registry,
};
use std::{sync::Arc, time::Duration};
use tonic::Code;
use umpire_model::{CancelCause, Verdict};

/// Counters and latencies of gRPC calls. Handles of each method are looked up
/// once, at the start.
#[derive(Clone)]
pub struct Metrics {
    methods: Arc<[PerMethod]>,
    refused: Family<Refusal, Counter>,
    verdicts: Verdicts,
}

/// Counters of verdicts, by what was decided and what became of the record.
#[derive(Clone)]
pub struct Verdicts {
    decisions: [Counter; 3],
    states: [Counter; 3],
    failed_expressions: Counter,
}

impl Verdicts {
    fn new(registry: &mut Registry) -> Self {
        let decisions = Family::<Labels, Counter>::default();
        let states = Family::<Labels, Counter>::default();
        registry.register("umpire_verdicts", "Messages judged, by decision", decisions.clone());
        registry.register("umpire_records", "Messages judged, by audit state", states.clone());
        let failed_expressions = Counter::default();
        let help = "Expressions that asked for what a message does not have";
        registry.register("umpire_expression_failures", help, failed_expressions.clone());
        Self {
            decisions: ["PASS", "REVIEW", "BLOCK"]
                .map(|name| decisions.get_or_create_owned(&[("decision", name)])),
            states: ["RECORDED", "QUEUED", "SKIPPED"]
                .map(|name| states.get_or_create_owned(&[("state", name)])),
            failed_expressions,
        }
    }

    pub(crate) fn judged(&self, verdict: &Verdict) {
        self.decisions[verdict.decision as usize].inc();
        self.states[verdict.audit_state as usize].inc();
        let failed = verdict.cancelled.iter().filter(|it| it.cause == CancelCause::Failed);
        self.failed_expressions.inc_by(failed.count() as u64);
    }
}

#[derive(Clone)]
struct PerMethod {
    handled: Counter,
    errors: Family<Refusal, Counter>,
    seconds: Histogram,
}

type Labels = [(&'static str, &'static str); 1];
type Refusal = [(&'static str, String); 2];

impl Metrics {
    /// Registers everything.
    pub fn new(registry: &mut Registry) -> Self {
        let handled = Family::<Labels, Counter>::default();
        let errors = Family::<Refusal, Counter>::default();
        // 50 µs to 1.6 s.
        let new = || Histogram::new(exponential_buckets(0.000_05, 2.0, 16));
        let seconds = Family::<Labels, Histogram, fn() -> Histogram>::new_with_constructor(new);
        registry.register(
            "umpire_grpc_requests",
            "gRPC calls that reached a handler",
            handled.clone(),
        );
        let help = "gRPC calls that ended with an error, by code";
        registry.register("umpire_grpc_errors", help, errors.clone());
        let help = "Time to the response's headers, in seconds";
        registry.register("umpire_grpc_seconds", help, seconds.clone());
        let methods = METHODS.iter().map(|method| {
            let labels = [("method", method.path)];
            PerMethod {
                handled: handled.get_or_create_owned(&labels),
                errors: errors.clone(),
                seconds: seconds.get_or_create_owned(&labels),
            }
        });
        let verdicts = Verdicts::new(registry);
        Self { methods: methods.collect(), refused: errors, verdicts }
    }

    /// The counters of verdicts.
    #[must_use]
    pub fn verdicts(&self) -> Verdicts {
        self.verdicts.clone()
    }

    /// A call of method number `method` was answered after `time`; `code` is known
    /// when the answer was an error.
    pub(crate) fn answered(&self, method: usize, time: Duration, code: Option<Code>) {
        let per_method = &self.methods[method];
        per_method.handled.inc();
        per_method.seconds.observe(time.as_secs_f64());
        if let Some(code) = code {
            per_method.errors.get_or_create(&labels(METHODS[method].path, code)).inc();
        }
    }

    /// A call was refused before its handler.
    pub(crate) fn refused(&self, method: &'static str, code: Code) {
        self.refused.get_or_create(&labels(method, code)).inc();
    }
}

fn labels(method: &str, code: Code) -> Refusal {
    [("method", method.to_owned()), ("code", format!("{code:?}"))]
}
