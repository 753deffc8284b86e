"""A gRPC client that learns everything from server reflection, and the server it talks to.

`Run` holds both of them, and what the server has promised so far.
"""

import collections
import os
import queue
import re
import signal
import subprocess
import threading

import grpc
from google.protobuf import descriptor_pool, message_factory
from google.rpc import error_details_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)

TENANT = "tenants/default"
MODERATION = "umpire.v1.ModerationService"
RULES = "umpire.v1.RuleService"
AUDIT = "umpire.v1.AuditService"
ADMIN = "umpire.v1.AdminService"
HEALTH = "grpc.health.v1.Health"

# Seconds after which anything that has not happened counts as failed.
PATIENCE = 30


class Client:
    """Calls methods by their full names; requests are plain dictionaries."""

    def __init__(self, address):
        self.channel = grpc.insecure_channel(address, options=[("grpc.enable_http_proxy", 0)])
        grpc.channel_ready_future(self.channel).result(timeout=PATIENCE)
        self.database = ProtoReflectionDescriptorDatabase(self.channel)
        self.pool = descriptor_pool.DescriptorPool(self.database)

    def close(self):
        self.channel.close()

    def services(self):
        return set(self.database.get_services())

    def message_class(self, name):
        return message_factory.GetMessageClass(self.pool.FindMessageTypeByName(name))

    def adopt(self, message):
        """A message of another client, in the types of this one, so that they compare."""
        return self.message_class(message.DESCRIPTOR.full_name).FromString(
            message.SerializeToString()
        )

    def call(self, method, **request):
        """Calls a unary method such as `umpire.v1.RuleService/GetRule`."""
        asked, answered = self._types(method)
        remote = self.channel.unary_unary(
            f"/{method}",
            request_serializer=asked.SerializeToString,
            response_deserializer=answered.FromString,
        )
        return remote(asked(**request), timeout=PATIENCE, wait_for_ready=True)

    def stream(self, method, requests):
        """Sends requests, dictionaries again, and gives the iterator over the answers."""
        asked, answered = self._types(method)
        remote = self.channel.stream_stream(
            f"/{method}",
            request_serializer=asked.SerializeToString,
            response_deserializer=answered.FromString,
        )
        return remote((asked(**request) for request in requests), timeout=PATIENCE)

    def _types(self, method):
        service, name = method.split("/")
        found = self.pool.FindServiceByName(service).methods_by_name[name]
        return tuple(
            message_factory.GetMessageClass(kind) for kind in (found.input_type, found.output_type)
        )

    def refusal(self, method, **request):
        """The status code and the ErrorInfo of a call that must fail."""
        try:
            self.call(method, **request)
        except grpc.RpcError as error:
            return error.code(), self.error_info(self._status(error))
        raise AssertionError(f"{method} must be refused: {request}")

    def _status(self, error):
        details = [value for key, value in error.trailing_metadata() or ()
                   if key == "grpc-status-details-bin"]
        assert len(details) == 1, f"{error.code()}: {error.details()}: no google.rpc.Status"
        return self.message_class("google.rpc.Status").FromString(details[0])

    @staticmethod
    def error_info(status):
        """The google.rpc.ErrorInfo in a google.rpc.Status."""
        info = error_details_pb2.ErrorInfo()
        found = [detail for detail in status.details if detail.Unpack(info)]
        assert len(found) == 1, f"one ErrorInfo is expected: {status}"
        return info


def enum_name(message, field):
    """The name of the value that an enum field holds."""
    return _names(message, field)[getattr(message, field)].name


def enum_names(message, field):
    """The names of the values that a repeated enum field holds."""
    return [_names(message, field)[number].name for number in getattr(message, field)]


def _names(message, field):
    return message.DESCRIPTOR.fields_by_name[field].enum_type.values_by_number


class Server:
    """A server process over a data folder, on free ports."""

    SERVING = re.compile(r"grpc=(127\.0\.0\.1:\d+) http=(127\.0\.0\.1:\d+)")

    def __init__(self, binary, folder):
        command = [binary, "serve", "--data-dir", folder]
        command += ["--grpc", "127.0.0.1:0", "--http", "127.0.0.1:0"]
        # Settings of whoever runs this must not reach the server.
        environment = {k: v for k, v in os.environ.items() if not k.startswith("UMPIRE_")}
        self.log = collections.deque(maxlen=50)
        self.panics = []
        self._addresses = queue.Queue()
        self.process = subprocess.Popen(
            command, env=environment, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        try:
            self.grpc = self._address()
        except AssertionError:
            self.kill()
            raise

    def _read_log(self):
        for line in self.process.stderr:
            self.log.append(line)
            if "panicked" in line:
                self.panics.append(line)
            serving = self.SERVING.search(line)
            if serving:
                self._addresses.put(serving.group(1))
        self._addresses.put(None)

    def _address(self):
        try:
            address = self._addresses.get(timeout=PATIENCE)
        except queue.Empty:
            address = None
        assert address, f"the server does not serve:\n{''.join(self.log)}"
        return address

    def kill(self):
        """Ends the process without a chance to finish anything."""
        self.process.send_signal(signal.SIGKILL)
        self._ended()

    def terminate(self):
        """Asks the process to end, and gives its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self._ended()

    def _ended(self):
        code = self.process.wait(timeout=PATIENCE)
        self._reader.join(timeout=PATIENCE)
        return code


class Run:
    """What the steps share: the server, a client of it, and what was promised."""

    def __init__(self, binary, folder):
        self.binary = binary
        self.folder = folder
        self.rules = {}
        # Names of all records that a verdict called RECORDED.
        self.promised = set()
        self.server = None
        self.client = None

    def start(self):
        self.server = Server(self.binary, self.folder)
        self.client = Client(self.server.grpc)

    def stop(self):
        if self.client:
            self.client.close()
        if self.server:
            self.server.kill()

    def check(self, message, **request):
        method = f"{MODERATION}/CheckMessage"
        return self.keep(self.client.call(method, message=message, **request).verdict)

    def batch(self, messages):
        answer = self.client.call(f"{MODERATION}/BatchCheckMessages", messages=messages)
        return [self.keep(result.verdict) for result in answer.results]

    def stream(self, messages):
        asked = [{"client_seq": n, "check": {"message": m}} for n, m in enumerate(messages)]
        answers = list(self.client.stream(f"{MODERATION}/StreamMessages", asked))
        numbers = [answer.client_seq for answer in answers]
        assert numbers == list(range(len(asked))), f"answers are missing or out of order: {numbers}"
        return [self.keep(answer.verdict) for answer in answers]

    def keep(self, verdict):
        """Remembers the record of a verdict."""
        if enum_name(verdict, "audit_state") == "AUDIT_STATE_RECORDED":
            assert verdict.audit_record, f"a record without a name: {verdict}"
            self.promised.add(verdict.audit_record)
        return verdict

    def record(self, name):
        return self.client.call(f"{AUDIT}/GetAuditRecord", name=name).audit_record

    def records(self, size=1000, **query):
        return pages(self.client, f"{AUDIT}/ListAuditRecords", "audit_records", size, **query)


def pages(client, method, field, size, **query):
    """Everything a list method gives, page by page."""
    found, token = [], ""
    for _ in range(10_000):
        page = client.call(method, page_size=size, page_token=token, **query)
        items, token = getattr(page, field), page.next_page_token
        assert len(items) <= size, f"{method}: {len(items)} entries in a page of {size}"
        found.extend(items)
        if not token:
            return found
    raise AssertionError(f"{method}: the pages do not end: {query}")
