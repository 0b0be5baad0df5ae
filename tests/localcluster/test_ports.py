import json
import socket
from dataclasses import asdict
from pathlib import Path

from nsaas_app.localcluster.ports import Ports, is_free


def test_the_next_start_gets_the_same_ports(tmp_path: Path) -> None:
    record = tmp_path / "ports.json"

    ports = Ports.choose(record)

    assert len(set(asdict(ports).values())) == 3
    assert Ports.choose(record) == ports
    assert Ports.choose(record, afresh=True) != ports


def test_a_port_that_somebody_took_is_not_used_again(tmp_path: Path) -> None:
    record = tmp_path / "ports.json"
    ports = Ports.choose(record)

    with socket.create_server(("127.0.0.1", ports.apiserver)):
        assert not is_free(ports.apiserver)
        others = Ports.choose(record)

    assert ports.apiserver not in asdict(others).values()
    assert json.loads(record.read_text()) == asdict(others)


def test_a_broken_record_is_replaced(tmp_path: Path) -> None:
    record = tmp_path / "ports.json"
    record.write_text('{"etcd": ')

    ports = Ports.choose(record)

    assert json.loads(record.read_text()) == asdict(ports)
