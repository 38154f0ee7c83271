"""Signing in and out, changing the password, choosing the language."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

from dalian_coop.accounts import services
from dalian_coop.accounts.forms import PasswordForm, SignInForm
from dalian_coop.base.errors import ValidationError


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class SignIn(View):
    """The sign-in page."""

    def get(self, request):
        if request.user.is_authenticated:
            return redirect(self._next())
        return self._page(SignInForm(request))

    def post(self, request):
        form = SignInForm(request, request.POST)
        if not form.is_valid():
            return self._page(form, status=429 if form.has_error("__all__", "wait") else 422)
        login(request, form.user)
        request.session.save()
        services.open_session(user=form.user, session_key=request.session.session_key)
        response = redirect(self._next())
        if form.user.language:
            _remember_language(response, form.user.language)
        return response

    def _page(self, form, status=200):
        context = {"form": form, "next": self._next(), "ended": "ended" in self.request.GET}
        return render(self.request, "accounts/sign_in.html", context, status=status)

    def _next(self) -> str:
        """Where the person wanted to go, if that is a page of this portal."""
        wanted = self.request.POST.get("next") or self.request.GET.get("next", "")
        safe = url_has_allowed_host_and_scheme(
            wanted, {self.request.get_host()}, require_https=self.request.is_secure()
        )
        return wanted if safe else resolve_url(settings.LOGIN_REDIRECT_URL)


@method_decorator(never_cache, name="dispatch")
class SignOut(View):
    """Ends the session on the server."""

    def get(self, request):
        return render(request, "accounts/sign_out.html")

    def post(self, request):
        logout(request)
        return redirect(settings.LOGOUT_REDIRECT_URL)


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class ChangePassword(LoginRequiredMixin, View):
    """The person's own password; the other sessions end."""

    def get(self, request):
        return render(request, "accounts/password.html", {"form": PasswordForm(request.user)})

    def post(self, request):
        form = PasswordForm(request.user, request.POST)
        if form.is_valid():
            try:
                return self._change(form.cleaned_data["new_password1"])
            except ValidationError as refused:
                form.add_service_errors(refused)
        return render(request, "accounts/password.html", {"form": form}, status=422)

    def _change(self, password: str) -> HttpResponse:
        user = self.request.user
        services.change_password(user=user, password=password, keep_session=self.request.session.session_key, by=user)
        update_session_auth_hash(self.request, user)
        self.request.session.save()
        services.open_session(user=user, session_key=self.request.session.session_key)
        messages.success(self.request, _("Your password is changed; your other sessions are ended."))
        return redirect("accounts:profile")


class Profile(LoginRequiredMixin, View):
    """Who I am here: name, roles, bureaus, language."""

    def get(self, request):
        return render(request, "accounts/profile.html", {"memberships": request.user.current_memberships})


@require_POST
def set_language(request):
    """Django's own view, and the person's profile remembers the choice."""
    response = django_set_language(request)
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        services.set_language(user=request.user, language=language, by=request.user)
    return response


def _remember_language(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )
