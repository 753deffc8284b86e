#!/usr/bin/env python3
"""Shows that the real programs at the other end understand what Umpire sends them.

It starts Alertmanager, rsyslog, a Zabbix proxy and a mail server, each on a free
port over a temporary folder, and an Umpire beside them; makes a receiver for
each over gRPC, as server reflection describes it; sends a test notification to
each; and looks at what has arrived.

    install.sh
    peers.py --umpire target/debug/umpire

A peer that is not installed is left out, and said to be; with --require-all that
is a failure.
"""

import argparse
import json
import os
import pathlib
import signal
import sys
import tempfile
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "reflection"))

from client import TENANT, Client, Server  # noqa: E402
from mail import PASSWORD, USER, mail_server  # noqa: E402
from programs import (  # noqa: E402
    Missing, alertmanager, rsyslog, sqlite, syslog_messages, until, zabbix_proxy,
)

ALERTS = "umpire.v1.AlertService"


class Umpire:
    """A server that may call this machine, and a client of it."""

    def __init__(self, binary, folder):
        # `Server` hands on no setting of whoever runs this, so a program in between adds ours.
        started = folder / "umpire"
        started.write_text(
            "#!/bin/sh\n"
            "UMPIRE_OUTBOUND__ALLOW_PRIVATE=true\n"
            "export UMPIRE_OUTBOUND__ALLOW_PRIVATE\n"
            f'exec "{os.path.abspath(binary)}" "$@"\n'
        )
        started.chmod(0o755)
        self.server = Server(str(started), str(folder / "data"))
        self.client = Client(self.server.grpc)

    def stop(self):
        self.client.close()
        self.server.kill()

    def tell(self, receiver, level="LEVEL_P0", **channel):
        """Makes a receiver, sends it a test, and gives what that came to."""
        body = {"display_name": receiver, "language": "NOTICE_LANGUAGE_ZH_CN", **channel}
        self.client.call(
            f"{ALERTS}/CreateReceiver", parent=TENANT, receiver_id=receiver, receiver=body
        )
        name = f"{TENANT}/receivers/{receiver}"
        return self.client.call(f"{ALERTS}/SendTestNotification", name=name, level=level)


def delivered(sent, outcome="DELIVERED"):
    assert sent.delivered, f"not delivered: {sent}"
    assert sent.attempt.outcome == outcome, f"not {outcome}: {sent}"
    assert sent.title, f"no title: {sent}"


def one_line(text):
    """As peers that know only lines are told it."""
    return " | ".join(line.strip() for line in text.splitlines() if line.strip())


def alertmanager_shows_it(umpire, folder):
    """Alertmanager takes the alert, with its labels and words."""
    with alertmanager(folder) as port:
        url = f"http://127.0.0.1:{port}"
        sent = umpire.tell("alertmanager", alertmanager={"urls": [url]})
        delivered(sent)
        with urllib.request.urlopen(f"{url}/api/v2/alerts", timeout=10) as answer:
            alerts = json.load(answer)
    assert len(alerts) == 1, f"one alert is expected: {alerts}"
    alert = alerts[0]
    assert alert["labels"]["alertname"], f"a name: {alert}"
    assert alert["labels"]["severity"] == "critical", f"its severity: {alert}"
    assert alert["annotations"]["summary"] == sent.title, f"its title: {alert}"
    assert alert["status"]["state"] in ("active", "unprocessed"), f"it fires: {alert}"
    return alert["labels"]["alertname"]


def rsyslog_reads_it(umpire, folder):
    """rsyslog reads messages over TCP and UDP, structured data and CEF."""
    with rsyslog(folder) as (port, kept):
        syslog = {"host": "127.0.0.1", "port": port, "facility": 16}
        structured = umpire.tell("syslog", syslog={**syslog, "transport": "TRANSPORT_TCP"})
        delivered(structured)
        cef = umpire.tell(
            "siem", "LEVEL_P1",
            syslog={**syslog, "transport": "TRANSPORT_UDP", "format": "FORMAT_CEF"},
        )
        delivered(cef)
        until("two messages", lambda: len(syslog_messages(kept)) >= 2)
        messages = {message["msgid"]: message for message in syslog_messages(kept)}
    alert, event = messages["ALERT"], messages["CEF"]
    assert (alert["pri"], event["pri"]) == ("130", "131"), f"levels: {messages}"
    for message in (alert, event):
        assert message["protocol-version"] == "1", f"RFC 5424: {message}"
        assert message["app-name"] == "umpire", f"who wrote it: {message}"
    assert alert["structured-data"].startswith("[alert@32473 id=\""), f"facts: {alert}"
    assert ' level="P0" ' in alert["structured-data"], f"its level: {alert}"
    assert alert["msg"] == "\ufeff" + one_line(structured.body), f"its text: {alert}"
    assert event["msg"].startswith("CEF:0|Umpire|Umpire|"), f"CEF: {event}"
    assert "|8|rt=" in event["msg"] and " msg=" in event["msg"], f"CEF: {event}"
    return f"{len(messages)} messages"


def zabbix_takes_it(umpire, folder):
    """A Zabbix proxy takes the value; one for an unknown item it does not."""
    with zabbix_proxy(folder) as (port, database):
        zabbix = {"host": "127.0.0.1", "port": port, "item_host": "umpire"}
        sent = umpire.tell("zabbix", zabbix={**zabbix, "item_key": "umpire.alert"})
        delivered(sent)
        query = "select itemid, clock > 0, ns >= 0, value from proxy_history;"
        kept = until("a value", lambda: sqlite(database, query)).strip()
        unknown = umpire.tell("unknown-item", zabbix={**zabbix, "item_key": "umpire.unknown"})
    assert kept == f"1|1|1|{one_line(sent.body)}", f"the value: {kept!r}, of {sent}"
    assert not unknown.delivered, f"nobody knows the item: {unknown}"
    assert "failed: 1" in unknown.attempt.detail, f"Zabbix' words: {unknown}"
    return sent.attempt.detail


def the_mail_arrives(umpire, folder):
    """A mail server takes the mail, encrypted, for those it knows."""
    with mail_server(folder) as (port, certificate, keeping):
        sent = umpire.tell("mail", email={
            "host": "127.0.0.1", "port": port, "security": "SECURITY_START_TLS",
            "username": USER, "password": PASSWORD, "ca_certificate": certificate,
            "from": "值班 <umpire@example.com>",
            "to": ["a@example.com", "bad@example.com", "b@example.com"],
        })
    delivered(sent, "PARTIAL")
    assert PASSWORD not in str(sent), f"a secret is shown: {sent}"
    assert len(keeping.mails) == 1, f"one mail is expected: {keeping.mails}"
    recipients, mail, encrypted = keeping.mails[0]
    assert encrypted, "the connection is not encrypted"
    assert recipients == ["a@example.com", "b@example.com"], f"recipients: {recipients}"
    assert mail["subject"] == sent.title.strip(), f"subject: {mail['subject']!r}, of {sent}"
    assert str(mail["from"]) == "值班 <umpire@example.com>", f"sender: {mail['from']}"
    assert mail["x-alert-level"] == "P0" and mail["importance"] == "high", f"marks: {mail}"
    assert mail["message-id"] and mail["references"], f"ids: {mail}"
    kinds = [part.get_content_type() for part in mail.iter_parts()]
    assert kinds == ["text/plain", "text/html"], f"parts: {kinds}"
    assert all(part.get_content().strip() for part in mail.iter_parts()), f"empty: {mail}"
    return mail["subject"]


STEPS = [alertmanager_shows_it, rsyslog_reads_it, zabbix_takes_it, the_mail_arrives]


def show(umpire, folder, require_all):
    """Goes through all steps; gives the programs that are missing."""
    missing = []
    for number, step in enumerate(STEPS, start=1):
        own = folder / step.__name__
        own.mkdir()
        try:
            print(f"{number}. {step.__doc__} ({step(umpire, own)})", flush=True)
        except Missing as program:
            assert not require_all, f"{program} is not installed: see tests/peers/install.sh"
            print(f"{number}. left out: {program} is not installed", flush=True)
            missing.append(str(program))
    assert not umpire.server.panics, f"panics: {umpire.server.panics}"
    return missing


def main():
    # A request to end must not leave anything behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--umpire", default=os.environ.get("UMPIRE_BIN"), help="path of the server")
    parser.add_argument("--require-all", action="store_true", help="fail if a peer is missing")
    options = parser.parse_args()
    if not options.umpire:
        parser.error("say where the server is: --umpire or UMPIRE_BIN")
    with tempfile.TemporaryDirectory(prefix="umpire-peers-") as folder:
        folder = pathlib.Path(folder)
        # Peers that run as another user pass through it.
        folder.chmod(0o711)
        umpire = Umpire(options.umpire, folder)
        try:
            missing = show(umpire, folder, options.require_all)
        except BaseException:
            sys.stderr.writelines(umpire.server.log)
            raise
        finally:
            umpire.stop()
    print(f"peers: {len(STEPS) - len(missing)} of {len(STEPS)} understood what they were sent")


if __name__ == "__main__":
    main()
