"""Cancelling a run."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dalian_coop.accounts.permissions import Perm
from dalian_coop.base.errors import NotAllowed
from dalian_coop.jobs import services as jobs
from planning.gaps.models import GapRun


@transaction.atomic
def cancel_run(*, run: GapRun, by) -> GapRun:
    """Stop a run that has not finished; one that has finished is left as it is. Raises ``NotAllowed``.

    The worker notices at its next step and writes nothing.
    """
    if not by.has_perm(Perm.RUN_GAPS):
        raise NotAllowed(_("Only coordinators and analysts cancel gap analyses."))
    sentence = _("Cancelled by %(name)s.") % {"name": by}
    if jobs.cancel(job=run.job, error=str(sentence)):
        run.cancelled_at = timezone.now()
        run.cancelled_by = None if getattr(by, "scopes", None) is not None else by
        run.save(update_fields=["cancelled_at", "cancelled_by"])
    return run
