"""Whatever a program sends: an answer with its reason, soon, never a breakdown, nothing written."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from nsaas_app.api.app import api_app
from tests.api.test_permission_walk import STREAMS
from tests.support.served import ServedPortal

SOON_S = 40.0
SCHEMA = schemathesis.openapi.from_dict(api_app().openapi())
OPERATIONS = {
    operation.label: operation
    for found in SCHEMA.get_all_operations()
    if (operation := found.ok()) and operation.label not in STREAMS  # type: ignore[union-attr]
}


@pytest.fixture(scope="module")
def lead(patient: ServedPortal) -> Iterator[requests.Session]:
    """One connection of somebody who may do much."""
    with requests.Session() as session:
        session.trust_env = False
        session.headers["Authorization"] = f"Bearer {patient.token('frontend-lead')}"
        yield session


@pytest.fixture(scope="module")
def admin(patient: ServedPortal) -> Iterator[httpx.Client]:
    with patient.client("admin") as client:
        yield client


@pytest.mark.parametrize("label", OPERATIONS)
def test_no_call_breaks_it_or_gets_anything_going(
    patient: ServedPortal, lead: requests.Session, admin: httpx.Client, label: str
) -> None:
    @settings(
        max_examples=20,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=OPERATIONS[label].as_strategy())
    def call(case: schemathesis.Case[Any]) -> None:
        answer = case.call(base_url=patient.url, session=lead, timeout=SOON_S)
        assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, answer.text
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            asked = f"{answer.request.method} {answer.request.url}"
            assert '"code":' in answer.text, f"{asked}: {answer.status_code} {answer.text[:200]}"

    call()

    assert admin.get("/requests").json()["items"] == []
