//! Many sanctions: held, let out, dropped, undone.

use super::{done, expect, json, offend, records, refused, run, server};
use umpire_proto::v1::{BatchCheckSubjectsRequest, SanctionState};
use umpire_testkit::{
    Clients, check, eventually, said_by, sanction_in, sanctions, so_many_sanctions, subject,
};

#[tokio::test]
async fn the_switch_is_set_and_shown() {
    let server = server().await;
    let clients = server.clients();
    let shown = done(&server, "safety budget 2 --reason event").await;
    assert_eq!(shown, "safety switch ON: 0 of 2 this minute, 0 held\n");
    let shown = done(&server, "safety hold --reason 'a look'").await;
    assert_eq!(shown, "safety switch HOLD: 0 of 2 this minute, 0 held\n");
    let shown = json(&done(&server, "safety show -o json").await);
    assert_eq!(shown["state"], "SAFETY_STATE_HOLD");
    assert_eq!(shown["reason"], "a look");
    let shown = done(&server, "safety on --probe 1 --reason calm").await;
    assert_eq!(shown, "safety switch ON, 1 to go before HOLD: 0 of 2 this minute, 0 held\n");
    let table = records(&done(&server, "safety show -o csv").await);
    assert_eq!(table[1][..8], ["ON", "0", "2", "0", "1", "", "local", "calm"]);
    let shown = done(&server, "safety show").await;
    assert!(shown.starts_with("name: tenants/default/safetySwitch\n"), "{shown}");
    let off = records(&done(&server, "safety off --reason maintenance -o csv").await);
    assert_eq!(off[1][0], "OFF");
    refused(&server, "safety hold", "--reason").await;
    refused(&server, "safety budget 0 --reason x", "budget_per_minute: must be 1 to").await;

    // What is done while it is off is recorded and not carried out.
    check(&clients, said_by("p-1", "worse")).await.unwrap();
    so_many_sanctions(&clients, "suppressed = true", 1).await;
    let listed = records(&done(&server, "sanctions list -o csv").await);
    assert_eq!(listed[1][1..4], ["MUTE", "SUPPRESSED", "p-1"]);
    let listed = json(&done(&server, "sanctions list --user p-1 -o json").await);
    assert_eq!(listed[0]["suppressedBy"], "tenants/default/safetySwitch");
}

#[tokio::test]
async fn what_is_held_is_shown_and_decided() {
    let server = server().await;
    let clients = server.clients();
    let nothing = run(&server, "sanctions drain drop --dry-run").await;
    let told = "0 sanctions, 0 of subjects that have paid\n";
    assert_eq!((nothing.code, nothing.out.as_str()), (0, told));
    assert!(nothing.err.contains("nothing is held"), "{}", nothing.err);
    done(&server, "safety hold --reason 'a look'").await;
    let mut names = Vec::new();
    for user in ["p-1", "p-2", "p-3"] {
        names.push(offend(&clients, user).await);
    }
    so_many_sanctions(&clients, "state = HELD", 3).await;
    assert_eq!(records(&done(&server, "safety show -o csv").await)[1][3], "3");

    let sample = "sanctions drain sample --size 1 --reason 'a try'";
    let shown = done(&server, &format!("{sample} --dry-run")).await;
    assert!(shown.starts_with("1 sanction, 0 of subjects that have paid\n"), "{shown}");
    assert!(shown.contains("  HELD   p-1  "), "the oldest: {shown}");
    refused(&server, sample, "let out 1 sanction: say so with --yes").await;
    assert_eq!(sanctions(&clients, "state = HELD").await.len(), 3, "nothing was decided");
    let shown = done(&server, &format!("{sample} --yes")).await;
    assert!(shown.ends_with("\nlet out 1 sanction\n"), "{shown}");
    sanction_in(&clients, &names[0], SanctionState::Done).await;

    let apply = "sanctions drain apply --user p-2 --reason deserved -o json";
    let asked = run(&server, apply).await;
    assert_eq!((asked.code, asked.out.as_str()), (2, ""), "one answer: the last");
    let drained = json(&done(&server, &format!("{apply} --yes")).await);
    assert_eq!(drained["count"], "1");
    assert_eq!(drained["sample"][0]["subject"]["userId"], "p-2");
    sanction_in(&clients, &names[1], SanctionState::Done).await;

    let mistaken = "sanctions drain drop --rule fraud";
    let planned = done(&server, &format!("{mistaken} --dry-run -o csv")).await;
    assert_eq!(records(&planned), [["count", "payers"], ["1", "0"]]);
    let shown = done(&server, &format!("{mistaken} --reason mistake --yes")).await;
    assert!(shown.ends_with("\ndropped 1 sanction\n"), "{shown}");
    sanction_in(&clients, &names[2], SanctionState::Lifted).await;
    refused(&server, mistaken, "--reason").await;
    refused(&server, "sanctions drain sample --reason x", "--size").await;
    refused(&server, "sanctions drain apply --size 1 --reason x", "SAMPLE only").await;
    refused(&server, &format!("{mistaken} --dry-run --filter 'a = b'"), "unknown field `a`").await;
}

/// Waits until so many of the users are restricted: the memory may be a moment behind.
async fn so_many_restricted(clients: &Clients, users: &[String], count: usize) {
    let subjects: Vec<_> = users.iter().map(|user| subject(user)).collect();
    eventually(&format!("{count} of {users:?} are restricted"), async || {
        let request = BatchCheckSubjectsRequest { subjects: subjects.clone(), ..<_>::default() };
        let answer = clients.sanctions.clone().batch_check_subjects(request).await.unwrap();
        let results = answer.into_inner().results;
        let restricted = results.iter().filter(|result| !result.restrictions.is_empty()).count();
        (restricted == count).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_wave_is_shown_and_undone_and_its_subjects_are_free() {
    let server = server().await;
    let clients = server.clients();
    offend(&clients, "before").await;
    server.clock.advance_seconds(600);
    let users: Vec<_> = (0..12).map(|number| format!("p-{number}")).collect();
    for (number, user) in users.iter().enumerate() {
        let mut said = said_by(user, "worse");
        // Every third has paid.
        said.sender.as_mut().unwrap().total_recharge = (number % 3 == 0).then_some(100);
        check(&clients, said).await.unwrap();
    }
    so_many_sanctions(&clients, "state = DONE", 13).await;
    so_many_restricted(&clients, &users, 12).await;
    expect(&server, 1, "sanctions check p-1").await;

    let wave = "sanctions undo-wave --rule fraud --since 2026-11-22T03:05:00Z --reason 'bad list'";
    let shown = done(&server, &format!("{wave} --dry-run")).await;
    assert!(
        shown.starts_with("12 sanctions, 4 of subjects that have paid\nSTART_TIME "),
        "{shown}"
    );
    assert!(shown.ends_with("\n… and 2 more sanctions\n"), "{shown}");
    let planned = json(&done(&server, &format!("{wave} --dry-run -o json")).await);
    let sample = planned["sample"].as_array().map(Vec::len);
    assert_eq!((planned["count"].as_str(), sample), (Some("12"), Some(10)));
    refused(&server, wave, "lift 12 sanctions: say so with --yes").await;
    let asked = run(&server, &format!("{wave} -o csv")).await;
    assert_eq!((asked.code, asked.out.as_str()), (2, ""), "one answer: the last");
    assert!(sanctions(&clients, "state = LIFTED").await.is_empty(), "it was only shown");

    let one = done(&server, &format!("{wave} --user p-3 --yes -o csv")).await;
    assert_eq!(records(&one), [["count", "payers"], ["1", "1"]]);
    let shown = done(&server, &format!("{wave} --grace 1d --yes")).await;
    assert!(shown.starts_with("11 sanctions, 3 of subjects that have paid\n"), "{shown}");
    assert!(shown.ends_with("\nlifted 11 sanctions\n"), "{shown}");
    so_many_restricted(&clients, &users, 0).await;
    assert_eq!(done(&server, "sanctions check p-1").await, "");
    so_many_restricted(&clients, &["before".to_owned()], 1).await;
    let lifted = sanctions(&clients, "state = LIFTED").await;
    let causes = lifted.iter().map(|one| &one.history.last().unwrap().cause);
    assert_eq!(causes.filter(|cause| cause.contains("bad list")).count(), 12);
    let graced = check(&clients, said_by("p-1", "worse")).await.unwrap();
    assert!(graced.sanctions.is_empty() && graced.strikes.is_empty(), "{graced:?}");

    let over = run(&server, &format!("{wave} --yes")).await;
    assert!(over.code == 0 && over.err.contains("there is nothing to lift"), "{}", over.err);
    refused(&server, "sanctions undo-wave --reason x", "--filter").await;
    refused(&server, "sanctions undo-wave --rule fraud --yes", "--reason").await;
    refused(&server, "sanctions undo-wave --filter 'a = b' --reason x", "unknown field `a`").await;
}
