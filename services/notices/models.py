"""What was said to whom, by which channel, and whether it arrived."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kit import clock
from services.notices import quiet_hours
from services.notices.lanes import Group, Lane


class Channel(models.TextChoices):
    """A way out of the portal."""

    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")


class Notice(models.Model):
    """One thing said to one person, kept in their inbox. `key` makes saying it twice impossible."""

    key = models.CharField(max_length=80, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    event = models.CharField(max_length=40, blank=True)
    group = models.CharField(max_length=10, choices=[(group.value, group.value) for group in Group], default=Group.PROGRESS)
    lane = models.CharField(max_length=6, choices=[(lane.value, lane.value) for lane in Lane], default=Lane.NORMAL)
    case_number = models.CharField(max_length=60, blank=True)
    url = models.CharField(max_length=300, blank=True, help_text="Where the matter is seen.")
    subject = models.CharField(max_length=200)
    body = models.TextField()
    short = models.TextField(blank=True, help_text="As an SMS.")
    channel = models.CharField(max_length=5, choices=Channel.choices, blank=True, help_text="Empty: the inbox alone.")
    queued_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(null=True, blank=True, help_text="Not to leave before; empty once it is in a delivery.")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="notice_inbox", fields=["person", "-id"]),
            models.Index(name="notice_unread", fields=["person"], condition=Q(read_at__isnull=True)),
            models.Index(name="notice_due", fields=["due_at"], condition=Q(due_at__isnull=False)),
            models.Index(name="notice_waiting_for_person", fields=["person"], condition=Q(due_at__isnull=False)),
            models.Index(name="notice_of_case", fields=["case_number"], condition=~Q(case_number="")),
        ]

    def __str__(self) -> str:
        return self.subject


class Delivery(models.Model):
    """One message on its way to one address, with one notice or several; or a code, which belongs to no notice."""

    class State(models.TextChoices):
        QUEUED = "queued", _("On its way")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Arrived")
        BOUNCED = "bounced", _("Came back")
        FAILED = "failed", _("Not sent")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False, help_text="What gateways know it by.")
    reference = models.CharField(max_length=100, blank=True, help_text="The gateway's own name for it.")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="deliveries"
    )
    notices = models.ManyToManyField(Notice, related_name="deliveries")
    lane = models.CharField(max_length=6, choices=[(lane.value, lane.value) for lane in Lane], default=Lane.NORMAL)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True, help_text="Emptied once a code has left.")
    state = models.CharField(max_length=9, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)
    queued_at = models.DateTimeField(default=clock.now)
    next_attempt_at = models.DateTimeField(
        default=clock.now, help_text="Not before; while it is being sent, when its worker is given up."
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True, help_text="When the last report about it came.")

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="delivery_waiting", fields=["next_attempt_at"], condition=Q(state="queued")),
            models.Index(name="delivery_reference", fields=["reference"], condition=~Q(reference="")),
            models.Index(name="delivery_of_code", fields=["queued_at"], condition=Q(lane="code")),
        ]

    def __str__(self) -> str:
        return str(self.key)


class DeadAddress(models.Model):
    """An address that sent messages back for good. It counts for the person until they say that it works again."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="dead_addresses")
    channel = models.CharField(max_length=5, choices=Channel.choices)
    to = models.CharField(max_length=254)
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(name="dead_address_once", fields=["person", "to"]),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.channel}"


class Preference(models.Model):
    """How a person wants to be told. Without a row: by e-mail, else by SMS, and no SMS at night."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preference")
    channels = models.JSONField(default=dict, help_text="Group -> channel, empty for the inbox alone.")
    quiet_from = models.TimeField(default=quiet_hours.FROM)
    quiet_until = models.TimeField(default=quiet_hours.UNTIL)
    quiet_email = models.BooleanField(default=False, help_text="E-mails wait for the end of the quiet hours too.")
    digest = models.BooleanField(default=True, help_text="A summary each working morning.")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="preference_without_digest", fields=["person"], condition=Q(digest=False)),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}"


class NoticeTemplate(models.Model):
    """A city's own wording of an event. Rows are only added: the newest counts, one without a body means our wording again."""

    event = models.CharField(max_length=40)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    channel = models.CharField(max_length=5, choices=Channel.choices)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(name="notice_template_newest", fields=["event", "language", "channel", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.language} {self.channel}"


class DevelopmentMessage(models.Model):
    """What would have been sent, where no mail server or SMS gateway is configured: shown on a page."""

    channel = models.CharField(max_length=5, choices=Channel.choices)
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"
