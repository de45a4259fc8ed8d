"""Private data in the lessons, found as it is found in notes."""

from ..notes.privacy import find
from .finding import Finding, Measured
from .material import Material


def private_data(material: Material) -> Measured:
    """`private_data`: how many e-mail addresses, phone and identity numbers, accounts, addresses and secrets
    the lessons hold, each counted once.

    Names of people are looked for where `notes: {names: true}` in `course.yaml` asks for it: a course names Newton in good faith.
    """
    settings = (material.course.about.model_extra or {}).get("notes")
    names = bool(isinstance(settings, dict) and settings.get("names"))
    measured = Measured()
    seen: set[str] = set()
    for page in material.lessons:
        body = page.content.body if page.content else ""
        offset = page.content.first_line if page.content else 1
        found = find(body, names=names)
        measured.of_lesson(page.lesson, "private_data", len({one.text for one in found}))
        for one in found:
            if one.text not in seen:
                line = body.count("\n", 0, one.start) + offset
                message = f"Private data ({one.kind.replace('_', ' ')}): {one.text}"
                measured.findings.append(Finding(page.file, line, "private_data", message))
            seen.add(one.text)
    measured.course["private_data"] = len(seen)
    return measured
