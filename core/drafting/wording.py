"""The words kcreate itself puts into a course, English and Chinese; everything else in it is the author's."""

from dataclasses import dataclass

from ..notes.language import Language


@dataclass(frozen=True)
class Wording:
    """Phrases of one language; braces are filled in by the code that uses them."""

    summary: str
    glossary: str
    blank: str
    quote: str
    joiner: str
    needs_source: str
    disagree: str
    which_term: str
    which_code: str
    which_number: str
    what_is: str
    what_does: str
    which_about: str
    which_describes: str
    which_describes_code: str
    which_described: str
    it_does: str
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
        blank="＿＿＿",
        quote="“{}”",
        joiner=" ",
        needs_source="[needs source]",
        disagree=" (The notes disagree: “{}”{})",
        which_term="Which term completes the sentence? {}",
        which_code="What belongs in the gap? {}",
        which_number="Which figure completes the sentence? {}",
        what_is="What {be} {article}{term}?",
        what_does="Which of these is true of `{term}`?",
        which_about="Which of these belongs to “{title}”?",
        which_describes="Which of these describes “{term}”?",
        which_describes_code="Which of these describes `{term}`?",
        which_described="Which term is described here? {}",
        it_does="It {}",
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
        blank="＿＿＿",
        quote="“{}”",
        joiner="",
        needs_source="[needs source]",
        disagree="（笔记说法不一：“{}”{}）",
        which_term="下面的句子缺少哪个术语？{}",
        which_code="空白处应填什么？{}",
        which_number="下面的句子缺少哪个数字？{}",
        what_is="什么是{term}？",
        what_does="关于 `{term}`，下列哪一项正确？",
        which_about="下列哪一句属于“{title}”的内容？",
        which_describes="下列哪一项说的是“{term}”？",
        which_describes_code="下列哪一项说的是 `{term}`？",
        which_described="这里说的是哪个术语？{}",
        it_does="{}",
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
