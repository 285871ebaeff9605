"""An account that can sign in. Who the person is lies in the people wing."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from stepdown.hub.models.record import Record


class UserManager(BaseUserManager["User"]):
    """Makes accounts; sign-in names are email addresses, compared without case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(Record, AbstractBaseUser):
    """An account. ``demonstration`` accounts are refused anywhere but on this machine."""

    email = models.EmailField(unique=True)
    display_name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    demonstration = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    class Meta:
        db_table = "hub_user"

    def __str__(self) -> str:
        return f"Account {self.pk}"

    def get_username(self) -> str:
        return self.email
