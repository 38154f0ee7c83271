"""The house rules hold, and each contract in pyproject.toml catches the violation it is there for."""

import re
import shutil
import subprocess
import sys

import pytest
from django.apps import apps

from dalian_coop import embedded

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"
PACKAGES = ("dalian_coop", "partners", "planning")

# contract id, file that is planted (added to if it is there), line that breaks the rule
VIOLATIONS = [
    ("floors", "dalian_coop/base/text.py", "import partners.regions.enums"),
    ("floors", "dalian_coop/jobs/apps.py", "import planning.plans.enums"),
    ("floors", "partners/regions/enums.py", "import planning.plans.enums"),
    ("planning-rooms", "planning/plans/enums.py", "import planning.taskbooks.enums"),
    ("planning-rooms", "planning/taskbooks/apps.py", "import planning.roadmap.apps"),
    ("planning-rooms", "planning/roadmap/apps.py", "import planning.dashboard.apps"),
    ("planning-rooms", "planning/extras/__init__.py", ""),
    ("gaps-know-no-plan", "planning/gaps/apps.py", "import planning.taskbooks.apps"),
    ("plans-know-no-gap", "planning/taskbooks/apps.py", "import planning.gaps.apps"),
    ("partners-rooms", "partners/regions/apps.py", "import partners.indicators.apps"),
    ("partners-rooms", "partners/indicators/apps.py", "import partners.relations.apps"),
    ("ground-rooms", "dalian_coop/jobs/apps.py", "import dalian_coop.calendars.apps"),
    ("ground-rooms", "dalian_coop/documents/planted/__init__.py", "import dalian_coop.jobs.apps"),
    ("ground-rooms", "dalian_coop/base/text.py", "import dalian_coop.accounts.enums"),
    ("ground-rooms", "dalian_coop/accounts/enums.py", "import dalian_coop.history.apps"),
    ("ground-rooms", "dalian_coop/helpers.py", ""),
    ("room-modules", "planning/taskbooks/helpers.py", ""),
    ("room-modules", "partners/regions/utils.py", ""),
    ("room-modules", "planning/taskbooks/enums.py", "import planning.taskbooks.models"),
    ("room-modules", "planning/taskbooks/selectors.py", "import planning.taskbooks.services"),
    ("room-modules", "planning/taskbooks/api.py", "import planning.taskbooks.views"),
    ("ground-room-modules", "dalian_coop/jobs/helpers.py", ""),
    ("ground-room-modules", "dalian_coop/accounts/enums.py", "import dalian_coop.accounts.models"),
    ("plain-room-modules", "dalian_coop/ui/helpers.py", ""),
    ("plain-room-modules", "dalian_coop/base/common.py", ""),
    ("pure", "planning/taskbooks/lights.py", "from django.utils import timezone"),
    ("pure", "planning/taskbooks/workflow.py", "import django.db.models"),
    ("pure", "planning/roadmap/schedule.py", "import django"),
    ("pure", "planning/gaps/engine/planted.py", "from django.conf import settings"),
    ("pure", "planning/gaps/engine/planted.py", "import partners.indicators.models"),
    ("pure-below", "partners/indicators/engine.py", "from django.db import models"),
    ("pure-below", "dalian_coop/calendars/workdays.py", "from django.utils import timezone"),
    ("rest-framework", "planning/taskbooks/apps.py", "from rest_framework import serializers"),
    ("rest-framework", "partners/regions/views.py", "import drf_spectacular.utils"),
    ("drivers", "planning/gaps/apps.py", "import redis"),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The Python of the three floors and the rules, in a folder where rules may be broken."""
    folder = tmp_path_factory.mktemp("house")
    ignore = shutil.ignore_patterns("__pycache__", "data", "migrations")
    for package in PACKAGES:
        shutil.copytree(embedded.ROOT / package, folder / package, ignore=ignore)
    shutil.copy(embedded.ROOT / "pyproject.toml", folder)
    return folder


def contracts() -> dict[str, str]:
    """id → name, as in pyproject.toml."""
    text = (embedded.ROOT / "pyproject.toml").read_text()
    return dict(re.findall(r'^id = "(.+)"\nname = "(.+)"$', text, re.MULTILINE))


def broken_contracts(folder, *only: str) -> set[str]:
    """Ids of the broken contracts, of all or of those named."""
    environ = {"COLUMNS": "400", "PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-c", LINT, "--no-cache", "--no-logo"]
    command += [word for key in only for word in ("--contract", key)]
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=60)
    output = done.stdout + done.stderr
    assert re.search(r"Contracts: \d+ kept, \d+ broken", output), output
    broken = {key for key, name in contracts().items() if f"{name} BROKEN" in output}
    assert bool(broken) == bool(done.returncode), output
    return broken


def test_the_house_keeps_its_own_rules(copy):
    assert broken_contracts(copy) == set()


def test_every_contract_has_a_planted_violation():
    assert {key for key, _, _ in VIOLATIONS} == set(contracts())


@pytest.mark.parametrize(("contract", "file", "line"), VIOLATIONS)
def test_planted_violation_is_caught(copy, contract, file, line):
    path = copy / file
    before = path.read_text() if path.exists() else None
    new_folder = not path.parent.exists()
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"{before or ''}\n{line}\n")
    try:
        assert broken_contracts(copy, contract) == {contract}
    finally:
        if before is not None:
            path.write_text(before)
        elif new_folder:
            shutil.rmtree(path.parent)
        else:
            path.unlink()


# What the linter cannot see: relations between models are strings. room → rooms whose models it may point at
BELOW = {
    "base": set(),
    "accounts": {"base"},
    "history": {"accounts"},
    "jobs": {"accounts", "history"},
    "calendars": {"accounts", "history"},
    "documents": {"accounts", "history"},
    "corrections": {"accounts", "history", "rest"},
    "exports": {"accounts", "history", "jobs", "rest"},
    "webhooks": {"accounts", "history", "jobs", "rest"},
}
GROUND = set(BELOW)
BELOW |= {
    "regions": GROUND,
    "industries": GROUND | {"regions"},
    "indicators": GROUND | {"regions", "industries"},
    "relations": GROUND | {"regions", "industries", "indicators"},
}
PARTNERS = set(BELOW)
BELOW |= {
    "plans": PARTNERS,
    "taskbooks": PARTNERS | {"plans"},
    "roadmap": PARTNERS | {"plans", "taskbooks"},
    "gaps": PARTNERS,
    "dashboard": PARTNERS | {"plans", "taskbooks", "roadmap", "gaps"},
}


def test_relations_between_models_point_down():
    upward = []
    for model in apps.get_models(include_auto_created=True):
        if not model.__module__.startswith(PACKAGES):
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if not target or field.auto_created or not target.__module__.startswith(PACKAGES):
                continue
            room, other = model._meta.app_label, target._meta.app_label
            if other != room and other not in BELOW[room]:
                upward.append(f"{room}.{model.__name__}.{field.name} → {other}.{target.__name__}")
    assert upward == []


def test_every_folder_with_code_is_a_package():
    """A folder without __init__.py is invisible to the import linter."""
    folders = {path.parent for package in PACKAGES for path in (embedded.ROOT / package).rglob("*.py")}
    assert [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []
