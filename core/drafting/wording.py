"""The words kcreate itself puts into a course, English and Chinese; everything else in it is the author's."""

from dataclasses import dataclass

from ..notes.language import Language


@dataclass(frozen=True)
class Wording:
    """Phrases of one language; braces are filled in by the code that uses them."""

    summary: str
    glossary: str
    joiner: str
    needs_source: str
    disagree: str
    explain_definition: str
    explain_term: str
    explain_label: str
    explain_command: str
    explain_code: str
    state_number: str
    describe_section: str
    answer_question: str
    verbs: tuple[str, ...]


WORDING: dict[Language, Wording] = {
    "en": Wording(
        summary="In short",
        glossary="Glossary",
        joiner=" ",
        needs_source="[needs source]",
        disagree=" (The notes disagree: “{}”{})",
        explain_definition="Explain what {article}{term} {be}",
        explain_term="Explain the term “{term}”",
        explain_label="Describe “{term}”",
        explain_command="Explain what `{term}` does",
        explain_code="Explain what `{term}` is for",
        state_number="State the figures given for “{title}”",
        describe_section="Describe the main points of “{title}”",
        answer_question="Answer the question “{title}”",
        verbs=("explain", "state", "describe", "answer"),
    ),
    "zh": Wording(
        summary="小结",
        glossary="术语表",
        joiner="",
        needs_source="[needs source]",
        disagree="（笔记说法不一：“{}”{}）",
        explain_definition="解释什么是{term}",
        explain_term="解释术语“{term}”的含义",
        explain_label="说明“{term}”的内容",
        explain_command="说明 `{term}` 的作用",
        explain_code="说明 `{term}` 的用途",
        state_number="说出“{title}”中给出的数字",
        describe_section="概括“{title}”的要点",
        answer_question="回答问题“{title}”",
        verbs=("解释", "说明", "说出", "概括", "回答"),
    ),
}
