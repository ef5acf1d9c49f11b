"""The only writer of accounts."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from identity.people import contacts, mandates, national_id, queries
from identity.people.models import Business, Mandate, Person
from portal.kit import clock
from portal.kit.folding import fold
from portal.kit.refusal import Refused

WRONG_PASSWORDS = 5
WRONG_PASSWORD_SECONDS = 5 * 60
GRANTS_TRIED, GRANT_SECONDS = 10, 24 * 3600
"""Whoever grants names an account by name and number; so that nobody finds accounts by trying, they try ten a day."""


class AlreadyRegistered(Exception):
    """An account has this contact or personal number. Whoever asked is told by message to that contact, never on the page."""


def register(
    *,
    full_name: str,
    password: str | None,
    phone: str | None = None,
    email: str | None = None,
    personal_number: str | None = None,
    birth_date: date | None = None,
    sex: str = "",
    address: str = "",
    verified: bool = False,
    identity_checked_on: date | None = None,
    language: str = "vi",
) -> Person:
    """A resident's account. `verified` says that the contacts are known to be theirs, `identity_checked_on` when an official
    compared who they are with their card.

    Accounts that were begun with the same contact or personal number and never finished make way. One that a counter made for this
    number, birth date and phone is claimed: it gets the password, and counts once the code sent to the phone is typed.
    Raises AlreadyRegistered, or InvalidContact or InvalidNationalId for values no form would have let through.
    """
    phone = contacts.normal(phone) if phone else None
    email = contacts.normal(email) if email else None
    if personal_number:
        national_id.parse(personal_number)
    given = [contact for contact in (phone, email) if contact]
    if password and phone and personal_number and (waiting := queries.claimable(personal_number, phone, birth_date)):
        return change_password(waiting, password)
    try:
        with transaction.atomic():
            for contact in given:
                if queries.is_taken(contact, personal_number or ""):
                    raise AlreadyRegistered
                queries.abandoned(contact, personal_number or "").delete()
            return Person.objects.create_user(
                password,
                kind=Person.Kind.RESIDENT,
                full_name=" ".join(full_name.split()),
                phone=phone,
                phone_verified=bool(phone and verified),
                email=email,
                email_verified=bool(email and verified),
                personal_number=personal_number or None,
                birth_date=birth_date,
                sex=sex,
                address=address,
                identity_checked_on=identity_checked_on,
                language=language,
            )
    except IntegrityError:
        # Two sign-ups at the same moment: the database lets one through.
        raise AlreadyRegistered from None


@transaction.atomic
def register_at_counter(
    *, personal_number: str, birth_date: date, full_name: str = "", phone: str = "", address: str = "", checked: bool = False
) -> Person:
    """The account of the person present: the one with this personal number, or a new one that cannot sign in until it is claimed.

    `checked` says that an official compared who they are with their card. Raises Refused: "person.birth_date" when the account says
    another date, "person.full_name" when there is no account and no name, or the name on a card that was compared is another one,
    "person.phone" for a phone that another account has.
    """
    national_id.parse(personal_number)
    name = " ".join(full_name.split())
    normal = contacts.normal(phone) if phone else None
    person = Person.objects.select_for_update().filter(personal_number=personal_number, kind=Person.Kind.RESIDENT).first()
    if person is None:
        return _new_at_counter(personal_number, birth_date, name, normal, address, checked)
    if person.birth_date is not None and person.birth_date != birth_date:
        message = _("The account with this personal number has another date of birth. Compare both with the card.")
        raise Refused("person.birth_date", message, field="birth_date", status=422)
    if queries.abandoned(person.phone or person.email or "", personal_number).filter(pk=person.pk).exists():
        # Somebody began it with this number and never proved anything: nothing they typed counts.
        if not name:
            raise _name_missing()
        person.set_unusable_password()
        person.full_name, person.birth_date, person.email, person.phone = name, birth_date, None, None
    if checked:
        if name and fold(name) != fold(person.full_name):
            message = _("The account is in the name of %(name)s. Compare it with the card.") % {"name": person.full_name}
            raise Refused("person.full_name", message, field="full_name", status=422)
        person.birth_date, person.identity_checked_on = birth_date, clock.today()
    if normal and queries.waits_for_owner(person):
        _free_phone(normal, person.pk)
        person.phone = normal
    person.save()
    return person


def _new_at_counter(personal_number: str, birth_date: date, name: str, phone: str | None, address: str, checked: bool) -> Person:
    if not name:
        raise _name_missing()
    if phone:
        _free_phone(phone)
    try:
        with transaction.atomic():
            return Person.objects.create_user(
                None,
                kind=Person.Kind.RESIDENT,
                full_name=name,
                phone=phone,
                personal_number=personal_number,
                birth_date=birth_date,
                sex=national_id.parse(personal_number).sex,
                address=" ".join(address.split()),
                identity_checked_on=clock.today() if checked else None,
            )
    except IntegrityError:
        # Two counters at the same moment: the database lets one through.
        raise Refused("person.exists", _("Another counter has just registered this person. Look again."), status=409) from None


def _name_missing() -> Refused:
    message = _("There is no account with this personal number yet. Enter the full name as on the card to register the person.")
    return Refused("person.full_name", message, field="full_name", status=422)


def _free_phone(phone: str, but: int = 0) -> None:
    """Accounts that were begun with the phone and never finished make way. Refused when a living one has it."""
    queries.abandoned(phone).exclude(pk=but).delete()
    if Person.objects.filter(phone=phone).exclude(pk=but).exists():
        message = _("Another account has this phone number. Leave it empty or ask for another one.")
        raise Refused("person.phone", message, field="phone", status=422)


@transaction.atomic
def create_official(
    *,
    username: str,
    full_name: str,
    password: str | None,
    email: str | None = None,
    phone: str | None = None,
    is_staff: bool = False,
) -> Person:
    """A work account, made by an administrator who vouches for its contacts. Raises Refused when the name is taken."""
    name = username.strip().lower()
    if Person.objects.filter(username=name).exists():
        raise Refused("person.username", _("This work account name is in use."), field="username", status=422)
    return Person.objects.create_user(
        password,
        kind=Person.Kind.OFFICIAL,
        username=name,
        full_name=" ".join(full_name.split()),
        email=contacts.normal(email) if email else None,
        email_verified=bool(email),
        phone=contacts.normal(phone) if phone else None,
        phone_verified=bool(phone),
        is_staff=is_staff,
    )


@transaction.atomic
def save_account(person: Person, password: str = "") -> Person:
    """Write what an administrator changed of an account, with a new password when one is given.

    Contacts of a work account count as confirmed: the administrator vouches for them.
    """
    if person.is_official:
        person.email, person.phone = person.email or None, person.phone or None
        person.email_verified, person.phone_verified = bool(person.email), bool(person.phone)
    if password:
        person.set_password(password)
    person.save()
    return person


def confirm_contact(person: Person, contact: str) -> Person:
    """The person has shown that a code sent there reaches them: the account now has this contact.

    Raises Refused when another account has it.
    """
    if contacts.is_email(contact):
        person.email, person.email_verified, fields = contact, True, ["email", "email_verified"]
    else:
        person.phone, person.phone_verified, fields = contact, True, ["phone", "phone_verified"]
    try:
        with transaction.atomic():
            queries.abandoned(contact).exclude(pk=person.pk).delete()
            person.save(update_fields=fields)
    except IntegrityError:
        raise Refused("contact.taken", _("Another account has this phone number or e-mail address.")) from None
    return person


@transaction.atomic
def update_profile(person: Person, *, address: str, language: str) -> Person:
    """Change what a person may change by themselves; who they are legally comes from their papers."""
    person.address = " ".join(address.split())
    person.language = language
    person.save(update_fields=["address", "language"])
    return person


def change_language(person: Person, language: str) -> Person:
    """The language of pages and messages: "vi" or "en"."""
    if person.language != language:
        person.language = language
        person.save(update_fields=["language"])
    return person


def change_password(person: Person, password: str) -> Person:
    """Set a new password; every other session of the person ends."""
    person.set_password(password)
    person.save(update_fields=["password"])
    return person


def confirm_password(person: Person, password: str) -> bool:
    """Whether this is the person's password, asked once more before a signature or a seal.

    After five wrong answers in five minutes raises Refused("password.locked") until the five minutes are over.
    """
    key = f"confirm-password:{person.pk}"
    cache.add(key, 0, WRONG_PASSWORD_SECONDS)
    # Counted before looking: answers tried at the same time must not all be looked at.
    if cache.incr(key) > WRONG_PASSWORDS:
        message = _("The password was wrong five times. Wait five minutes, then try again.")
        raise Refused("password.locked", message, field="password", status=429)
    if not person.check_password(password):
        return False
    cache.delete(key)
    return True


# For others


@transaction.atomic
def grant_mandate(
    grantor: Person,
    *,
    agent_number: str,
    agent_name: str,
    procedures: Sequence[str] = (),
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Mandate:
    """Let another resident file in one's name. Personal number and name must both be theirs.

    Raises Refused: "mandate.agent" when no account has both, "mandate.self", "mandate.days", "mandate.exists", and
    "mandate.too_many" after ten grants in a day.
    """
    key = f"grant-mandate:{grantor.pk}"
    cache.add(key, 0, GRANT_SECONDS)
    if cache.incr(key) > GRANTS_TRIED:
        raise Refused("mandate.too_many", _("Ten people were named today. Try again tomorrow."), status=429)
    if grantor.is_official:
        raise Refused("mandate.official", _("A work account grants nothing in its own name."), status=403)
    first = starts_on or clock.today()
    if ends_on is not None and not (max(first, clock.today()) <= ends_on <= first + mandates.LONGEST):
        raise Refused(
            "mandate.days", _("The last day must be today or later, and within five years."), field="ends_on", status=422
        )
    if agent_number == grantor.personal_number:
        raise Refused("mandate.self", _("This is your own personal number."), field="agent_number", status=422)
    agent = queries.resident_named(agent_number, agent_name)
    if agent is None:
        raise Refused(
            "mandate.agent",
            _(
                "No account here has this personal number and this name. Compare both with the identity card; the person must "
                "have made an account first."
            ),
            field="agent_number",
            status=422,
        )
    # One at a time for each grantor, so that a double click grants once.
    Person.objects.select_for_update().get(pk=grantor.pk)
    held = queries.granted_by(grantor).filter(agent=agent).exclude(state=Mandate.State.REVOKED)
    if any(mandates.bar(one.terms, "", clock.today()) in (None, mandates.Bar.SCOPE, mandates.Bar.NOT_YET) for one in held):
        raise Refused(
            "mandate.exists",
            _("This person may file for you already. Take that mandate back first to give another one."),
            field="agent_number",
        )
    return Mandate.objects.create(
        agent=agent,
        grantor=grantor,
        basis=Mandate.Basis.AUTHORISED,
        state=Mandate.State.GRANTED,
        procedures=sorted(set(procedures)),
        starts_on=first,
        ends_on=ends_on,
    )


@transaction.atomic
def revoke_mandate(by: Person, pk: int) -> Mandate:
    """End a mandate at once: its grantor takes it back, or its agent gives it up. A repeat changes nothing.

    Raises Mandate.DoesNotExist for everybody else's.
    """
    mandate = Mandate.objects.select_for_update().get(queries.party_to(by), pk=pk)
    if mandate.state != Mandate.State.REVOKED:
        mandate.state, mandate.revoked_at = Mandate.State.REVOKED, clock.now()
        mandate.save(update_fields=["state", "revoked_at"])
    return mandate


@transaction.atomic
def declare_for_business(agent: Person, *, tax_code: str, name: str, basis: str) -> Mandate:
    """The agent says to act for the business; the same again gives the same mandate."""
    business, _is_new = Business.objects.get_or_create(tax_code=tax_code, defaults={"name": name[:300]})
    return _declared(agent, basis, business=business)


@transaction.atomic
def declare_for_person(agent: Person, *, number: str, name: str, basis: str) -> Mandate:
    """The agent says to act for the person; the same again gives the same mandate."""
    return _declared(agent, basis, principal_number=number, principal_name=name[:200])


def _declared(agent: Person, basis: str, **principal: Any) -> Mandate:
    Person.objects.select_for_update().get(pk=agent.pk)
    state = Mandate.State.DECLARED
    found = Mandate.objects.filter(agent=agent, basis=basis, state=state, **principal).order_by("pk").first()
    return found or Mandate.objects.create(agent=agent, basis=basis, state=state, **principal)
