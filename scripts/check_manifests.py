"""Every manifest we ship parses, names its object, and obeys Kubernetes' own schemas.

A kustomization must list exactly the files beside and below it: a forgotten one is never applied.
Kinds that other projects define are checked for their form alone; a real API server judges the
rest in the tests.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml

__all__ = ["kustomization_problems", "main", "manifest_problems"]

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("apps", "istio-apps", "aso-stack", "flux")
KUBERNETES = "1.36"
LISTS = ("resources", "components", "patches", "configurations")


def main() -> None:
    """Check all folders; leave with status 1 and one line per problem."""
    folders = [ROOT / name for name in FOLDERS if (ROOT / name).is_dir()]
    files = [path for folder in folders for path in sorted(folder.rglob("*.yaml"))]
    problems = [
        f"{path.relative_to(ROOT)}: {problem}"
        for path in files
        for problem in (
            kustomization_problems(path)
            if path.name == "kustomization.yaml"
            else manifest_problems(path)
        )
    ]
    sys.stdout.write("".join(f"{problem}\n" for problem in problems))
    sys.stdout.write(f"{len(files)} files, {len(problems)} problems\n")
    sys.exit(1 if problems or not files else 0)


def manifest_problems(path: Path) -> Iterator[str]:
    """Yield what is wrong with the objects of one file."""
    try:
        documents = [document for document in yaml.safe_load_all(path.read_text()) if document]
    except yaml.YAMLError as error:
        yield f"not YAML: {error}"
        return
    if not documents:
        yield "holds no object"
    for document in documents:
        yield from _object_problems(document)


def kustomization_problems(path: Path) -> Iterator[str]:
    """Yield files that a kustomization names but lacks, and files that it forgets."""
    content: dict[str, Any] = yaml.safe_load(path.read_text())
    named = set(_named_files(content))
    yield from (f"names {name}, which is not there" for name in named if not _is(path, name))
    for other in sorted(path.parent.rglob("*.yaml")):
        below = other.relative_to(path.parent)
        nested = any(
            (path.parent / parent / "kustomization.yaml").is_file() for parent in below.parents[:-1]
        )
        if other != path and not nested and below.as_posix() not in named:
            yield f"forgets {below}"


def _is(path: Path, name: str) -> bool:
    target = path.parent / name
    return target.is_file() or (target / "kustomization.yaml").is_file()


def _named_files(content: dict[str, Any]) -> Iterator[str]:
    for key in LISTS:
        for entry in content.get(key, []):
            if isinstance(entry, str):
                yield entry.removeprefix("./")
            elif "path" in entry:
                yield entry["path"].removeprefix("./")


def _object_problems(document: Any) -> Iterator[str]:
    if not isinstance(document, dict) or not {"apiVersion", "kind"} <= document.keys():
        yield "an object lacks apiVersion or kind"
        return
    kind = document["kind"]
    name = (document.get("metadata") or {}).get("name")
    if not name:
        yield f"a {kind} has no name"
    try:
        kubernetes_validate.validate(document, KUBERNETES, strict=True)
    except kubernetes_validate.SchemaNotFoundError:
        return
    except kubernetes_validate.ValidationError as error:
        where = ".".join(str(part) for part in error.path)
        yield f"{kind} {name}: {where or 'object'}: {error.message}"


if __name__ == "__main__":
    main()
