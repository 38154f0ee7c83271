"""Opens the audit context of a request that may write."""

from django.http import HttpRequest, HttpResponse

from dalian_coop.history.context import acting

READS = {"GET", "HEAD", "OPTIONS", "TRACE"}


class ChangeContext:
    """Names the signed-in person, the reason given and the address. REST adds its client after authentication."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in READS:
            return self.get_response(request)
        reason = request.headers.get("X-Change-Reason", "")[:400]
        with acting(request.user, reason=reason, url=request.path):
            return self.get_response(request)
