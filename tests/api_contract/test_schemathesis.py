"""Generated requests, good and bad, against the running server: every answer fits the description.

All of schemathesis's checks are on but one, see ``EXCLUDED``. Examples are few and the same in every run; a longer
search is ``SCHEMATHESIS_EXAMPLES=200 pytest tests/api_contract``.
"""

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import positive_data_acceptance

from dalian_coop.accounts.permissions import SCOPES
from dalian_coop.accounts.services import issue_token
from dalian_coop.rest.docs import openapi
from tests.factories import make_bureau, make_client
from tests.planning.factories import make_book, make_task
from tests.planning.roadmap.factories import make_stone

# "What the schema allows must be accepted": a schema cannot say that a cursor is signed by us, that a code names a
# bureau that exists, or that an end lies after its beginning. What is refused, and how, stands in
# tests/dalian_coop/rest/test_bad_input.py and test_lists.py.
EXCLUDED = [positive_data_acceptance]
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "8"))


@pytest.fixture
def server(live_server, settings):
    """(address, header) of a client with every scope, on a small world; limits of rate are another test's matter."""
    settings.REST_RATES = {"client": (100_000, 100_000), "user": (100_000, 100_000)}
    bureau = make_bureau("市商务局", coordinates=True)
    stone = make_stone(make_task(make_book(), lead=bureau))
    assert stone.pk
    token = issue_token(client=make_client(bureau, SCOPES)).text
    return live_server.url, {"Authorization": f"Bearer {token}"}


@pytest.mark.django_db(transaction=True)
def test_every_answer_fits_the_description(server):
    address, headers = server
    schema = schemathesis.openapi.from_dict(openapi())
    schema.config.update(base_url=address)
    failures, tried = [], 0
    for result in schema.get_all_operations():
        operation = result.ok()
        try:
            tried += probe(operation, headers)
        except FailureGroup as found:  # all operations are tried before the verdict
            failures += [f"{operation.label}: {one} {one.message}"[:1200] for one in found.exceptions]
    assert tried > 0 and not failures, "\n\n".join(failures)


def probe(operation, headers: dict) -> int:
    """Call the operation with generated cases; raises what a check finds. Returns how many cases there were."""
    count = 0

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def run(case):
        nonlocal count
        count += 1
        case.call_and_validate(headers=headers, excluded_checks=EXCLUDED)

    run()
    return count
