import datetime as dt
import stat
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from nsaas_app.localcluster.certificates import issue_all


def certificate(directory: Path, name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((directory / f"{name}.crt").read_bytes())


def subject(directory: Path, name: str) -> tuple[str, set[str]]:
    found = certificate(directory, name).subject
    common = found.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    groups = found.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return str(common), {str(group.value) for group in groups}


@pytest.fixture
def pki(tmp_path: Path) -> Path:
    issue_all(tmp_path)
    return tmp_path


def test_every_client_has_its_own_identity(pki: Path) -> None:
    assert subject(pki, "admin") == ("nsaas-local-admin", {"system:masters"})
    assert subject(pki, "kube-controller-manager") == (
        "system:kube-controller-manager",
        {"system:masters"},
    )
    assert subject(pki, "kube-scheduler") == ("system:kube-scheduler", set())
    assert subject(pki, "kwok") == ("system:kube-kwok", set())


def test_the_server_is_known_by_its_loopback_names(pki: Path) -> None:
    names = certificate(pki, "kube-apiserver").extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )

    assert "localhost" in names.value.get_values_for_type(x509.DNSName)
    assert [str(ip) for ip in names.value.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]


def test_a_client_of_the_api_server_is_no_client_of_the_database(pki: Path) -> None:
    database = certificate(pki, "etcd-client")
    database.verify_directly_issued_by(certificate(pki, "etcd-ca"))

    with pytest.raises(ValueError, match=r"."):
        certificate(pki, "admin").verify_directly_issued_by(certificate(pki, "etcd-ca"))


def test_keys_are_for_their_owner_only(pki: Path) -> None:
    modes = {stat.S_IMODE(key.stat().st_mode) for key in pki.glob("*.key")}

    assert modes == {0o600}


def test_what_is_good_is_kept(pki: Path) -> None:
    before = {path.name: path.read_bytes() for path in pki.iterdir()}

    issue_all(pki)

    assert {path.name: path.read_bytes() for path in pki.iterdir()} == before


def test_what_is_missing_or_of_another_authority_is_made_anew(pki: Path) -> None:
    kept = (pki / "kwok.crt").read_bytes()
    (pki / "admin.key").unlink()
    (pki / "kube-scheduler.crt").write_bytes((pki / "etcd-client.crt").read_bytes())

    issue_all(pki)

    authority = certificate(pki, "ca")
    for name in ("admin", "kube-scheduler"):
        certificate(pki, name).verify_directly_issued_by(authority)
    assert (pki / "kwok.crt").read_bytes() == kept


def test_what_expires_soon_is_made_anew(pki: Path) -> None:
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=340)
    old = (pki / "admin.crt").read_bytes()

    issue_all(pki, now=later)

    assert (pki / "admin.crt").read_bytes() != old
    assert certificate(pki, "admin").not_valid_after_utc > later + dt.timedelta(days=300)


def test_damaged_files_are_replaced_by_a_set_that_fits_together(pki: Path) -> None:
    (pki / "ca.crt").write_text("half a certif")
    (pki / "admin.crt").write_text("")

    issue_all(pki)

    for name in ("admin", "kube-apiserver", "kwok"):
        certificate(pki, name).verify_directly_issued_by(certificate(pki, "ca"))
