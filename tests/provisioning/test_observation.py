"""What of an object is compared with the desired one, and what may change without a look."""

from nsaas_app.cluster.objects import LimitRange, Metadata, ResourceQuota, _QuotaAmounts
from nsaas_app.provisioning.observation import is_compared_alike

HERE = Metadata(name="nsaas-quota", namespace="shop-dev", uid="1", resource_version="7")
QUOTA = ResourceQuota(metadata=HERE, spec=_QuotaAmounts(hard={"pods": "20"}))


def changed(**fields: object) -> ResourceQuota:
    metadata = {name: getattr(HERE, name) for name in Metadata.__struct_fields__}
    spec = fields.pop("spec", QUOTA.spec)
    status = fields.pop("status", QUOTA.status)
    later = Metadata(**{**metadata, "resource_version": "8", **fields})
    return ResourceQuota(metadata=later, spec=spec, status=status)  # type: ignore[arg-type]


def test_a_quota_that_counts_a_pod_is_not_compared_again() -> None:
    assert is_compared_alike(QUOTA, changed(status=_QuotaAmounts(used={"pods": "8"})))


def test_a_quota_with_another_limit_or_label_or_a_new_one_of_its_name_is() -> None:
    assert not is_compared_alike(QUOTA, changed(spec=_QuotaAmounts(hard={"pods": "900"})))
    assert not is_compared_alike(QUOTA, changed(labels={"nsaas.platform.io/managed": "no"}))
    assert not is_compared_alike(QUOTA, changed(uid="2"))
    assert not is_compared_alike(None, QUOTA)


def test_of_other_kinds_every_change_is_looked_at() -> None:
    assert not is_compared_alike(LimitRange(metadata=HERE), LimitRange(metadata=HERE))
