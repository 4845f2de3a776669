"""Quizzes to test with, and pieces that they are made of."""

from hypothesis import strategies as st

from core.training.quiz import Choice, Question

Case = tuple[str, tuple[str, ...]]
ONE = '{"q": "Standard discount cap?", "choices": ["5%", "10%", "15%", "20%"], "correct_idx": 1}'

SOURCE = """{"questions": [
  {"q": "What's our standard discount cap?", "choices": ["5%","10%","15%","20%"], "correct_idx": 1},
  {"q": "ما هو حد الخصم؟ \\u00bd", "choices": ["٥٪","١٠٪"], "correct_idx": 0}
]}"""


def file_of(*questions: str) -> str:
    """A file with a question on each line from the second."""
    return '{"questions": [\n' + ",\n".join(questions) + "\n]}"


def question(text: str = '"Why?"', choices: str = '["A", "B"]', correct: str = "0", more: str = "") -> str:
    """A question out of pieces of JSON."""
    return f'{{"q": {text}, "choices": {choices}, "correct_idx": {correct}{more}}}'


marks = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")
words = st.text(marks | st.sampled_from("~=#{}:\\n\n%[]<>/$\"'01 سؤال"), min_size=1, max_size=30)
plain = words.map(lambda text: f"{text.strip()}؟")
"""Texts that begin and end with what is seen."""


@st.composite
def questions(draw, texts=plain, rich=True):
    """Questions that can be taken."""
    more = st.just("") | texts if rich else st.just("")
    found = []
    for number in range(draw(st.integers(1, 4))):
        choices = [
            Choice(f"c{place}", f"{place} {draw(texts)}", draw(more)) for place in range(draw(st.integers(2, 4)))
        ]
        line = more.map(lambda text: text.replace("\n", " "))
        found.append(
            Question(
                key=f"q-{number}",
                text=f"{number} {draw(texts)}",
                choices=tuple(choices),
                correct=draw(st.sampled_from(choices)).key,
                **{name: draw(more) for name in ("text_ar", "code", "image", "why", "why_ar")},
                **{name: draw(line) for name in ("topic", "code_language")},
            )
        )
    return tuple(found)


def without_keys(quiz):
    """What the source's format holds of a quiz."""
    return [
        (one.text, [choice.text for choice in one.choices], [choice.key for choice in one.choices].index(one.correct))
        for one in quiz
    ]
