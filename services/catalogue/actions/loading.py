"""Records into drafts and route templates: each record wholly or not at all, and nothing that a person has worked on."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, transaction

from portal.kit.refusal import Refused
from services.catalogue.actions.drafting import start_draft
from services.catalogue.actions.importing import keep_route_template, reread_draft
from services.catalogue.content import skeleton
from services.catalogue.importing import databases, papers, procedures, routes, time_limits
from services.catalogue.importing.findings import REASONS, Finding
from services.catalogue.importing.reading import Entry, Kind, entries
from services.catalogue.importing.report import Line, Report, Result, kept
from services.catalogue.importing.texts import line
from services.catalogue.models import VersionDraft
from services.catalogue.queries import imports
from services.catalogue.queries.versions import content_of

SHORT_DIGEST = 16


def load(files: Iterable[tuple[str, bytes]], *, dry_run: bool = False) -> Report:
    """Import the records of the files (name, bytes). With `dry_run` everything is tried, and nothing kept."""
    with transaction.atomic() if dry_run else nullcontext():
        report = _Import([entry for name, data in files for entry in entries(data, name)]).run()
        if dry_run:
            transaction.set_rollback(True)
    return report


@dataclass(slots=True)
class _Template:
    """An internal workflow that may give a draft its route."""

    record: str
    digest: str
    name: str
    said: str
    steps: Sequence[Mapping[str, Any]]
    findings: Sequence[Finding]


@dataclass(slots=True)
class _Target:
    """A draft being made or changed; `lines` are the records that end up in it."""

    code: str
    content: dict[str, Any]
    findings: list[Finding]
    origin: dict[str, Any]
    draft: VersionDraft | None = None
    changed: bool = False
    lines: list[Line] = field(default_factory=list)
    result: Result = Result.UPDATED


class _Import:
    """One run over all records of all files, whatever their order."""

    def __init__(self, found: Sequence[Entry]) -> None:
        self.report = Report([Line(entry) for entry in found])
        self.procedures: dict[str, Line] = {}
        self.targets: dict[str, _Target] = {}
        self.templates: dict[str, list[_Template]] = {}
        for one in self.report.lines:
            if one.entry.problem:
                one.refuse(one.entry.problem)

    def run(self) -> Report:
        """Read, match, write."""
        self._accept()
        rows = [one for one in self._of(Kind.PAPER) if self._named(one, "procedure_code", "procedure_name")]
        workflows = [(one, routes.workflow(one.entry.raw)) for one in self._of(Kind.WORKFLOW)]
        self._know(rows, workflows)
        for one in self.procedures.values():
            self._procedure(one)
        self._keep_templates(workflows)
        for code in list(self.templates):
            self._route(code)
        for one in rows:
            self._paper(one)
        for target in self.targets.values():
            self._write(target)
        return self.report

    def _of(self, kind: Kind) -> list[Line]:
        return [one for one in self.report.lines if one.entry.kind == kind and one.result != Result.REFUSED]

    def _accept(self) -> None:
        """Procedures that can become drafts, each code once."""
        for one in self._of(Kind.PROCEDURE):
            one.record, one.name = procedures.code_of(one.entry.raw), line(one.entry.raw.get("name"))[:400]
            if problem := procedures.missing(one.entry.raw):
                one.refuse(problem)
            elif one.record not in self.procedures:
                self.procedures[one.record] = one
            elif (first := self.procedures[one.record]).entry.digest != one.entry.digest:
                one.refuse(Finding("code", "record.twice", f"{first.entry.file}:{first.entry.line}"))

    def _named(self, one: Line, code: str, name: str) -> bool:
        """Whether the record of a paper names a procedure."""
        found = routes.CODE.search(line(one.entry.raw.get(code)))
        one.name = line(one.entry.raw.get(name))[:400]
        if found is None:
            one.refuse(Finding(code, "record.code", line(one.entry.raw.get(code))[:200]))
            return False
        one.record = routes.national(found[0])
        return True

    def _know(self, rows: Sequence[Line], workflows: Sequence[tuple[Line, routes.Workflow]]) -> None:
        """Everything the database says about the procedures that are named, in a handful of queries."""
        self.domains = procedures.Domains([procedures.Domain(one.slug, one.name, one.position) for one in imports.all_domains()])
        named = [*imports.names(), *((code, one.name) for code, one in self.procedures.items())] if workflows else []
        self.code_of_name: dict[str, str] = {}
        self.name_of_code: dict[str, str] = dict(named)
        for code, name in named:
            if short := routes.essence(name):
                self.code_of_name.setdefault(short, routes.national(code))
        codes = {*self.procedures, *(one.record for one in rows)}
        for one, found in workflows:
            codes.update(self._codes(one, found))
        self.known = imports.known(codes)

    def _codes(self, one: Line, found: routes.Workflow) -> tuple[str, ...]:
        """The procedures a workflow is for: by code, else by name."""
        if found.codes:
            return found.codes
        texts = [found.name, line(one.entry.raw.get("heading"))]
        by_name = (self.code_of_name.get(short) for text in texts if (short := routes.essence(text)))
        return tuple(dict.fromkeys(code for code in by_name if code))

    # Procedures

    def _procedure(self, one: Line) -> None:
        known = self.known[one.record]
        if known.draft is None:
            if one.entry.digest not in known.closed:
                self._make(one, known, None)
            return
        one.draft = str(known.draft.key)
        if known.draft.origin.get("digest") == one.entry.digest:
            return
        if "digest" not in known.draft.origin:
            one.result = Result.HELD
            one.findings.append(Finding("", "record.edited"))
        elif known.touched:
            one.result = Result.HELD
            one.findings.append(Finding("", "record.touched"))
        else:
            self._make(one, known, known.draft)

    def _make(self, one: Line, known: imports.Known, draft: VersionDraft | None) -> None:
        made = procedures.content(one.entry.raw, self.domains, content_of(known.current) if known.current else None)
        origin = {"file": one.entry.file, "record": one.record, "digest": one.entry.digest, "papers": []}
        target = _Target(one.record, made.content, made.findings, origin, draft, changed=True, lines=[one])
        target.result = Result.UPDATED if draft else Result.NEW
        if draft:
            _keep_databases(target, draft)
        one.findings = target.findings
        self.targets[one.record] = target

    def _target(self, code: str) -> _Target | None:
        """The draft of a procedure that an import may still change; None when there is none."""
        if code not in self.targets:
            known = self.known.get(code)
            if known is None or known.draft is None or known.touched or "digest" not in known.draft.origin:
                return None
            findings = [
                Finding(item["field"], item["code"], item["value"])
                for item in known.draft.findings
                if item.get("code") in REASONS
            ]
            draft = known.draft
            self.targets[code] = _Target(code, dict(draft.content), findings, dict(draft.origin), draft)
        return self.targets[code]

    # Internal workflows

    def _keep_templates(self, workflows: Sequence[tuple[Line, routes.Workflow]]) -> None:
        existing = imports.template_digests()
        seen: Counter[str] = Counter()
        digests = {digest for _pk, digest in existing.values()}
        for one, found in workflows:
            codes = self._codes(one, found)
            one.record, one.name = " ".join(codes), found.name
            if len(codes) == 1 and any(finding.code == "route.name" for finding in found.findings):
                one.name = self.name_of_code.get(codes[0], found.name)[:400] or found.name
            record = _identity(one.entry.raw, seen)
            known = existing.get(record)
            said = ", ".join(part for part in (found.decision, found.province) if part)
            template = _Template(record, one.entry.digest, one.name, said, found.steps, found.findings)
            for code in codes:
                self.templates.setdefault(code, []).append(template)
            if (known and known[1] == one.entry.digest) or one.entry.digest in digests:
                continue
            digests.add(one.entry.digest)
            one.findings = list(found.findings)
            one.result = Result.UPDATED if known else Result.NEW
            try:
                with transaction.atomic():
                    keep_route_template(
                        known[0] if known else None,
                        digest=one.entry.digest,
                        name=one.name,
                        province=found.province,
                        decision=found.decision,
                        codes=codes,
                        steps=found.steps,
                        findings=kept(found.findings),
                        origin={"file": one.entry.file, "record": record, "digest": one.entry.digest},
                    )
            except DatabaseError as wrong:
                one.refuse(Finding("", "record.refused", str(wrong)))
        self._earlier_templates()

    def _earlier_templates(self) -> None:
        """Workflows of earlier imports for the drafts that are made now."""
        if not self.targets:
            return
        now = {template.record for of_code in self.templates.values() for template in of_code}
        for stored in imports.templates_for([routes.national(code) for code in self.targets]):
            if stored.origin.get("record") in now:
                continue
            said = ", ".join(part for part in (stored.decision, stored.province) if part)
            findings = [
                Finding(item["field"], item["code"], item["value"]) for item in stored.findings if item["code"] in REASONS
            ]
            template = _Template(stored.origin["record"], stored.digest, stored.name, said, stored.steps, findings)
            for code in stored.codes:
                self.templates.setdefault(code, []).append(template)

    def _route(self, code: str) -> None:
        """Give the draft the route of the first workflow that is for it, unless it has one of its own."""
        target = self._target(code)
        of_code = self.templates[code]
        if target is None or not of_code[0].steps:
            return
        first, origin = of_code[0], target.origin.get("route") or {}
        own = target.content.get("route") not in ([], skeleton(code)["route"])
        if own and (origin.get("record") != first.record or origin.get("digest") == first.digest):
            return
        target.changed = True
        target.content["route"] = [dict(step) for step in first.steps]
        target.origin["route"] = {"record": first.record, "digest": first.digest}
        of_route = [finding for finding in first.findings if finding.field.startswith("route")]
        others = [template.name for template in of_code[1:]]
        target.findings[:] = [
            *(finding for finding in target.findings if finding.field.split(".")[0] != "route"),
            Finding("route", "route.guessed", first.said),
            *([Finding("route", "route.several", "; ".join(others))] if others else []),
            *_over_limit(target.content),
            *of_route,
        ]

    # Papers and databases

    def _paper(self, one: Line) -> None:
        known = self.known[one.record]
        target = self._target(one.record)
        digest = one.entry.digest[:SHORT_DIGEST]
        draft = target.draft if target else known.draft
        if draft:
            one.draft = str(draft.key)
        if target is None:
            done = known.draft is not None and digest in known.draft.origin.get("papers", [])
            one.result = Result.UNCHANGED if done else Result.HELD if known.draft else Result.ALONE
            if one.result == Result.HELD:
                one.findings.append(Finding("documents", "record.touched" if known.touched else "record.edited"))
            return
        if digest in target.origin.get("papers", []):
            return
        target.changed = True
        target.origin["papers"] = [*target.origin.get("papers", []), digest]
        target.lines.append(one)
        one.result = Result.NEW
        one.findings = _replace(target, one.entry.raw)
        target.findings += one.findings

    # Writing

    def _write(self, target: _Target) -> None:
        if not target.changed:
            return
        findings = kept(target.findings)
        try:
            with transaction.atomic():
                if target.draft is None:
                    draft = start_draft(None, target.code, content=target.content, origin=target.origin, findings=findings)
                else:
                    draft = reread_draft(target.draft, target.content, origin=target.origin, findings=findings)
        except Refused as refused:
            held = refused.code in ("draft.exists", "import.touched")
            for one in target.lines:
                one.refuse(Finding("", "record.touched" if held else "record.refused", refused.message))
                one.result = Result.HELD if held else Result.REFUSED
            return
        except DatabaseError as wrong:
            for one in target.lines:
                one.refuse(Finding("", "record.refused", str(wrong)))
            return
        for one in target.lines:
            one.draft = str(draft.key)
            if one.entry.kind == Kind.PROCEDURE:
                one.result = target.result


def _identity(raw: Mapping[str, Any], seen: Counter[str]) -> str:
    """What stays the same when a workflow is decided anew: decision, province, codes, names, heading, and which of these it is."""
    told = [line(raw.get(key)) for key in ("decision", "province", "procedure_codes", "names", "heading")]
    name = hashlib.sha256("\n".join(told).encode()).hexdigest()[:SHORT_DIGEST]
    seen[name] += 1
    return f"{name}-{seen[name]}"


def _keep_databases(target: _Target, draft: VersionDraft) -> None:
    """What earlier rows of the annex said about papers that are still there."""
    before = {item.get("key"): item for item in draft.content.get("documents", [])}
    for document in target.content["documents"]:
        old = before.get(document["key"], {})
        if old.get("replaced_by") and old.get("name") == document["name"]:
            document["replaced_by"] = old["replaced_by"]
    target.origin["papers"] = list(draft.origin.get("papers", []))
    target.findings += [
        Finding(item["field"], item["code"], item["value"])
        for item in draft.findings
        if item.get("code") in ("documents.no_match", "documents.database")
    ]


def _replace(target: _Target, raw: Mapping[str, Any]) -> list[Finding]:
    """Name the database with the papers it replaces; what a person has to look at."""
    database, recognised = databases.replaced_by(raw.get("database"))
    wanted = line(raw.get("document_replaced"))
    documents = [dict(item) for item in target.content.get("documents", [])]
    places = papers.matching(documents, wanted) if database else []
    for place in places:
        named = [text for text in (documents[place].get("replaced_by", ""), database) if text]
        documents[place]["replaced_by"] = "; ".join(dict.fromkeys("; ".join(named).split("; ")))
    target.content["documents"] = documents
    if not places:
        return [Finding("documents", "documents.no_match", f"{wanted} → {database}")]
    return [] if recognised else [Finding(f"documents.{documents[places[0]]['key']}", "documents.database", database)]


def _over_limit(content: Mapping[str, Any]) -> list[Finding]:
    value, unit = content.get("limit_value"), content.get("limit_unit")
    if not isinstance(value, int) or not isinstance(unit, str) or unit not in time_limits.HOURS:
        return []
    taken, allowed = routes.hours(content["route"]), value * time_limits.HOURS[unit]
    if taken <= allowed:
        return []
    return [Finding("route", "route.over_limit", f"{routes.written(taken)} > {routes.written(allowed.quantize(routes.CENT))}")]
