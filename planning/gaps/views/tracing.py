"""Where a number of a report comes from: one indicator of the run, one region's score."""

from django.http import Http404
from django.shortcuts import render

from planning.gaps import selectors
from planning.gaps.selectors import tracing, tracing_scores
from planning.gaps.views.reports import RunPage


class TraceIndicator(RunPage):
    """The figures of one indicator as the run compared them, each with a link to its observation."""

    def get(self, request, pk, code):
        run = self.computed(pk)
        if code not in {i["code"] for i in run.result["indicators"]}:
            raise Http404
        report = selectors.Report(run)
        trace = tracing.IndicatorTrace(report, code, request.user)
        return render(request, "gaps/trace.html", {"run": run, "report": report, "trace": trace})


class TraceScore(RunPage):
    """The score of one region, taken apart along the tree; ``?year=`` for a year of the panel."""

    def get(self, request, pk, region):
        run = self.computed(pk)
        if region not in {r["code"] for r in run.result["regions"]}:
            raise Http404
        report = selectors.Report(run)
        year = self._year(request.GET.get("year", ""))
        found = tracing_scores.scored(report, region, year)
        if found is None:
            raise Http404
        context = {
            "run": run,
            "report": report,
            "code": region,
            "name": report.names.region(region),
            "year": year,
            "years": [y["year"] for y in report.result["years"]],
            "found": found,
            "table": tracing_scores.score_table(report, region, found, year),
        }
        return render(request, "gaps/trace_score.html", context)

    def _year(self, text: str) -> int | None:
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) == 4):
            raise Http404
        return int(text)
