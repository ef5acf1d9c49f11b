"""The conversation between the applicant and the offices, in the case."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from identity.offices.models import Office
from portal.kit import clock
from services.cases.models.case import Case
from services.documents.models import Attachment


class CaseMessage(models.Model):
    """One message of the thread. A draft is its author's alone until it is sent; a sent one never changes."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(
        Office, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="Empty: written by the applicant."
    )
    body = models.TextField(blank=True)
    saved_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True, help_text="Empty: a draft.")
    read_at = models.DateTimeField(null=True, blank=True, help_text="When the other side first saw it.")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="case_message_one_draft", fields=["case", "author"], condition=Q(sent_at__isnull=True)),
            models.CheckConstraint(
                name="case_message_read_when_sent", condition=Q(read_at__isnull=True) | Q(sent_at__isnull=False)
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="case_message_thread", fields=["case", "sent_at"]),
            models.Index(name="case_message_unread", fields=["case"], condition=Q(sent_at__isnull=False, read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.key}"


class MessageFile(models.Model):
    """A file that goes with a message."""

    message = models.ForeignKey(CaseMessage, on_delete=models.CASCADE, related_name="files")
    attachment = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="message_link")
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.message} {self.position}"
