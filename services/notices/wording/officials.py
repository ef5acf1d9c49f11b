"""What officials are told, shortly. Only a case number names the case."""

from django.utils.translation import gettext_lazy

from services.notices.lanes import Group, Lane
from services.notices.wording.sentences import Event

EVENTS: dict[str, Event] = {
    "work_assigned": Event(
        gettext_lazy("Case %(number)s has been given to you"),
        gettext_lazy("A step of the case at %(office)s is now yours."),
        dated=True,
        due=gettext_lazy("It is due at %(due)s."),
        group=Group.WORK,
    ),
    "work_shared_out": Event(
        gettext_lazy("Case %(number)s has come to you by sharing out"),
        gettext_lazy("New work of %(office)s was shared out, and this step is yours."),
        dated=True,
        due=gettext_lazy("It is due at %(due)s."),
        group=Group.WORK,
    ),
    "work_returned": Event(
        gettext_lazy("Case %(number)s is back in the queue"),
        gettext_lazy("The colleague who held it can no longer work on it. It waits at %(office)s for somebody to take it."),
        dated=True,
        due=gettext_lazy("It is due at %(due)s."),
        group=Group.WORK,
    ),
    "claim_expiring": Event(
        gettext_lazy("Case %(number)s goes back to the queue soon"),
        gettext_lazy(
            "Nothing has happened with your step of the case for a while. Go on with it, or colleagues of %(office)s may take it."
        ),
        dated=True,
        due=gettext_lazy("It goes back at %(due)s."),
        group=Group.REMINDERS,
    ),
    "claim_expired": Event(
        gettext_lazy("Case %(number)s has gone back to the queue"),
        gettext_lazy("Nothing happened with this step for too long. It waits at %(office)s for somebody to take it."),
        dated=True,
        due=gettext_lazy("It is due at %(due)s."),
        group=Group.WORK,
    ),
    "nobody_there": Event(
        gettext_lazy("Case %(number)s waits: nobody is there to do it"),
        gettext_lazy("%(office)s shares out its work, but everybody who may do this step is away today. Give it to somebody."),
        dated=True,
        due=gettext_lazy("It is due at %(due)s."),
        group=Group.WORK,
    ),
    "deadline_near": Event(
        gettext_lazy("Case %(number)s is due soon"),
        gettext_lazy("The time for this step at %(office)s is running out."),
        dated=True,
        due=gettext_lazy("It is due at %(due)s."),
        group=Group.REMINDERS,
    ),
    "deadline_missed": Event(
        gettext_lazy("Case %(number)s is overdue"),
        gettext_lazy("The time for this step at %(office)s is over."),
        dated=True,
        due=gettext_lazy("It was due at %(due)s."),
        group=Group.REMINDERS,
    ),
    "case_unopened": Event(
        gettext_lazy("Case %(number)s has not been opened yet"),
        gettext_lazy("Filed online two working hours ago, it waits at %(office)s for somebody to check it."),
        dated=True,
        due=gettext_lazy("The check is due at %(due)s."),
        group=Group.REMINDERS,
    ),
    "apology_drafted": Event(
        gettext_lazy("Case %(number)s will miss its date: an apology is prepared"),
        gettext_lazy(
            "The steps that are left, now at %(office)s, need more time than there is. Read the apology with the new date, change "
            "it if needed, and have it signed before the date."
        ),
        dated=True,
        due=gettext_lazy("The answer is promised for %(due)s."),
        group=Group.WORK,
    ),
    "cases_overdue": Event(
        gettext_lazy("Overdue cases, %(day)s"),
        gettext_lazy("Cases you answer for whose date is over:"),
        lines=(
            ("count", gettext_lazy("Overdue: %(count)s")),
            ("oldest", gettext_lazy("Overdue longest: %(oldest)s")),
        ),
        group=Group.REMINDERS,
    ),
    "supplement_answered_at_desk": Event(
        gettext_lazy("Case %(number)s: the applicant has completed it"),
        gettext_lazy("What %(office)s asked for has arrived, and the time limit runs again."),
        dated=True,
        due=gettext_lazy("It is due at %(due)s."),
        group=Group.WORK,
    ),
    "supplement_lapsed_at_desk": Event(
        gettext_lazy("Case %(number)s: the applicant did not complete it in time"),
        gettext_lazy("The time to answer the request of %(office)s is over. The case can be stopped, or waited for."),
        group=Group.WORK,
    ),
    "consult_asked": Event(
        gettext_lazy("Case %(number)s: your opinion is asked for"),
        gettext_lazy("%(office)s is asked for its opinion."),
        dated=True,
        due=gettext_lazy("It is due at %(due)s."),
        group=Group.WORK,
    ),
    "consult_answered": Event(
        gettext_lazy("Case %(number)s: an opinion has arrived"),
        gettext_lazy("%(office)s has given its opinion."),
        group=Group.WORK,
    ),
    "returned_to_step": Event(
        gettext_lazy("Case %(number)s has come back to an earlier step"),
        gettext_lazy("The step at %(office)s is to be done again."),
        dated=True,
        due=gettext_lazy("It is due at %(due)s."),
        group=Group.WORK,
    ),
    "applicant_wrote": Event(
        gettext_lazy("Case %(number)s: the applicant has written"),
        gettext_lazy("There is a new message in the case."),
        group=Group.MESSAGES,
    ),
    "digest": Event(
        gettext_lazy("Your work today, %(day)s"),
        gettext_lazy("What waits for you this morning:"),
        lines=(
            ("overdue", gettext_lazy("Overdue, in your hands: %(overdue)s")),
            ("due_today", gettext_lazy("Due today, in your hands: %(due_today)s")),
            ("unclaimed", gettext_lazy("Waiting for somebody at your offices: %(unclaimed)s")),
            ("of_absent", gettext_lazy("Held by absent colleagues: %(of_absent)s")),
            ("messages", gettext_lazy("Messages of applicants nobody has read: %(messages)s")),
        ),
        group=Group.DIGEST,
        lane=Lane.DIGEST,
    ),
}
