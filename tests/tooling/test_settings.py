"""Settings: each has its line in .env.example, and a missing or bad value stops the start with its name."""

import os
import re
import subprocess
import sys

import pytest
import yaml

from dalian_coop import embedded, env

READ = re.compile(
    r'env\.(?:text|number|choice|flag|items|secret)\(\s*"([A-Z_]+)"|os\.environ(?:\.get\(|\[)\s*"([A-Z_]+)"'
)
# Set by the code itself, for the programs it starts.
INTERNAL = {"DJANGO_SETTINGS_MODULE"}

PRODUCTION = {
    "DALIAN_ENV": "production",
    "SECRET_KEY": "k" * 25 + "3f9!Aq" * 6,
    "TOKEN_PEPPER": "p" * 40,
    "ALLOWED_HOSTS": "portal.example",
    "DATABASE_URL": "postgresql://portal:secret@db/portal",
    "REDIS_URL": "redis://valkey/0",
}


def described() -> dict[str, str]:
    """Variable → the comment above it."""
    found, comment = {}, ""
    for line in (embedded.ROOT / ".env.example").read_text().splitlines():
        if line.startswith("#"):
            comment = line.lstrip("# ")
        elif name := re.match(r"([A-Z_]+)=", line):
            found[name[1]] = comment
    return found


def variables_of_the_code() -> set[str]:
    files = [
        path for floor in ("dalian_coop", "partners", "planning") for path in (embedded.ROOT / floor).rglob("*.py")
    ]
    return {a or b for path in files for a, b in READ.findall(path.read_text())} - INTERNAL


def test_every_variable_the_code_reads_has_a_line_in_the_example():
    assert variables_of_the_code() - set(described()) == set()


def test_every_variable_of_the_example_has_a_meaning_and_a_reader():
    compose = set(re.findall(r"\$\{([A-Z_]+)", (embedded.ROOT / "docker-compose.yml").read_text()))
    assert all(described().values())
    assert set(described()) - variables_of_the_code() - compose - {"CHROMIUM"} == set()


def start(**environ: str | None) -> subprocess.CompletedProcess:
    """Load the settings in a process of their own; None takes a variable away."""
    clean = {"PATH": os.environ["PATH"], "DALIAN_DATA_DIR": os.environ["DALIAN_DATA_DIR"]}
    given = {key: value for key, value in (PRODUCTION | environ).items() if value is not None}
    command = [sys.executable, "-c", "import dalian_coop.settings"]
    return subprocess.run(command, cwd=embedded.ROOT, env=clean | given, capture_output=True, text=True, timeout=60)


def test_production_starts_with_all_its_variables():
    done = start()
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "DALIAN_ENV"])
def test_production_without_a_variable_stops_with_one_sentence_that_names_it(name):
    done = start(**{name: None})
    assert done.returncode == 1
    assert done.stderr.startswith(f"Setting {name}: is missing")
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("SECRET_KEY", "short", "has 5 characters; it needs at least 50"),
        ("TOKEN_PEPPER", "short", "has 5 characters; it needs at least 32"),
        ("DALIAN_ENV", "prod", "'prod' is not one of"),
        ("LOG_LEVEL", "LOUD", "'LOUD' is not one of"),
        ("SESSION_IDLE_MINUTES", "0", "'0' is not a whole number from 1 to 720"),
        ("SECURE_SSL_REDIRECT", "true", "'true' is not one of yes, no"),
        ("DATABASE_URL", "sqlite:///x", "is not a URL such as"),
        ("REDIS_URL", "amqp://x", "is not a URL such as"),
    ],
)
def test_bad_value_stops_with_one_sentence_that_names_the_variable(name, value, problem):
    done = start(**{name: value})
    assert done.returncode == 1
    assert done.stderr.startswith(f"Setting {name}: {problem}")
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("value", ["x", "-1", "7.5", "٣", "10000"])
def test_number_is_an_ascii_whole_number_in_its_range(monkeypatch, value):
    monkeypatch.setenv("N", value)
    with pytest.raises(env.BadSetting, match="^Setting N: "):
        env.number("N", 5, 0, 9999)


def test_list_is_split_at_commas_and_blanks_are_dropped(monkeypatch):
    monkeypatch.setenv("HOSTS", " a.example, b.example ,")
    assert env.items("HOSTS") == ["a.example", "b.example"]


def test_compose_file_has_every_service_with_restart_health_and_secrets_from_the_environment():
    file = yaml.safe_load((embedded.ROOT / "docker-compose.yml").read_text())
    services = file["services"]
    assert set(services) == {"web", "worker", "beat", "database", "valkey", "migrate"}
    lasting = {name: service for name, service in services.items() if name != "migrate"}
    assert all(
        service["restart"] == "unless-stopped" and service["healthcheck"]["test"] for service in lasting.values()
    )
    assert services["migrate"]["restart"] == "no"
    for name in ("web", "worker", "beat"):
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
        assert services[name]["environment"]["SECRET_KEY"].startswith("${SECRET_KEY:?")
    volumes = {mount.split(":")[0] for service in services.values() for mount in service["volumes"]}
    assert volumes == set(file["volumes"])
