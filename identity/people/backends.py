"""How a name and a password become a person."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from identity.people import queries


class AccountBackend(AuthenticationBackend):
    """One field takes a phone number, an e-mail address or a work account name. An unknown name costs as long as a wrong password."""

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> AbstractBaseUser | None:
        login = credentials.get("username") or ""
        return self._check_password(queries.person_by_login(login), credentials.get("password") or "")
