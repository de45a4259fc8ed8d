"""The words of questions, English and Chinese; what is asked about is the author's."""

from dataclasses import dataclass

from ...notes.language import Language


@dataclass(frozen=True)
class QuestionWords:
    """Phrases of one language; braces are filled in by the form that uses them."""

    blank: str
    quote: str
    what_is: str
    what_does: str
    describes: str
    describes_code: str
    it_does: str
    described: str
    described_code: str
    term_for: str
    code_for: str
    fill_term: str
    fill_code: str
    fill_number: str
    which_term: str
    which_code: str
    judge: str
    true: str
    false: str
    true_of: str
    one_true_of: str
    members: str
    order: str
    belongs: str
    card_term: str
    card_section: str


WORDS: dict[Language, QuestionWords] = {
    "en": QuestionWords(
        blank="＿＿＿",
        quote="“{}”",
        what_is="What {be} {article}{term}?",
        what_does="What does `{term}` do?",
        describes="Which of these describes “{term}”?",
        describes_code="Which of these describes `{term}`?",
        it_does="It {}",
        described="Which term is described here? {}",
        described_code="Which of these is described here? {}",
        term_for="What is the term for this? {}",
        code_for="What do you type or name for this? {}",
        fill_term="Fill in the missing term: {}",
        fill_code="Fill in the missing code: {}",
        which_term="Which term completes the sentence? {}",
        which_code="Which of these completes the sentence? {}",
        fill_number="Which figure is missing? {}",
        judge="True or false? {}",
        true="True",
        false="False",
        true_of="Which of these statements about “{title}” are true?",
        one_true_of="Which statement about “{title}” is true?",
        members="Which of these belong in the list? {}",
        order="Put these steps in order: “{title}”.",
        belongs="Which of these belongs to “{title}”?",
        card_term="What is meant by {term}?",
        card_section="What should you remember of “{title}”?",
    ),
    "zh": QuestionWords(
        blank="＿＿＿",
        quote="“{}”",
        what_is="什么是{term}？",
        what_does="`{term}` 的作用是什么？",
        describes="下列哪一项说的是“{term}”？",
        describes_code="下列哪一项说的是 `{term}`？",
        it_does="{}",
        described="这里说的是哪个术语？{}",
        described_code="这里说的是哪一个？{}",
        term_for="用一个术语回答，这里说的是什么？{}",
        code_for="写出符合下面说明的代码或命令：{}",
        fill_term="填入缺少的术语：{}",
        fill_code="填入缺少的代码：{}",
        which_term="哪个术语能补全下面的句子？{}",
        which_code="哪一个能补全下面的句子？{}",
        fill_number="填入缺少的数字：{}",
        judge="判断正误：{}",
        true="正确",
        false="错误",
        true_of="关于“{title}”，下列哪些说法正确？",
        one_true_of="关于“{title}”，下列哪一项说法正确？",
        members="下列哪些内容属于这个列表？{}",
        order="把“{title}”按先后顺序排列。",
        belongs="下列哪一句属于“{title}”的内容？",
        card_term="{term}指的是什么？",
        card_section="关于“{title}”，应当记住什么？",
    ),
}
