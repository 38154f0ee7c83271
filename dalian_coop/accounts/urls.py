"""Addresses of accounts, below ``/accounts/``."""

from django.urls import path

from dalian_coop.accounts.views import clients, signing_in

app_name = "accounts"
urlpatterns = [
    path("sign-in/", signing_in.SignIn.as_view(), name="sign-in"),
    path("sign-out/", signing_in.SignOut.as_view(), name="sign-out"),
    path("password/", signing_in.ChangePassword.as_view(), name="password"),
    path("profile/", signing_in.Profile.as_view(), name="profile"),
    path("clients/", clients.ClientList.as_view(), name="client-list"),
    path("clients/new/", clients.ClientAdd.as_view(), name="client-add"),
    path("clients/<uuid:pk>/", clients.ClientPage.as_view(), name="client"),
    path("clients/<uuid:pk>/edit/", clients.ClientEdit.as_view(), name="client-edit"),
    path("clients/<uuid:pk>/token/", clients.TokenIssue.as_view(), name="token-issue"),
    path("clients/<uuid:pk>/shut-out/", clients.ClientDisable.as_view(), name="client-disable"),
    path("tokens/<uuid:pk>/revoke/", clients.TokenRevoke.as_view(), name="token-revoke"),
]
