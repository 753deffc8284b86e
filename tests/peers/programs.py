"""Programs of others, each in a folder of its own, on free ports of this machine."""

import contextlib
import gzip
import os
import pathlib
import pwd
import random
import shutil
import socket
import subprocess
import time

# Seconds after which anything that has not happened counts as failed.
PATIENCE = 30

# Servers are in /usr/sbin, which is not on everybody's path.
PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


class Missing(Exception):
    """A program is not installed."""


def path_of(program):
    found = shutil.which(program, path=PATH)
    if not found:
        raise Missing(program)
    return found


def free_port():
    """A port nobody uses, among those that Zabbix takes: 1024 to 32767."""
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as tried:
            with contextlib.suppress(OSError):
                tried.bind(("127.0.0.1", port))
                return port
    raise AssertionError("no port is free")


def until(what, done):
    """Waits until `done` gives something that counts, and gives that."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = done()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {PATIENCE} s")


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@contextlib.contextmanager
def running(command, folder, port, user=None):
    """A process, from when it listens until it is no longer needed."""
    log = folder / "output"
    owner = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    with open(log, "wb") as output:
        process = subprocess.Popen(
            [path_of(command[0]), *map(str, command[1:])],
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd=folder, **owner,
        )
    try:
        until(f"{command[0]} listens", lambda: process.poll() is not None or listens(port))
        said = log.read_text(errors="replace")
        assert process.poll() is None, f"{command[0]} ended with {process.returncode}:\n{said}"
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=PATIENCE)


@contextlib.contextmanager
def alertmanager(folder):
    """Prometheus' Alertmanager; gives its port."""
    port = free_port()
    config = folder / "am.yml"
    config.write_text("route: {receiver: nobody}\nreceivers: [{name: nobody}]\n")
    command = [
        "prometheus-alertmanager",
        f"--config.file={config}",
        f"--storage.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        # Without a cluster, which it would wait for.
        "--cluster.listen-address=",
    ]
    with running(command, folder, port):
        yield port


# What rsyslog understood of a message, one fact a line, then an empty line.
RSYSLOG_FACTS = [
    "pri", "protocol-version", "timereported:::date-rfc3339", "hostname", "app-name", "procid",
    "msgid", "structured-data", "msg",
]

RSYSLOG = """
module(load="imtcp")
module(load="imudp")
template(name="facts" type="string" string="{template}\\n")
ruleset(name="kept") {{ action(type="omfile" file="{kept}" template="facts") }}
input(type="imtcp" port="{port}" address="127.0.0.1" ruleset="kept")
input(type="imudp" port="{port}" address="127.0.0.1" ruleset="kept")
"""


@contextlib.contextmanager
def rsyslog(folder):
    """rsyslog for connections and datagrams; gives its port and the file it writes to."""
    port, kept = free_port(), folder / "kept"
    template = "".join(f"{fact.split(':')[0]}=%{fact}%\\n" for fact in RSYSLOG_FACTS)
    config = folder / "rs.conf"
    config.write_text(RSYSLOG.format(template=template, kept=kept, port=port))
    with running(["rsyslogd", "-n", "-f", config, "-i", folder / "pid"], folder, port):
        yield port, kept


def syslog_messages(kept):
    """Everything rsyslog has written so far, as dictionaries."""
    if not kept.exists():
        return []
    blocks = kept.read_text(encoding="utf-8").split("\n\n")
    return [dict(line.split("=", 1) for line in block.splitlines()) for block in blocks if block]


ZABBIX = """
ProxyMode=0
Server=127.0.0.1
ServerPort={server}
Hostname=peers
ListenIP=127.0.0.1
ListenPort={port}
DBName={folder}/proxy.db
LogFile={folder}/log
PidFile={folder}/pid
SocketDir={folder}
StartTrappers=1
"""

# A trapper item is known once it has a row of run-time data.
ZABBIX_ITEM = """
insert into hosts (hostid, host, name, status) values (1, 'umpire', 'umpire', 0);
insert into items (itemid, type, hostid, name, key_, value_type, status, trapper_hosts)
    values (1, 2, 1, 'alert', 'umpire.alert', 4, 0, '127.0.0.1');
insert into item_rtdata (itemid) values (1);
"""


@contextlib.contextmanager
def zabbix_proxy(folder):
    """A Zabbix proxy with the item `umpire.alert` of `umpire`; gives its port and database."""
    port, database = free_port(), folder / "proxy.db"
    config = folder / "proxy.conf"
    config.write_text(ZABBIX.format(folder=folder, port=port, server=free_port()))
    path_of("zabbix_proxy")
    schema = pathlib.Path("/usr/share/zabbix-proxy-sqlite3/schema.sql.gz")
    sqlite(database, gzip.decompress(schema.read_bytes()).decode() + ZABBIX_ITEM)
    # It refuses to be root.
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    if user:
        for path in [folder, *folder.iterdir()]:
            os.chown(path, user.pw_uid, user.pw_gid)
    with running(["zabbix_proxy", "-f", "-c", config], folder, port, user):
        yield port, database


def sqlite(database, commands):
    done = subprocess.run(
        # The proxy may be writing.
        [path_of("sqlite3"), "-bail", "-cmd", ".timeout 10000", database], input=commands,
        text=True, encoding="utf-8", capture_output=True, timeout=PATIENCE, check=False,
    )
    assert done.returncode == 0, f"sqlite3: {done.stderr}"
    return done.stdout
