use crate::{
    context::Context,
    failure::Failure,
    output::{Row, counted},
};
use umpire_client::v1::{
    DrainHeldSanctionsResponse, Sanction, batch_lift_sanctions_response::Result as Lifted,
};

/// What would be done to many sanctions.
pub trait Wave: Row {
    /// To how many.
    fn count(&self) -> i64;

    /// How many of them are of subjects that have paid.
    fn payers(&self) -> i64;

    /// Some of them.
    fn sample(&self) -> &[Sanction];
}

impl Wave for Lifted {
    fn count(&self) -> i64 {
        self.count
    }

    fn payers(&self) -> i64 {
        self.payers
    }

    fn sample(&self) -> &[Sanction] {
        &self.sample
    }
}

impl Wave for DrainHeldSanctionsResponse {
    fn count(&self) -> i64 {
        self.count
    }

    fn payers(&self) -> i64 {
        self.payers
    }

    fn sample(&self) -> &[Sanction] {
        &self.sample
    }
}

/// Shows how many there are, whom they hit, and some of them; as it came for programs.
pub fn show(wave: &impl Wave, context: &Context) -> Result<(), Failure> {
    let output = &context.output;
    if !output.is_table() {
        return output.one(wave);
    }
    output.line(&summary(wave))?;
    output.records(wave.sample())?;
    let shown = i64::try_from(wave.sample().len()).unwrap_or(i64::MAX);
    if wave.count() > shown {
        output.line(&format!("… and {}", counted(wave.count() - shown, "more sanction")))?;
    }
    Ok(())
}

fn summary(wave: &impl Wave) -> String {
    format!("{}, {} of subjects that have paid", counted(wave.count(), "sanction"), wave.payers())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payers_are_told() {
        let wave = Lifted { count: 53, payers: 4, ..Lifted::default() };
        assert_eq!(summary(&wave), "53 sanctions, 4 of subjects that have paid");
    }
}
