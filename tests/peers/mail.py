"""A mail server: aiosmtpd with STARTTLS and AUTH, which refuses recipients by their names."""

import contextlib
import email
import email.policy
import logging
import ssl
import subprocess

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from programs import PATIENCE, free_port, path_of

USER, PASSWORD = "umpire", "peers-hunter2"

# It warns of what it does itself.
logging.getLogger("mail.log").setLevel(logging.ERROR)

# An end entity for this machine that is its own authority.
CERTIFICATE = """
[req]
distinguished_name = name
prompt = no
x509_extensions = extensions
[name]
CN = peers
[extensions]
basicConstraints = critical, CA:FALSE
subjectAltName = IP:127.0.0.1
"""


class Keeping:
    """Takes mail for everybody but `bad...`, and keeps it."""

    def __init__(self):
        self.mails = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("bad"):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append((envelope.rcpt_tos, message, bool(session.ssl)))
        return "250 2.0.0 kept"


def known(server, session, envelope, mechanism, login):
    given = (login.login.decode(), login.password.decode())
    return AuthResult(success=given == (USER, PASSWORD), handled=False)


@contextlib.contextmanager
def mail_server(folder):
    """Gives its port, its certificate as PEM, and what it keeps."""
    config, certificate, key = (folder / name for name in ["cert.conf", "cert.pem", "key.pem"])
    config.write_text(CERTIFICATE)
    subprocess.run(
        [path_of("openssl"), "req", "-x509", "-config", config, "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-keyout", key, "-out", certificate],
        check=True, capture_output=True, timeout=PATIENCE,
    )
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
    keeping = Keeping()
    server = Controller(
        keeping, hostname="127.0.0.1", port=free_port(), tls_context=tls, require_starttls=True,
        auth_required=True, authenticator=known, enable_SMTPUTF8=True,
    )
    server.start()
    try:
        yield server.port, certificate.read_text(), keeping
    finally:
        server.stop()
