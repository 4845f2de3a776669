"""GIFT files that cannot be held, each with every sentence that its refusal says."""

from tests.core.quiz_pieces import ONE, Case, file_of

MALFORMED_GIFT: dict[str, Case] = {
    "nothing": ("", ("The file is empty. Choose the file of a quiz.",)),
    "only comments": ("// A bank of questions\n// for later\n", ("The quiz has no questions. Add at least one.",)),
    "only a category": ("$CATEGORY: $course$/top/Pricing\n", ("The quiz has no questions. Add at least one.",)),
    "two million and one characters": (
        "x" * 2_000_001,
        ("The file has 2,000,001 characters. Maximum 2,000,000 characters. Split it.",),
    ),
    "no answers": (
        "The price list changes each January.\n",
        ("Question 1: There are no answers in { }. Add them, or remove the question. See line 1.",),
    ),
    "a brace that does not close": (
        "::Cap::How large is it? {\n=10%\n~5%\n",
        ("Question 1: “{” has no closing “}” before the next blank line. Add it. See line 1.",),
    ),
    "a blank line among the answers": (
        "How large is it? {\n=10%\n\n~5%\n}\n",
        (
            "Question 1: “{” has no closing “}” before the next blank line. Add it. See line 1.",
            "Question 2: There are no answers in { }. Add them, or remove the question. See line 4.",
        ),
    ),
    "a brace that does not open": (
        "How large is it? =10% ~5% }\n",
        ("Question 1: There are no answers in { }. Add them, or remove the question. See line 1.",),
    ),
    "a closing brace first": (
        "How } large is it? {=10% ~5%}\n",
        ("Question 1: “}” stands before “{”. Write \\} for a brace. See line 1.",),
    ),
    "two pairs of braces": (
        "How large {=10% ~5%} and since {=2025 ~2026} when?\n",
        ("Question 1: A second “{” stands here. Write \\{ for a brace. See line 1.",),
    ),
    "a brace in an answer": (
        "Which is a set? {\n=a list\n~{1, 2}\n}\n",
        ("Question 1: A second “{” stands here. Write \\{ for a brace. See line 3.",),
    ),
    "a title that does not end": (
        "::Cap How large is it? {=10% ~5%}\n",
        ("Question 1: Its title has no closing “::”. Add it. See line 1.",),
    ),
    "an essay": (
        "// Warm up\n\nDescribe our discounts. {}\n",
        ("Question 1: It asks for free text (an essay). Give choices, or remove it. See line 3.",),
    ),
    "a number": (
        "How many regions are there? {#11}\n",
        ("Question 1: It asks for a number. Give choices, or remove it. See line 1.",),
    ),
    "a range": ("Pi? {#3.14..3.15}\n", ("Question 1: It asks for a number. Give choices, or remove it. See line 1.",)),
    "a short answer": (
        "Who founded it? {=Salim}\n",
        ("Question 1: It asks for a short answer. Give wrong choices with ~ as well, or remove it. See line 1.",),
    ),
    "two short answers": (
        "Where is it? {=Muscat =مسقط}\n",
        ("Question 1: It asks for a short answer. Give wrong choices with ~ as well, or remove it. See line 1.",),
    ),
    "matching": (
        "Match. {\n=Oman -> Muscat\n=India -> Delhi\n}\n",
        ("Question 1: It asks to match pairs (->). Give choices, or remove it. See line 2.",),
    ),
    "two right answers": (
        "Which are regions? {\n=Muscat\n=Dhofar\n~Paris\n}\n",
        ("Question 1: 2 choices are marked as right with =. Mark one, and the others with ~. See line 3.",),
    ),
    "weights": (
        "Which are regions? {\n~%50%Muscat\n~%50%Dhofar\n~%-100%Paris\n}\n",
        ("Question 1: A choice has the weight “50%”. Mark the one right choice with = instead. See line 2.",),
    ),
    "a weight on the right answer": (
        "How large is it? {=%100%10% ~5%}\n",
        ("Question 1: A choice has the weight “100%”. Mark the one right choice with = instead. See line 1.",),
    ),
    "no right answer": (
        "How large is it? {~10% ~5%}\n",
        ("Question 1: No choice is marked as right. Mark it with =. See line 1.",),
    ),
    "an answer without a mark": (
        "How large is it? {10% ~5% =15%}\n",
        ("Question 1: “10%” stands before the first = or ~. Mark each choice with one of them. See line 1.",),
    ),
    "words for answers": (
        "How large is it? {ten}\n",
        ("Question 1: “ten” stands before the first = or ~. Mark each choice with one of them. See line 1.",),
    ),
    "an empty answer": (
        "How large is it? {=10% ~}\n",
        ("Question 1: Choice 2 is empty. Write it or remove it. See line 1.",),
    ),
    "the same answer twice": (
        "How large is it? {=10% ~5% ~5%}\n",
        ("Question 1: Choices 2 and 3 are the same: “5%”. Change one. See line 1.",),
    ),
    "eleven answers": (
        "How large is it? {=0 " + " ".join(f"~{n}" for n in range(1, 11)) + "}\n",
        ("Question 1: There are 11 choices. Give at most 10. See line 1.",),
    ),
    "no text": ("::Cap::{=10% ~5%}\n", ("Question 1: The text is empty. Write the question. See line 1.",)),
    "the same question twice": (
        "How large is it? {=10% ~5%}\n\nHow  large is it? {=10% ~7%}\n",
        ("Question 2: It is the same as question 1: “How large is it?”. Remove one. See line 3.",),
    ),
    "a picture": (
        '[html]<p>What is <img src\\="x.png"> this?</p> {=A ~B}\n',
        ("Question 1: Its HTML has <img>, which a text cannot hold. Write it plainly. See line 1.",),
    ),
    "a power": (
        "How many? {\n=[html]10<sup>3</sup>\n~[html]10\n}\n",
        ("Question 1: Its HTML has <sup>, which a text cannot hold. Write it plainly. See line 2.",),
    ),
    "200 KB": (
        "x" * 204_800 + " {=A ~B}\n",
        ("Question 1: The text has 204,800 characters. Maximum 10,000 characters. See line 1.",),
    ),
    "a NUL": (
        "Why\0? {=A ~B}\n",
        ("Question 1: The text contains characters that cannot be stored. Type it again. See line 1.",),
    ),
    "half a character": (
        "\n\nWhy \ud83d? {=A ~B}\n",
        ("The file contains characters that cannot be stored. See line 3.",),
    ),
    "a topic too long": (
        "$CATEGORY: " + "x" * 201 + "\n\nWhy? {=A ~B}\n",
        ("Question 1: The topic has 201 characters. Maximum 200 characters. See line 3.",),
    ),
    "501 questions": (
        "\n\n".join(f"Why {n}? {{=A ~B}}" for n in range(501)),
        ("A quiz has at most 500 questions, and this one has 501. Remove some.",),
    ),
    "a hundred thousand questions": (
        "?\n\n" * 100_000,
        ("The file holds more than 10,000 questions. A quiz has at most 500.",),
    ),
    "a JSON file": (file_of(ONE), ("This looks like JSON. Import it as JSON.",)),
    "braces nested a hundred thousand deep": (
        "{" * 100_000,
        ("Question 1: “{” has no closing “}” before the next blank line. Add it. See line 1.",),
    ),
    "Windows line ends": (
        "// x\r\n\r\nFirst? {=A ~B}\r\n\r\nSecond? {\r\n=A\r\n}\r\n",
        ("Question 2: It asks for a short answer. Give wrong choices with ~ as well, or remove it. See line 6.",),
    ),
    "line ends of an old Mac": (
        "First? {=A ~B}\r\rSecond? {\r~A\r}\r",
        ("Question 2: No choice is marked as right. Mark it with =. See line 4.",),
    ),
    "an escaped brace at the end": (
        "Why? {=A ~B \\}\n",
        ("Question 1: “{” has no closing “}” before the next blank line. Add it. See line 1.",),
    ),
    "many faults at once": (
        "One? {}\n\nTwo? {=A ~B}\n\n::t::Three? {=A\n=B ~C}\n\nTwo? {~A ~B}\n\n{=A ~A}",
        (
            "Question 1: It asks for free text (an essay). Give choices, or remove it. See line 1.",
            "Question 3: 2 choices are marked as right with =. Mark one, and the others with ~. See line 6.",
            "Question 4: No choice is marked as right. Mark it with =. See line 8.",
            "Question 5: The text is empty. Write the question. See line 10.",
            "Question 5: Choices 1 and 2 are the same: “A”. Change one. See line 10.",
        ),
    ),
}
