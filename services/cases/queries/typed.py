"""What is stored of a page of a draft: answers, and text that cannot be an answer yet."""

from services.cases import typed
from services.cases.models import Case
from services.forms.build import PageForm, form_class
from services.forms.definition import Definition


def is_missing(code: str) -> bool:
    """Whether a complaint only says that something was left out."""
    return code.startswith("missing_") or code == "too_few_rows"


def complaints(form: PageForm) -> dict[str, str]:
    """What is wrong with what was typed, by input; what was left out is not wrong."""
    found = {}
    for name, errors in form.errors.as_data().items():
        wrong = [error for error in errors if not is_missing(error.code or "")]
        if wrong:
            found[name] = str(wrong[0].message)
    return found


def page_revision(case: Case, definition: Definition, page_key: str) -> str:
    """Names what is stored of the page, so that a device can tell whether another one has changed it."""
    keys = {field.key for field in definition.page(page_key).fields}
    answers = {key: value for key, value in case.answers.items() if key in keys}
    return typed.revision(answers, case.typed.get(page_key))


def stored_inputs(case: Case, definition: Definition, page_key: str) -> typed.Inputs:
    """What the inputs of the page hold as it is stored."""
    kept: typed.Inputs | None = case.typed.get(page_key)
    if kept is not None:
        return kept
    return typed.inputs(typed.shown_in(str(form_class(definition, page_key, case.answers)())).items())


def wrong_texts(case: Case, definition: Definition) -> list[tuple[str, str, str]]:
    """Page, question and complaint of every text that is kept and must be corrected."""
    found = []
    for page in definition.pages_shown(case.answers):
        held = case.typed.get(page.key)
        if held is None:
            continue
        keys = [field.key for field in page.fields]
        form = form_class(definition, page.key, case.answers)(held)
        questions: dict[str, str] = {}
        for name, message in complaints(form).items():
            questions.setdefault(typed.question_of(name, keys), message)
        found += [(page.key, key, message) for key, message in questions.items() if key]
    return found
