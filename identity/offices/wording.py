"""What the powers are called on pages."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from identity.offices.powers import Power

POWER_NAMES: dict[Power, Promise] = {
    Power.RECEIVE: _("Receive applications"),
    Power.PROCESS: _("Process cases"),
    Power.LEAD: _("Assign and review work"),
    Power.APPROVE: _("Approve and sign"),
    Power.REGISTER: _("Number and seal documents"),
    Power.SUPERVISE: _("Supervise"),
    Power.EDIT_CATALOGUE: _("Edit procedures"),
    Power.ADMINISTER: _("Administer accounts and offices"),
}
