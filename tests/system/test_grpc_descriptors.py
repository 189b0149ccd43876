"""gRPC through a real Envoy with and without a descriptor set: what its names add."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from tests.system.conformance.place import CARD
from tests.system.envoy_process import running_envoy
from tests.system.lab import REDACT, value
from tests.system.sidecar_process import running_sidecar
from weirline.cli.envoy_config import Pipe, Places, Tcp, render, template

if TYPE_CHECKING:
    from google.protobuf.message import Message

pytestmark = [pytest.mark.slow, pytest.mark.full]

SERVICE = "clinic.Patients"
# One that does not begin with a zero, which no number could keep.
SSN = next(
    int(digits)
    for seed in range(100)
    if (digits := "".join(filter(str.isdigit, value("us_ssn", seed=seed).decode()))) >= "1"
)
MASKED = "".join("*" if each.isdigit() else each for each in CARD.decode())
Type = descriptor_pb2.FieldDescriptorProto.Type


def clinic() -> descriptor_pb2.FileDescriptorProto:
    file = descriptor_pb2.FileDescriptorProto(name="clinic.proto", package="clinic")
    patient = file.message_type.add(name="Patient")
    patient.field.add(name="note", number=1, type=Type.TYPE_STRING, label=1)
    patient.field.add(name="ssn", number=2, type=Type.TYPE_SINT64, label=1)
    patient.field.add(name="visits", number=3, type=Type.TYPE_INT32, label=1)
    service = file.service.add(name="Patients")
    for name in ("Echo", "EchoAll"):
        service.method.add(name=name, input_type=".clinic.Patient", output_type=".clinic.Patient")
    return file


POOL = descriptor_pool.DescriptorPool()
POOL.Add(clinic())
Patient: type[Message] = message_factory.GetMessageClass(
    POOL.FindMessageTypeByName("clinic.Patient")
)


@dataclass(frozen=True, slots=True)
class Clinic:
    """A service behind Envoy, and whether the sidecar knows its messages."""

    channel: grpc.Channel
    described: bool


@pytest.fixture(scope="module", params=[False, True], ids=["without", "with"])
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Clinic]:
    folder: Path = tmp_path_factory.mktemp("clinic")
    described = bool(request.param)
    descriptors = folder / "clinic.binpb"
    descriptors.write_bytes(descriptor_pb2.FileDescriptorSet(file=[clinic()]).SerializeToString())
    flags = ["--grpc-descriptors", str(descriptors)] if described else []
    server = grpc.server(ThreadPoolExecutor(4))
    handlers = {
        "Echo": grpc.unary_unary_rpc_method_handler(lambda one, _: one),
        "EchoAll": grpc.stream_stream_rpc_method_handler(lambda all_, _: all_),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with running_sidecar(folder, REDACT, flags) as sidecar:
        places = Places(
            listen=Tcp("127.0.0.1", 0),
            upstream=Tcp("127.0.0.1", port),
            extproc=Pipe(str(sidecar.socket)),
            admin=Tcp("127.0.0.1", 0),
        )
        bootstrap = render(template("enforce"), places, failure_mode_allow=False)
        with (
            running_envoy(bootstrap, folder) as envoy,
            grpc.insecure_channel(f"127.0.0.1:{envoy.port()}") as channel,
        ):
            yield Clinic(channel, described)
    server.stop(None).wait()


def patient(visits: int) -> bytes:
    return Patient(note=f"paid with {CARD.decode()}", ssn=SSN, visits=visits).SerializeToString()


def check(answer: bytes, visits: int, place: Clinic) -> None:
    got = Patient.FromString(answer)
    fields = {field.name: each for field, each in got.ListFields()}
    assert len(answer) == len(patient(visits))
    assert fields["note"] == f"paid with {MASKED}"
    assert fields["visits"] == visits
    # A zigzag number is one only where somebody says so.
    assert (fields["ssn"] != SSN) is place.described


@pytest.mark.promise(17)
def test_call_is_masked_with_and_without_a_descriptor(place: Clinic) -> None:
    unary = place.channel.unary_unary(f"/{SERVICE}/Echo", bytes, bytes)
    check(unary(patient(7), timeout=20), 7, place)
    stream = place.channel.stream_stream(f"/{SERVICE}/EchoAll", bytes, bytes)
    sent = [patient(visits) for visits in range(1, 20)]
    for visits, answer in enumerate(stream(iter(sent), timeout=20), start=1):
        check(answer, visits, place)
