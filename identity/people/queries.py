"""The only reader of accounts."""

from contextlib import suppress
from datetime import date

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet

from identity.people import contacts, national_id
from identity.people.models import Mandate, Person
from portal.kit.folding import fold


def person_by_login(text: str) -> Person | None:
    """Who signs in with this phone number, e-mail address or work account name; active or not."""
    typed = text.strip()
    if not typed:
        return None
    try:
        found = person_by_contact(contacts.normal(typed))
    except contacts.InvalidContact:
        found = None
    return found or Person.objects.filter(username=typed.lower()).first()


def person_by_contact(contact: str) -> Person | None:
    """The account with this stored phone number or e-mail address, confirmed or not."""
    return Person.objects.filter(_has(contact)).first()


def abandoned(contact: str, personal_number: str = "") -> QuerySet[Person]:
    """Residents' accounts that hold the contact or the personal number but never proved a contact nor signed in.

    Those a counter made are not among them: they wait to be claimed.
    """
    holds = _has(contact)
    if personal_number:
        holds |= Q(personal_number=personal_number)
    return _unproved().filter(holds).exclude(_made_at_counter())


def _unproved() -> QuerySet[Person]:
    return Person.objects.filter(kind=Person.Kind.RESIDENT, email_verified=False, phone_verified=False, last_login=None)


def _made_at_counter() -> Q:
    """Without a password, or filed for before anybody could have signed in."""
    return Q(password__startswith=UNUSABLE_PASSWORD_PREFIX) | Q(cases__isnull=False)


def waits_for_owner(person: Person) -> bool:
    """Whether nobody has proved yet to be reached by the account's contacts, nor signed in."""
    return _unproved().filter(pk=person.pk).exists()


def claimable(personal_number: str, phone: str, birth_date: date | None) -> Person | None:
    """The account a counter made for whoever has this number, birth date and phone, which nobody has claimed yet."""
    found = _unproved().filter(_made_at_counter(), personal_number=personal_number, phone=phone, birth_date=birth_date)
    return found.distinct().first()


def resident_by_number(personal_number: str) -> Person | None:
    """The resident's account with this personal number. For officials' pages only."""
    return Person.objects.filter(personal_number=national_id.tidy(personal_number), kind=Person.Kind.RESIDENT).first()


def is_taken(contact: str, personal_number: str = "") -> bool:
    """Whether a living account already has the contact or the personal number."""
    holds = _has(contact)
    if personal_number:
        holds |= Q(personal_number=personal_number)
    left = abandoned(contact, personal_number).values("pk")
    return Person.objects.filter(holds).exclude(pk__in=left).exists()


def _has(contact: str) -> Q:
    return Q(email=contact) if contacts.is_email(contact) else Q(phone=contact)


def matching_exactly(text: str) -> QuerySet[Person]:
    """Accounts with this work account name, phone number, e-mail address or personal number."""
    typed = text.strip()
    found = Q(username=typed.lower()) | Q(personal_number=national_id.tidy(typed))
    with suppress(contacts.InvalidContact):
        found |= _has(contacts.normal(typed))
    return Person.objects.filter(found)


def contact_of(person: Person) -> tuple[str, bool]:
    """Where codes go, and whether the person proved to be reached there; a confirmed contact first, ("", False) for none."""
    held = [(person.phone, person.phone_verified), (person.email, person.email_verified)]
    known = [(contact, proved) for contact, proved in held if contact]
    return max(known, key=lambda one: one[1], default=("", False))


# For others


def resident_named(personal_number: str, full_name: str) -> Person | None:
    """The resident with this personal number, if the name is theirs too: neither alone finds anybody."""
    found = Person.objects.filter(
        personal_number=national_id.tidy(personal_number), kind=Person.Kind.RESIDENT, is_active=True
    ).first()
    return found if found is not None and fold(found.full_name) == fold(" ".join(full_name.split())) else None


def party_to(person: Person) -> Q:
    """What picks the mandates a person holds or has granted."""
    return Q(agent=person) | Q(grantor=person)


def granted_by(person: Person) -> QuerySet[Mandate]:
    """Every mandate the person granted, the newest first."""
    return Mandate.objects.filter(grantor=person).select_related("agent").order_by("-pk")


def held_by(person: Person) -> QuerySet[Mandate]:
    """Every mandate the person holds, the newest first."""
    return Mandate.objects.filter(agent=person).select_related("grantor", "business").order_by("-pk")


def mandate_of(person: Person, pk: int) -> Mandate:
    """A mandate the person holds or has granted. Raises Mandate.DoesNotExist."""
    return Mandate.objects.select_related("grantor", "business", "agent").get(party_to(person), pk=pk)
