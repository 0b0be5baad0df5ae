"""Free texts: what Kubernetes takes as keys and values, what steers the platform, what prints."""

import pytest

from nsaas_app.domain.texts import label_issues, text_issues


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("app", "shop"),
        ("example.com/app", ""),
        ("a.b-c.example/App_1.x", "V1.2_3-x"),
        ("k" * 63, "v" * 63),
        (f"{'p' * 253}/k", "v"),
        ("my-platform.io/x", "fine"),
        ("notk8s.io/x", "fine"),
    ],
)
def test_a_label_may_be_this(key: str, value: str) -> None:
    assert label_issues("labels", {key: value}, are_labels=True) == []


@pytest.mark.parametrize(
    "key",
    [
        "", "-a", "a-", "a b", "a/b/c", "/a", "a/", "A.example/x", "a..b/x", "a.-b/x", "a-.b/x",
        "k" * 64, f"{'p' * 254}/k", "key\n", "caf\N{LATIN SMALL LETTER E WITH ACUTE}",
    ],
)  # fmt: skip
def test_a_key_may_not_be_that(key: str) -> None:
    for are_labels in (True, False):
        issues = label_issues("labels", {key: "v"}, are_labels=are_labels)
        assert [issue.field for issue in issues] == [f"labels.{key}"]


@pytest.mark.parametrize("value", ["-v", "v-", "a b", "v" * 64, "a/b", "v\n", "a:b"])
def test_a_label_value_may_not_be_that(value: str) -> None:
    assert label_issues("labels", {"app": value}, are_labels=True) != []


@pytest.mark.parametrize(
    "prefix",
    [
        "platform.io", "kubernetes.io", "pod-security.kubernetes.io", "k8s.io", "x.y.k8s.io",
        "istio.io", "sidecar.istio.io",
    ],
)  # fmt: skip
def test_keys_that_steer_the_platform_are_refused(prefix: str) -> None:
    for are_labels in (True, False):
        (issue,) = label_issues("labels", {f"{prefix}/x": "v"}, are_labels=are_labels)
        assert "belong to the platform" in issue.message


def test_ten_entries_of_a_thousand_characters_are_allowed() -> None:
    many = {f"k{n}": "v" * 1024 for n in range(11)}
    assert label_issues("annotations", dict(list(many.items())[:10]), are_labels=False) == []
    assert len(label_issues("annotations", many, are_labels=False)) == 1
    assert label_issues("annotations", {"k": "v" * 1025}, are_labels=False) != []


@pytest.mark.parametrize(
    "text", ["", "Shop \N{EM DASH} caf\u00e9 \U0001f6d2", "two\nlines\tand a tab"]
)
def test_people_may_write_this(text: str) -> None:
    assert text_issues("description", text, limit=500) == []
    assert label_issues("annotations", {"note": text}, are_labels=False) == []


@pytest.mark.parametrize("text", ["\x00", "a\x1b[31m", "\x7f", "\u202e", "\ud800", "a\rb"])
def test_what_does_not_print_is_refused(text: str) -> None:
    assert [issue.field for issue in text_issues("description", text, limit=500)] == ["description"]
    assert label_issues("annotations", {"note": text}, are_labels=False) != []


def test_a_text_has_its_length() -> None:
    assert text_issues("description", "x" * 500, limit=500) == []
    (issue,) = text_issues("description", "x" * 501, limit=500)
    assert issue.message == "501 characters; 500 are allowed."
