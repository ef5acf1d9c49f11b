"""What applicants are told, in plain words: what happened, what comes next, where to look."""

from django.utils.translation import gettext_lazy

from services.notices.lanes import Group, Lane
from services.notices.wording.sentences import Event

EVENTS: dict[str, Event] = {
    "filed": Event(
        gettext_lazy("Application %(number)s has been filed"),
        gettext_lazy("%(agency)s has received your application."),
        gettext_lazy(
            "An official checks it within 8 working hours and then either accepts it, giving the day of the answer, or asks once "
            "for what is missing. Nothing needs to be done until then."
        ),
        lane=Lane.NOW,
    ),
    "accepted": Event(
        gettext_lazy("Application %(number)s has been accepted"),
        gettext_lazy("%(office)s has accepted your application."),
        gettext_lazy("The receipt with the day of the answer is on the page of the case. Keep the case number for any question."),
        dated=True,
        group=Group.DUTY,
    ),
    "refused": Event(
        gettext_lazy("Application %(number)s was not accepted"),
        gettext_lazy("%(office)s could not accept your application."),
        gettext_lazy("Read the reason, then file a new application once it is settled. This one needs nothing more."),
        group=Group.DUTY,
    ),
    "supplement_requested": Event(
        gettext_lazy("Application %(number)s needs more papers"),
        gettext_lazy("%(office)s asks you to complete your application."),
        gettext_lazy("Open the case, add what is asked for and send it. The time limit stands still until then."),
        group=Group.DUTY,
    ),
    "supplement_answered": Event(
        gettext_lazy("Application %(number)s: what you added has arrived"),
        gettext_lazy("%(agency)s has received what you added to your application."),
        gettext_lazy("The work goes on from where it stopped. Nothing needs to be done."),
        dated=True,
        lane=Lane.NOW,
    ),
    "payment_requested": Event(
        gettext_lazy("Application %(number)s: a fee is to be paid"),
        gettext_lazy("%(office)s asks you to pay the fee of your application."),
        gettext_lazy("The amount and how to pay are on the page of the case. The time limit stands still until it is paid."),
        group=Group.DUTY,
    ),
    "payment_confirmed": Event(
        gettext_lazy("Application %(number)s: the fee has been paid"),
        gettext_lazy("%(office)s has confirmed your payment."),
        gettext_lazy("The work goes on. Nothing needs to be done."),
        dated=True,
    ),
    "withdrawal_requested": Event(
        gettext_lazy("Application %(number)s: your request to withdraw has arrived"),
        gettext_lazy("%(agency)s has received your request to withdraw the application."),
        gettext_lazy("An official answers it within 8 working hours."),
        lane=Lane.NOW,
    ),
    "stopped": Event(
        gettext_lazy("Application %(number)s has been stopped"),
        gettext_lazy("%(agency)s has stopped working on your application."),
        gettext_lazy("The case is closed. A new application can be filed at any time."),
        group=Group.DUTY,
    ),
    "in_progress": Event(
        gettext_lazy("Application %(number)s is being worked on"),
        gettext_lazy("%(agency)s is working on your application."),
        gettext_lazy("Each step can be followed on the page of the case. Nothing needs to be done."),
        dated=True,
    ),
    "completed": Event(
        gettext_lazy("Application %(number)s: the answer is ready"),
        gettext_lazy("%(agency)s has finished your application."),
        gettext_lazy("Download the signed answer from the page of the case, or collect the paper at %(return_place)s."),
        group=Group.DUTY,
    ),
    "returned": Event(
        gettext_lazy("Application %(number)s: the answer has been handed over"),
        gettext_lazy("%(return_place)s has handed over the answer to your application."),
        gettext_lazy("The signed electronic copy stays on the page of the case."),
    ),
    "virus_found": Event(
        gettext_lazy("Application %(number)s: a file contained a virus"),
        gettext_lazy("A file of your application contained a virus and was removed before anybody opened it."),
        gettext_lazy("Have your device checked and keep another copy ready. The office asks for it when it needs the file."),
        group=Group.DUTY,
    ),
    "document_ready": Event(
        gettext_lazy("Application %(number)s: a new document"),
        gettext_lazy("%(agency)s has issued a document in your case."),
        gettext_lazy("It can be downloaded from the page of the case."),
    ),
    "supplement_reminder": Event(
        gettext_lazy("Application %(number)s: please complete it soon"),
        gettext_lazy("%(office)s is waiting for what it asked you to add to your application."),
        gettext_lazy("Open the case, add what is asked for and send it. The time limit stands still until then."),
        dated=True,
        due=gettext_lazy("Please answer by %(due)s."),
        group=Group.REMINDERS,
    ),
    "supplement_lapsed": Event(
        gettext_lazy("Application %(number)s: the time to complete it is over"),
        gettext_lazy("%(office)s asked you to complete your application, and the time to do so is over."),
        gettext_lazy(
            "You can still send what is asked for, as long as the agency has not stopped the case. Open the case and do it now."
        ),
        group=Group.DUTY,
    ),
    "extended": Event(
        gettext_lazy("Application %(number)s: an apology and a new date"),
        gettext_lazy("%(agency)s apologises: your application needs more time."),
        gettext_lazy("The signed apology with the reason is on the page of the case. Nothing needs to be done."),
        dated=True,
        due=gettext_lazy("The new date of the answer is %(due)s."),
        group=Group.DUTY,
    ),
    "transferred": Event(
        gettext_lazy("Application %(number)s has been passed on"),
        gettext_lazy("Your application has been passed to %(agency)s, which is competent for it."),
        gettext_lazy("The case number stays the same. Nothing needs to be done."),
        dated=True,
    ),
    "reopened": Event(
        gettext_lazy("Application %(number)s has been opened again"),
        gettext_lazy("%(agency)s has opened your application again to correct an error."),
        gettext_lazy("The work goes on. You are told once the corrected answer is ready. Nothing needs to be done."),
        dated=True,
        group=Group.DUTY,
    ),
    "message_received": Event(
        gettext_lazy("Application %(number)s: a new message"),
        gettext_lazy("%(office)s has written to you about your application."),
        gettext_lazy("Open the case to read the message and to answer it."),
        group=Group.MESSAGES,
    ),
    "address_not_working": Event(
        gettext_lazy("Messages do not reach you"),
        gettext_lazy("Messages to %(address)s come back: it does not take them."),
        gettext_lazy(
            "Correct it in your account. Until then messages go by another way if there is one, and are always kept in this inbox."
        ),
        group=Group.ACCOUNT,
    ),
}
