"""Who may write the catalogue."""

from django.utils.translation import gettext as _

from identity.offices import queries as offices
from identity.offices.powers import Power
from identity.people.models import Person
from portal.kit.refusal import Refused


def check_editor(by: Person) -> None:
    """Refused unless the person may edit the catalogue today."""
    if Power.EDIT_CATALOGUE not in offices.powers_of(by):
        raise Refused("catalogue.not_editor", _("Only editors of the catalogue may do this."), status=403)
