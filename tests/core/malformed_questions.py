"""Quizzes as JSON with questions that nobody can take, each with every sentence that its refusal says."""

from tests.core.quiz_pieces import ONE, Case, file_of, question

MALFORMED_QUESTIONS: dict[str, Case] = {
    "a question that is a text": (
        file_of(ONE, '"Why?"'),
        ("Question 2: It must be an object with q, choices and correct_idx, not the text “Why?”. See line 3.",),
    ),
    "a question that is null": (
        file_of(ONE, "null"),
        ("Question 2: It must be an object with q, choices and correct_idx, not null. See line 3.",),
    ),
    "a question that is a list": (
        file_of('["Why?", ["A", "B"], 0]'),
        ("Question 1: It must be an object with q, choices and correct_idx, not a list. See line 2.",),
    ),
    "an empty question": (
        file_of(ONE, "{}"),
        (
            "Question 2: “q” is missing. Add it. See line 3.",
            "Question 2: “choices” is missing. Add it. See line 3.",
            "Question 2: “correct_idx” is missing. Add it. See line 3.",
        ),
    ),
    "q missing": (
        file_of(ONE, '{"choices": ["A", "B"], "correct_idx": 0}'),
        ("Question 2: “q” is missing. Add it. See line 3.",),
    ),
    "choices missing": (
        file_of('{"q": "Why?", "correct_idx": 0}'),
        ("Question 1: “choices” is missing. Add it. See line 2.",),
    ),
    "correct_idx missing": (
        file_of(ONE, ONE.replace("cap", "floor"), '{"q": "Why?", "choices": ["A", "B"]}'),
        ("Question 3: “correct_idx” is missing. Add it. See line 4.",),
    ),
    "a field of another system": (
        file_of(question(more=', "points": 5')),
        ("Question 1: “points” is no field of a question (q, choices, correct_idx). Remove it. See line 2.",),
    ),
    "a field misspelt": (
        file_of('{"question": "Why?", "choices": ["A", "B"], "correct_idx": 0}'),
        (
            "Question 1: “question” is no field of a question (q, choices, correct_idx). Remove it. See line 2.",
            "Question 1: “q” is missing. Add it. See line 2.",
        ),
    ),
    "q that is a number": (file_of(question("7")), ("Question 1: “q” must be text, not the number 7. See line 2.",)),
    "q that is null": (file_of(question("null")), ("Question 1: “q” must be text, not null. See line 2.",)),
    "q that is a list": (file_of(question('["Why?"]')), ("Question 1: “q” must be text, not a list. See line 2.",)),
    "q that is empty": (file_of(question('""')), ("Question 1: The text is empty. Write the question. See line 2.",)),
    "q of blanks": (
        file_of(question('" \\u200b\\u00a0\\n"')),
        ("Question 1: The text is empty. Write the question. See line 2.",),
    ),
    "q of 200 KB": (
        file_of(question('"' + "x" * 204_800 + '"')),
        ("Question 1: The text has 204,800 characters. Maximum 10,000 characters. See line 2.",),
    ),
    "q with half a character": (
        file_of(question('"Why \\ud83d?"')),
        ("Question 1: The text contains characters that cannot be stored. Type it again. See line 2.",),
    ),
    "q with half a character as it is": (
        file_of(question('"Why \udc00?"')),
        ("Question 1: The text contains characters that cannot be stored. Type it again. See line 2.",),
    ),
    "q with an escaped NUL": (
        file_of(question('"Why\\u0000?"')),
        ("Question 1: The text contains characters that cannot be stored. Type it again. See line 2.",),
    ),
    "choices that are a text": (
        file_of(question(choices='"A, B"')),
        ("Question 1: “choices” must be a list, not the text “A, B”. See line 2.",),
    ),
    "choices that are null": (
        file_of(question(choices="null")),
        ("Question 1: “choices” must be a list, not null. See line 2.",),
    ),
    "no choices": (
        file_of(ONE, question(choices="[]")),
        ("Question 2: There are no choices. Give at least 2. See line 3.",),
    ),
    "one choice": (
        file_of(question(choices='["A"]')),
        ("Question 1: There is only 1 choice. Give at least 2. See line 2.",),
    ),
    "eleven choices": (
        file_of(question('"Why?"', str([str(n) for n in range(11)]).replace("'", '"'))),
        ("Question 1: There are 11 choices. Give at most 10. See line 2.",),
    ),
    "a choice that is a number": (
        file_of(question('"How many?"', '[5, "10"]')),
        ("Question 1: Choice 1 must be text in quotation marks, not the number 5. See line 2.",),
    ),
    "a choice that is true": (
        file_of(question('"Is it?"', "[true, false]")),
        (
            "Question 1: Choice 1 must be text in quotation marks, not true. See line 2.",
            "Question 1: Choice 2 must be text in quotation marks, not false. See line 2.",
        ),
    ),
    "a choice that is a list": (
        file_of(question(choices='["A", ["B"]]')),
        ("Question 1: Choice 2 must be text in quotation marks, not a list. See line 2.",),
    ),
    "an empty choice": (
        file_of(question(choices='["A", ""]')),
        ("Question 1: Choice 2 is empty. Write it or remove it. See line 2.",),
    ),
    "a choice of 10,001 characters": (
        file_of(question(choices='["A", "' + "ب" * 10_001 + '"]')),
        ("Question 1: Choice 2 has 10,001 characters. Maximum 10,000 characters. See line 2.",),
    ),
    "the same choice twice": (
        file_of(question(choices='["A", "B", " A "]')),
        ("Question 1: Choices 1 and 3 are the same: “A”. Change one. See line 2.",),
    ),
    "the same choice in two forms of Unicode": (
        file_of(question('"Where?"', '["Caf\\u00e9", "Cafe\\u0301"]')),
        ("Question 1: Choices 1 and 2 are the same: “Café”. Change one. See line 2.",),
    ),
    "correct_idx too great": (
        file_of(ONE, question(), ONE.replace("1}", "9}").replace("cap", "floor")),
        ("Question 3: correct_idx is 9 but there are 4 choices (0–3). See line 4.",),
    ),
    "correct_idx counted from 1": (
        file_of(question(correct="2")),
        ("Question 1: correct_idx is 2 but there are 2 choices (0–1). See line 2.",),
    ),
    "correct_idx below 0": (
        file_of(question(correct="-1")),
        ("Question 1: correct_idx is -1 but there are 2 choices (0–1). See line 2.",),
    ),
    "correct_idx of the only choice": (
        file_of(question(choices='["A"]', correct="1")),
        (
            "Question 1: correct_idx is 1 but there is 1 choice (0). See line 2.",
            "Question 1: There is only 1 choice. Give at least 2. See line 2.",
        ),
    ),
    "correct_idx with a fraction": (
        file_of(question(correct="1.0")),
        ("Question 1: correct_idx must be a whole number, counted from 0, not the number 1.0. See line 2.",),
    ),
    "correct_idx with an exponent": (
        file_of(question(correct="1e0")),
        ("Question 1: correct_idx must be a whole number, counted from 0, not the number 1.0. See line 2.",),
    ),
    "correct_idx beyond every number": (
        file_of(question(correct="1e999")),
        ("Line 2, column 53: this number is too great for a quiz.",),
    ),
    "correct_idx that is a text": (
        file_of(question(correct='"1"')),
        ("Question 1: correct_idx must be a whole number, counted from 0, not the text “1”. See line 2.",),
    ),
    "correct_idx that is true": (
        file_of(question(correct="true")),
        ("Question 1: correct_idx must be a whole number, counted from 0, not true. See line 2.",),
    ),
    "correct_idx that is null": (
        file_of(question(correct="null")),
        ("Question 1: correct_idx must be a whole number, counted from 0, not null. See line 2.",),
    ),
    "correct_idx that is a list": (
        file_of(question(correct="[0, 1]")),
        ("Question 1: correct_idx must be a whole number, counted from 0, not a list. See line 2.",),
    ),
    "the same question twice": (
        file_of(ONE, question(), ONE),
        ("Question 3: It is the same as question 1: “Standard discount cap?”. Remove one. See line 4.",),
    ),
    "the same question with other blanks": (
        file_of(question('"Why not?"'), question('" Why  not?\\n"', '["C", "D"]')),
        ("Question 2: It is the same as question 1: “Why not?”. Remove one. See line 3.",),
    ),
    "a name turned around": (
        file_of(question(more=', "\\u202egnp.x": 1')),
        ("Question 1: “�gnp.x” is no field of a question (q, choices, correct_idx). Remove it. See line 2.",),
    ),
    "many faults at once": (
        file_of(question('""', '["A", "A"]', "7"), question(choices="[]"), "7"),
        (
            "Question 1: correct_idx is 7 but there are 2 choices (0–1). See line 2.",
            "Question 1: The text is empty. Write the question. See line 2.",
            "Question 1: Choices 1 and 2 are the same: “A”. Change one. See line 2.",
            "Question 2: There are no choices. Give at least 2. See line 3.",
            "Question 3: It must be an object with q, choices and correct_idx, not the number 7. See line 4.",
        ),
    ),
}
