use crate::context::Context;
use umpire_client::Presence;

/// Says on standard error when the server of a watch goes away and when it is back.
pub fn presence_noted(context: &Context) -> impl FnMut(Presence) + Send + use<> {
    let note = context.output.notes();
    move |presence| match presence {
        Presence::Away => note("waiting for the server"),
        Presence::Back => note("the server is back"),
    }
}
