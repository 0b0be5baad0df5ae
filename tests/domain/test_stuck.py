"""Why a deletion does not end: the cluster's own words, taken apart."""

from nsaas_app.domain.stuck import BlockerKind, blockers_of

DISCOVERY = (
    "Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server "
    "APIs: metrics.example.com/v1beta1: stale GroupVersion discovery: metrics.example.com/v1beta1"
)
FINALIZERS = (
    "Some content in the namespace has finalizers remaining: example.com/hold in 2 resource "
    "instances, example.com/other in 1 resource instances"
)
CONTENT = (
    "Some resources are remaining: configmaps. has 2 resource instances, "
    "widgets.example.com has 1 resource instances"
)


def test_the_broken_api_service_is_named_once_and_first() -> None:
    found = blockers_of(
        "shop",
        {
            "NamespaceDeletionDiscoveryFailure": DISCOVERY,
            "NamespaceFinalizersRemaining": FINALIZERS,
            "NamespaceContentRemaining": CONTENT,
        },
        held={"example.com/hold": ("PersistentVolumeClaim/data",)},
    )
    assert [(one.kind, one.what, one.count) for one in found] == [
        (BlockerKind.API_SERVICE, "v1beta1.metrics.example.com", 1),
        (BlockerKind.FINALIZER, "example.com/hold", 2),
        (BlockerKind.FINALIZER, "example.com/other", 1),
    ]
    assert "kubectl delete apiservice v1beta1.metrics.example.com" in found[0].way_out[1]
    assert not found[0].force, "there is no finalizer to force"
    assert found[1].objects == ("PersistentVolumeClaim/data",)
    assert found[1].force.startswith("kubectl patch persistentvolumeclaim data -n shop ")


def test_content_without_a_finalizer_only_takes_its_time() -> None:
    found = blockers_of("shop", {"NamespaceContentRemaining": CONTENT})
    assert [(one.kind, one.what, one.count) for one in found] == [
        (BlockerKind.CONTENT, "configmaps", 2),
        (BlockerKind.CONTENT, "widgets.example.com", 1),
    ]
    assert not any(one.force for one in found)


def test_a_finalizer_of_the_namespace_itself_has_no_condition() -> None:
    (found,) = blockers_of("shop", {}, finalizers=["example.com/hold"])
    assert (found.kind, found.objects) == (BlockerKind.FINALIZER, ("Namespace/shop",))
    assert "kubectl patch namespace shop" in found.force


def test_what_nobody_knows_is_shown_in_the_clusters_words() -> None:
    (found,) = blockers_of("shop", {"NamespaceDeletionContentFailure": "no luck today"})
    assert (found.kind, found.raw) == (BlockerKind.OTHER, "no luck today")
