"""Who may open an application: whoever fills it in, by the key in its address."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from identity.trail.actions import record_look
from portal.kit.access import ask_to_sign_in
from portal.kit.refusal import Refused
from services.cases import actions, beginning, queries, stash, typed
from services.cases.adoption import adopt
from services.cases.filer import Filer, filer_of, known_filer, remember
from services.cases.models import Case

DraftView = Callable[..., HttpResponseBase]

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ANOTHER = "_another"
"""What a form sends to say that a second draft of the procedure is meant."""


def own_case(view: DraftView) -> DraftView:
    """Give the view the application by its key, draft or filed, or the one that its first keystroke is about to make.

    An address with signed choices stands for an application of which nothing is written yet: looking at it writes nothing, the
    first POST does. It is 404 for another person. Somebody who is not signed in, and in whose browser it was not begun, is asked to
    sign in: the same answer for every key, so that it tells nothing.
    """

    @wraps(view)
    def opened(request: HttpRequest, key: UUID, **kwargs: Any) -> HttpResponseBase:
        try:
            case = _case(request, key)
        except Case.DoesNotExist:
            if not request.user.is_authenticated:
                return sign_in_first(request, key, kwargs.get("page", ""))
            if for_script(request):
                return JsonResponse({"code": "gone"}, status=404)
            raise Http404 from None
        except actions.DraftExists as there:
            return _already_begun(request, there.draft)
        except Refused as refused:
            if refused.code != "draft.too_many":
                raise
            return _too_many(request, refused)
        response = view(request, case, **kwargs)
        if case.applicant_id is None:
            remember(request, response)
        return response

    return opened


def own_draft(view: DraftView) -> DraftView:
    """The same for drafts: once it is filed, the confirmation page is shown instead."""

    @wraps(view)
    def opened(request: HttpRequest, case: Case, **kwargs: Any) -> HttpResponseBase:
        if case.state != Case.State.DRAFT:
            done = reverse("file_done", args=[case.key])
            return JsonResponse({"code": "filed", "href": done}, status=409) if for_script(request) else redirect(done)
        return view(request, case, **kwargs)

    return own_case(opened)


def own(request: HttpRequest, key: UUID) -> Case:
    """The application by its key. Raises Http404 for everybody else's."""
    try:
        return queries.my_draft(filer_of(request), key)
    except Case.DoesNotExist:
        raise Http404 from None


def _case(request: HttpRequest, key: UUID) -> Case:
    filer = filer_of(request)
    try:
        case = queries.my_draft(filer, key)
    except Case.DoesNotExist:
        try:
            return _begun(request, key)
        except Case.DoesNotExist:
            # Of two first requests at once the other one may have just written it.
            return queries.my_draft(filer, key)
    if case.applicant_id is None and filer.person is not None and not filer.person.is_official:
        # Signing in has done this already, unless it failed then.
        adopt(request, filer)
        case = queries.my_draft(filer, key)
    if filer.person is not None and case.applicant_id not in (None, filer.person.pk):
        # It is at a counter, and this is its clerk.
        case.clerk = filer.person
        record_look(filer.person, str(case.key), "draft")
    elif case.applicant_id is not None:
        # The same person: no need to read them again.
        case.applicant = filer.person
    return case


def _begun(request: HttpRequest, key: UUID) -> Case:
    """The application as its signed choices make it: written by whatever changes something, and only thought of otherwise."""
    word = request.GET.get(beginning.PARAMETER, "")
    choices = beginning.read(word, key)
    if choices is None:
        raise Case.DoesNotExist
    filer = known_filer(request)
    case = queries.begun(filer, choices)
    if request.method in SAFE:
        case.beginning = word
        return case
    return begin(request, filer, case, another=choices.another or ANOTHER in request.POST)


def begin(request: HttpRequest, filer: Filer, case: Case, *, another: bool) -> Case:
    """Write the application. Raises DraftExists, or Refused("draft.too_many") for a network address that began too many."""
    if filer.person is None and beginning.too_many_from(get_adapter(request).get_client_ip(request)):
        raise Refused(
            "draft.too_many",
            _("Very many applications were begun from this network without signing in. Sign in, or try again in an hour."),
            status=429,
        )
    return actions.start_draft(
        filer,
        case.version,
        case.agency,
        case.circumstance,
        key=case.key,
        another=another,
        behalf=case.behalf,
        provenance=case.provenance,
    )


def for_script(request: HttpRequest) -> bool:
    """Whether a script asks, which wants an answer it can read and no page."""
    return request.headers.get("Accept", "").startswith("application/json")


def sign_in_first(request: HttpRequest, key: UUID, page: str = "") -> HttpResponseBase:
    """The way to the sign-in page and back; 401 for scripts. Text that came without a session is kept until the person is back."""
    if for_script(request):
        return JsonResponse({"code": "signed_out"}, status=401)
    if request.method in SAFE:
        return ask_to_sign_in(request)
    if not page:
        return redirect_to_login(reverse("file_continue", args=[key]))
    visitor = known_filer(request).visitor
    if queries.is_draft(key):
        stash.put(visitor, key, page, dict(request.POST.lists()))
    response = redirect_to_login(request.get_full_path())
    remember(request, response)
    return response


def _already_begun(request: HttpRequest, draft: Case) -> HttpResponseBase:
    href = reverse("file_continue", args=[draft.key])
    if for_script(request):
        return JsonResponse({"code": "exists", "href": href}, status=409)
    return _held(request, 409, draft=draft, href=href)


def _too_many(request: HttpRequest, refused: Refused) -> HttpResponseBase:
    if for_script(request):
        return JsonResponse({"code": "too_many", "message": refused.message}, status=refused.status)
    return _held(request, refused.status, message=refused.message)


def _held(request: HttpRequest, status: int, **context: Any) -> HttpResponseBase:
    """A page that carries what was sent, so that nothing is typed twice."""
    sent = [(name, value) for name, values in request.POST.lists() if name not in (typed.GUARD, ANOTHER) for value in values]
    return render(request, "filing/held.html", {"sent": sent, "another": ANOTHER, **context}, status=status)
