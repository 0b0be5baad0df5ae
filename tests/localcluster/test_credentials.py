import stat
import time
from datetime import timedelta

import pytest
import yaml

from nsaas_app.localcluster import LocalClusterError
from nsaas_app.localcluster.credentials import PortalCredentials
from tests.support.controlplane import ControlPlane


def test_the_portal_has_a_token_of_its_own_in_a_private_file(controlplane: ControlPlane) -> None:
    layout = controlplane.cluster.layout
    config = yaml.safe_load(layout.portal_kubeconfig.read_text())

    assert config["users"][0]["user"] == {"tokenFile": str(layout.portal_token)}
    assert config["clusters"][0]["cluster"]["server"] == controlplane.server
    assert stat.S_IMODE(layout.portal_token.stat().st_mode) == 0o600
    whoami = controlplane.kubectl(
        "auth", "whoami", f"--kubeconfig={layout.portal_kubeconfig}", "-o", "yaml"
    )
    user = yaml.safe_load(whoami)["status"]["userInfo"]
    assert user["username"] == "system:serviceaccount:platform-system:nsaas-portal"


def test_the_token_is_renewed_and_the_file_is_never_without_one(
    controlplane: ControlPlane,
) -> None:
    cluster = controlplane.cluster
    credentials = PortalCredentials(
        cluster._start,
        kubectl=cluster.kubectl,
        lifetime=timedelta(hours=1),  # every later test on this control plane lives on this token
        renew_after=timedelta(seconds=1),
    )
    controlplane.run(credentials.open())
    seen = {cluster.layout.portal_token.read_text()}
    deadline = time.monotonic() + 60
    while len(seen) < 2:
        assert time.monotonic() < deadline, "the token was not renewed"
        seen.add(cluster.layout.portal_token.read_text())
        time.sleep(0.01)
    controlplane.run(credentials.close())

    assert all(token.count(".") == 2 for token in seen)


def test_without_the_manifests_there_is_no_token(controlplane: ControlPlane) -> None:
    async def refuse(*arguments: str) -> str:
        return await controlplane.cluster.kubectl(
            *(argument.replace("platform-system", "default") for argument in arguments)
        )

    credentials = PortalCredentials(
        controlplane.cluster._start, kubectl=refuse, lifetime=timedelta(minutes=10)
    )
    with pytest.raises(LocalClusterError, match=r"nsaas-portal.* not found"):
        controlplane.run(credentials.open())
