#!/usr/bin/env python3
"""Shows that Umpire keeps its contract to a client that has only gRPC server reflection.

There is no generated code and no .proto file here: services, methods and
messages are what the running server says they are. The program starts a server
over a temporary data folder, keeps rules, checks messages in the three ways
there are, repeats checks, pages through the audit log while it grows, kills the
server in the middle of a stream, and looks for everything it had promised.

    shown.py --umpire target/debug/umpire
"""

import argparse
import concurrent.futures
import itertools
import os
import signal
import sys
import tempfile
import threading

import grpc

from client import (
    ADMIN, AUDIT, HEALTH, MODERATION, RULES, TENANT, Run, enum_name, enum_names, pages,
)
from expected import CASES, MASKED, RULE_SET


def rule_name(rule):
    return f"{TENANT}/rules/{rule}"


def same(actual, expected, what):
    assert actual == expected, f"{what}: {actual!r}, expected {expected!r}"


def refused(run, code, reason, method, **request):
    """The call fails with this status and says so in its ErrorInfo."""
    actual, info = run.client.refusal(method, **request)
    same((actual, info.reason, info.domain), (code, reason, "umpire"), method)


def discovery(run):
    """Services are discovered and say that they serve."""
    services = run.client.services()
    expected = {HEALTH, MODERATION, RULES, AUDIT, ADMIN}
    assert expected <= services, f"not discovered: {expected - services}"
    for service in ["", MODERATION, RULES, AUDIT, ADMIN]:
        answer = run.client.call(f"{HEALTH}/Check", service=service)
        same(enum_name(answer, "status"), "SERVING", f"health of {service or 'the server'}")
    return f"{len(services)} services"


def rules_are_kept(run):
    """Rules are created, listed and changed; each change is a revision."""
    for number, (rule, fields) in enumerate(RULE_SET.items(), start=1):
        created = run.client.call(f"{RULES}/CreateRule", rule_id=rule, rule=fields).rule
        same((created.name, created.revision), (rule_name(rule), number), "created rule")
        same(list(created.labels), fields["labels"], f"labels of {rule}")
        same(enum_name(created, "level"), fields["level"], f"level of {rule}")
        same(run.client.call(f"{RULES}/GetRule", name=created.name).rule, created, f"got {rule}")
        run.rules[rule] = created
    etags = {rule.etag for rule in run.rules.values()}
    assert "" not in etags and len(etags) == len(RULE_SET), f"etags are missing or equal: {etags}"
    broken = {"rule_id": "broken", "rule": {"text": {"regex": "("}}}
    refused(run, grpc.StatusCode.INVALID_ARGUMENT, "INVALID_REGEX", f"{RULES}/CreateRule", **broken)
    refused(run, grpc.StatusCode.ALREADY_EXISTS, "ALREADY_EXISTS", f"{RULES}/CreateRule",
            rule_id="gold", rule=RULE_SET["gold"])
    rules_are_listed(run)
    a_rule_is_changed(run)
    return f"{len(RULE_SET)} rules"


def rules_are_listed(run):
    ids = sorted(RULE_SET)
    filters = {
        "": ids,
        "level >= P1": ["cheat", "insult", "phone"],
        'label = "contact"': ["advert", "phone"],
        'word = "外挂"': ["cheat"],
        "action = MASK": ["insult"],
        "priority >= 3 AND NOT risk_class = SENSITIVE": ["gold"],
    }
    for text, expected in filters.items():
        found = pages(run.client, f"{RULES}/ListRules", "rules", 2, filter=text)
        same([rule.name for rule in found], [rule_name(rule) for rule in expected], text or "all")
    newest = pages(run.client, f"{RULES}/ListRevisions", "revisions", 2)
    numbers = list(range(len(RULE_SET), 0, -1))
    same([revision.number for revision in newest], numbers, "revisions, newest first")


def a_rule_is_changed(run):
    before = run.rules["gold"]
    change = {"name": before.name, "etag": before.etag, "display_name": "Gold", "level": "LEVEL_P0"}
    method, mask = f"{RULES}/UpdateRule", {"paths": ["display_name"]}
    after = run.client.call(method, rule=change, update_mask=mask).rule
    same(after.display_name, "Gold", "display name in the mask")
    same(after.level, before.level, "level, which is not in the mask")
    same(after.revision, len(RULE_SET) + 1, "revision of the change")
    assert after.etag != before.etag, "the etag must change with the rule"
    refused(run, grpc.StatusCode.ABORTED, "ETAG_MISMATCH", method, rule=change, update_mask=mask)
    same(run.client.call(f"{RULES}/GetRule", name=before.name).rule, after, "rule after a refusal")
    run.rules["gold"] = after


def three_ways_agree(run):
    """CheckMessage, BatchCheckMessages and StreamMessages give the same verdicts."""
    messages = [message for message, _ in CASES]
    ways = zip([run.check(message) for message in messages], run.batch(messages),
               run.stream(messages), strict=True)
    for (message, expected), verdicts in zip(CASES, ways, strict=True):
        for verdict in verdicts:
            verdict_is_right(run, message, expected, verdict)
        contents = [without(verdict, "audit_record", "elapsed") for verdict in verdicts]
        assert contents[0] == contents[1] == contents[2], f"verdicts differ: {contents}"
        names = {verdict.audit_record for verdict in verdicts}
        same(len(names), 3 if expected else 1, "records of three checks")
    return f"{len(CASES)} texts"


def verdict_is_right(run, message, expected, verdict):
    text = message["text"]
    found = [
        (match.rule, match.word, match.field, cut_out(message, match), folded(match))
        for match in verdict.matches
    ]
    wanted = [(rule_name(rule), *rest) for rule, *rest in expected]
    same(found, wanted, f"matches in {text}")
    rules = [RULE_SET[rule] for rule, *_ in expected]
    labels = list(dict.fromkeys(label for rule in rules for label in rule["labels"]))
    same(list(verdict.labels), labels, f"labels of {text}")
    level = min((rule["level"] for rule in rules), default="LEVEL_UNSPECIFIED")
    same(enum_name(verdict, "level"), level, f"level of {text}")
    same(enum_name(verdict, "decision"), decision_of(rules), f"decision on {text}")
    same(verdict.masked_text, MASKED.get(text, ""), f"masked text of {text}")
    same(verdict.revision, len(RULE_SET) + 1, "revision that judged")
    state = "AUDIT_STATE_RECORDED" if expected else "AUDIT_STATE_SKIPPED"
    same(enum_name(verdict, "audit_state"), state, f"audit state of {text}")
    if expected:
        record_is_of(verdict, run.record(verdict.audit_record))


def decision_of(rules):
    kinds = {action["kind"] for rule in rules for action in rule.get("actions", [])}
    if "ACTION_KIND_INTERCEPT" in kinds:
        return "DECISION_BLOCK"
    return "DECISION_REVIEW" if "ACTION_KIND_REVIEW" in kinds else "DECISION_PASS"


def cut_out(message, match):
    """The pieces a match's spans cut out of the original text, the same in both units."""
    text = message["text"]
    if match.field == "attachments/0/title":
        text = message["attachments"][0]["link"]["title"]
    utf8, utf16 = text.encode("utf-8"), text.encode("utf-16-le")
    by_bytes = [utf8[span.byte_start:span.byte_end].decode("utf-8") for span in match.spans]
    by_units = [
        utf16[2 * span.utf16_start:2 * span.utf16_end].decode("utf-16-le") for span in match.spans
    ]
    same(by_units, by_bytes, f"UTF-16 units against bytes in {text}")
    return by_bytes


def folded(match):
    names = enum_names(match, "transformations")
    return [name.removeprefix("TRANSFORMATION_") for name in names]


def record_is_of(verdict, record):
    """A record says what its verdict said."""
    for field in ["decision", "level", "risk_class", "labels", "matches", "revision"]:
        same(getattr(record, field), getattr(verdict, field), f"{field} of {record.name}")


def without(message, *fields):
    copy = type(message)()
    copy.CopyFrom(message)
    for field in fields:
        copy.ClearField(field)
    return copy


def repeats_and_exceptions(run):
    """A repeated message gets its verdict again; some messages pass unchecked."""
    message = chat("replay-1", "出售外挂")
    first = run.check(message)
    assert not first.replayed, "the first check cannot be a replay"
    for again in [run.check(message), *run.batch([message, message]), *run.stream([message])]:
        assert again.replayed, f"a repeated check must be a replay: {again}"
        same(without(again, "elapsed", "replayed"), without(first, "elapsed"), "replayed verdict")
    other = chat("replay-1", "出售外挂便宜")
    refused(run, grpc.StatusCode.ALREADY_EXISTS, "MESSAGE_ID_REUSED", f"{MODERATION}/CheckMessage",
            message=other)
    bad_one_of_a_batch(run, other)
    dry = run.check(chat("dry-1", "出售外挂"), mode="CHECK_MODE_DRY_RUN")
    same(enum_name(dry, "decision"), "DECISION_BLOCK", "decision of a dry run")
    unrecorded(run, "dry-1", dry)
    own = run.check({**chat("own-1", "出售外挂"), "from_self": True})
    passed_unchecked(own, "UNCHECKED_REASON_FROM_SELF")
    unrecorded(run, "own-1", own)
    out_of_scope(run)
    return "replay, reuse, dry run, own and unwatched messages"


def chat(message_id, text, number=0):
    """A message whose sender, conversation and scene follow from a number."""
    return {
        "message_id": message_id,
        "scene": ["world-chat", "guild-chat", "nickname"][number % 3],
        "conversation": {"id": f"room-{number % 4}", "kind": "CONVERSATION_KIND_GROUP"},
        "sender": {"user_id": f"user-{number % 7}"},
        "text": text,
    }


def bad_one_of_a_batch(run, bad):
    """A refused message gets its own status and harms no other."""
    good = chat("replay-2", "gg")
    method = f"{MODERATION}/BatchCheckMessages"
    refusal, answer = run.client.call(method, messages=[bad, good]).results
    same(refusal.WhichOneof("result"), "status", "result of a reused id in a batch")
    same(refusal.status.code, grpc.StatusCode.ALREADY_EXISTS.value[0], "code in a batch")
    info = run.client.error_info(refusal.status)
    same(info.reason, "MESSAGE_ID_REUSED", "reason in a batch")
    verdict = run.keep(answer.verdict)
    same(enum_name(verdict, "audit_state"), "AUDIT_STATE_RECORDED", "audit state beside it")


def unrecorded(run, message_id, verdict):
    same(enum_name(verdict, "audit_state"), "AUDIT_STATE_SKIPPED", f"audit state of {message_id}")
    same(verdict.audit_record, "", f"record of {message_id}")
    found = run.records(filter=f'message_id = "{message_id}"')
    same(len(found), 0, f"records of {message_id}")


def passed_unchecked(verdict, reason):
    same(enum_name(verdict, "decision"), "DECISION_PASS", "decision on what is not checked")
    same(enum_name(verdict, "reason"), reason, "reason of passing")
    same(len(verdict.matches), 0, "matches of what is not checked")


def out_of_scope(run):
    set_scope(run, ["room-1"])
    outside = run.check(chat("scope-1", "出售外挂", 2))
    passed_unchecked(outside, "UNCHECKED_REASON_OUT_OF_SCOPE")
    unrecorded(run, "scope-1", outside)
    inside = run.check(chat("scope-2", "出售外挂", 1))
    same(enum_name(inside, "decision"), "DECISION_BLOCK", "decision inside the scope")
    set_scope(run, [])
    again = run.check(chat("scope-1", "出售外挂", 2))
    same(enum_name(again, "decision"), "DECISION_BLOCK", "decision once all is watched again")


def set_scope(run, conversations):
    tenant = {"name": TENANT, "settings": {"conversation_scope": conversations}}
    mask = {"paths": ["settings.conversation_scope"]}
    updated = run.client.call(f"{ADMIN}/UpdateTenant", tenant=tenant, update_mask=mask).tenant
    same(list(updated.settings.conversation_scope), conversations, "scope of the tenant")


def the_log_is_paged(run):
    """Pages of the audit log have no duplicates and no gaps while records are added."""
    for start in range(0, 300, 100):
        run.batch([varied(f"page-{n}", n) for n in range(start, start + 100)])
    known = {record.name: record for record in run.records()}
    same(set(known), run.promised, "records in the log")
    stop = threading.Event()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        adding = pool.submit(add_records, run, stop)
        try:
            for text, holds in filters_of(known):
                page_through(run, known, text, holds)
        finally:
            stop.set()
        added = adding.result()
    assert added > 0, "nothing was added meanwhile"
    a_token_is_bound(run)
    return f"{len(known)} records, {added} added meanwhile"


def varied(message_id, number):
    texts = ["出售外挂", "加微信", "gg", "gold!", "你是笨蛋", "13812345678", "便宜外挂只要500元"]
    return chat(message_id, texts[number % 5 + number % 3], number)


def add_records(run, stop):
    numbers = itertools.takewhile(lambda _: not stop.is_set(), itertools.count())
    return sum(len(run.batch([varied(f"late-{number}", number)])) for number in numbers)


def filters_of(known):
    """Filters, each with the same question asked of a record here."""
    records = sorted(known.values(), key=time_of)
    early, late = records[len(records) // 4], records[-1]
    since, until = (record.receive_time.ToJsonString() for record in (early, late))
    gold = rule_name("gold")

    return [
        ("", lambda r: True),
        ('scene = "guild-chat"', lambda r: r.scene == "guild-chat"),
        ('sender.user_id = "user-3"', lambda r: r.sender.user_id == "user-3"),
        ('conversation.id = "room-2"', lambda r: r.conversation.id == "room-2"),
        ("level >= P1", lambda r: enum_name(r, "level") in ("LEVEL_P0", "LEVEL_P1")),
        ("level = P2", lambda r: enum_name(r, "level") == "LEVEL_P2"),
        ('label = "广告"', lambda r: "广告" in r.labels),
        ("rule = gold", lambda r: gold in [match.rule for match in r.matches]),
        (f'rule = "{gold}"', lambda r: gold in [match.rule for match in r.matches]),
        ("decision = BLOCK", lambda r: enum_name(r, "decision") == "DECISION_BLOCK"),
        (f'receive_time >= "{since}" AND receive_time <= "{until}"',
         lambda r: time_of(early) <= time_of(r) <= time_of(late)),
        ('text:"外挂"', lambda r: "外挂" in r.content),
        ('scene = nickname AND (decision = BLOCK OR label = "abuse")', lambda r: (
            r.scene == "nickname"
            and (enum_name(r, "decision") == "DECISION_BLOCK" or "abuse" in r.labels))),
    ]


def time_of(record):
    return record.receive_time.ToNanoseconds()


def page_through(run, known, text, holds):
    expected = {name for name, record in known.items() if holds(record)}
    assert expected, f"the filter must find something here: {text}"
    for order in ["", "receive_time desc", "receive_time"]:
        what = f"by {order or 'default'}: {text}"
        found = run.records(size=20, filter=text, order_by=order)
        names = [record.name for record in found]
        same(len(set(names)), len(names), f"names without repeats, {what}")
        missing = expected - set(names)
        assert not missing, f"records of the start are missing, {what}: {missing}"
        times = [time_of(record) for record in found]
        descending = order != "receive_time"
        same(times, sorted(times, reverse=descending), f"times, {what}")
        assert all(map(holds, found)), f"a record that does not meet the filter: {text}"


def a_token_is_bound(run):
    method = f"{AUDIT}/ListAuditRecords"
    token = run.client.call(method, page_size=2).next_page_token
    refused(run, grpc.StatusCode.INVALID_ARGUMENT, "INVALID_PAGE_TOKEN", method,
            page_size=2, page_token=token, filter="decision = BLOCK")


def promises_survive_a_kill(run):
    """Every recorded verdict is found after SIGKILL, in an unbroken chain."""
    before = {record.name: record for record in run.records()}
    verdicts = stream_until_killed(run, 500)
    run.client.close()
    run.start()
    chain = sorted(run.records(), key=lambda record: record.sequence)
    after = {record.name: record for record in chain}
    assert run.promised <= set(after), f"lost: {run.promised - set(after)}"
    chain_is_unbroken(chain)
    for name, record in before.items():
        same(after[name], run.client.adopt(record), "record from before the kill")
    for number, verdict in verdicts.items():
        same(enum_name(verdict, "audit_state"), "AUDIT_STATE_RECORDED", "audit state in the stream")
        record = run.record(verdict.audit_record)
        same(record, after[record.name], "record as it is got and listed")
        same(record.message_id, f"kill-{number}", "message of the record")
        record_is_of(run.client.adopt(verdict), record)
    for rule in run.rules.values():
        found = run.client.call(f"{RULES}/GetRule", name=rule.name).rule
        same(found, run.client.adopt(rule), "rule after the kill")
    number, verdict = max(verdicts.items())
    again = run.check(chat(f"kill-{number}", "出售外挂", number))
    assert again.replayed, "a repeated check must be a replay after the kill too"
    same(again.audit_record, verdict.audit_record, "record of the repeat")
    return f"{len(verdicts)} verdicts before the kill, {len(chain)} records in the chain"


def stream_until_killed(run, answers):
    """The verdicts that arrived, by number; the server is killed after so many of them."""
    asked = ({"client_seq": n, "check": {"message": chat(f"kill-{n}", "出售外挂", n)}}
             for n in itertools.count())
    verdicts = {}
    try:
        for answer in run.client.stream(f"{MODERATION}/StreamMessages", asked):
            verdicts[answer.client_seq] = run.keep(answer.verdict)
            if len(verdicts) == answers:
                run.server.kill()
    except grpc.RpcError as error:
        same(error.code(), grpc.StatusCode.UNAVAILABLE, "end of the stream")
        return verdicts
    raise AssertionError("the stream must not end well")


def chain_is_unbroken(chain):
    same(len({record.writer for record in chain}), 1, "writers")
    same([record.sequence for record in chain], list(range(1, len(chain) + 1)), "sequences")
    previous = "0" * 64
    for record in chain:
        same(record.previous_hash, previous, f"hash before record {record.sequence}")
        assert len(record.hash) == 64 and record.hash != previous, f"hash: {record.hash}"
        previous = record.hash


def sigterm_ends_it(run):
    """SIGTERM ends the server with exit code 0."""
    run.client.close()
    same(run.server.terminate(), 0, "exit code")
    same(run.server.panics, [], "panics in the log")
    return "nothing panicked"


STEPS = [
    discovery,
    rules_are_kept,
    three_ways_agree,
    repeats_and_exceptions,
    the_log_is_paged,
    promises_survive_a_kill,
    sigterm_ends_it,
]


def show(binary):
    with tempfile.TemporaryDirectory(prefix="umpire-reflection-") as folder:
        run = Run(binary, folder)
        try:
            run.start()
            for number, step in enumerate(STEPS, start=1):
                print(f"{number}. {step.__doc__} ({step(run)})", flush=True)
        except BaseException:
            sys.stderr.writelines(run.server.log if run.server else [])
            raise
        finally:
            run.stop()
    print(f"reflection: {len(STEPS)} steps passed")


def main():
    # A request to end must not leave the server behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--umpire", default=os.environ.get("UMPIRE_BIN"), help="path of the server")
    binary = parser.parse_args().umpire
    if not binary:
        parser.error("say where the server is: --umpire or UMPIRE_BIN")
    show(binary)


if __name__ == "__main__":
    main()
