"""Files that are no JSON, or no quiz, each with every sentence that its refusal says."""

from tests.core.quiz_pieces import ONE, Case, file_of, question

MALFORMED_JSON: dict[str, Case] = {
    "nothing": ("", ("The file is empty. Choose the file of a quiz.",)),
    "blanks": (" \n\t \r\n", ("The file is empty. Choose the file of a quiz.",)),
    "only the mark of an editor": ("\ufeff", ("The file is empty. Choose the file of a quiz.",)),
    "two marks of an editor": ("\ufeff\ufeff" + file_of(ONE), ("Line 1, column 1: a value is expected, not “�”.",)),
    "not JSON": ("Question 1: what is the discount?", ("Line 1, column 1: a value is expected, not “Question”.",)),
    "the help page's own words": (
        'json {"questions": [ ' + ONE + " ]}",
        ("Line 1, column 1: a value is expected, not “json”.",),
    ),
    "the help page's dots": (
        '{"questions": [ ' + ONE + ', {"q": "...", "choices": [...], "correct_idx": 0} ]}',
        ("Line 1, column 133: a value is expected, not “...”.",),
    ),
    "a fence of Markdown": (
        "```json\n" + file_of(ONE) + "\n```",
        ("Line 1, column 1: a value is expected, not “```json”.",),
    ),
    "cut in a text": (file_of(ONE)[:30], ("Line 2, column 7: this text has no closing quotation mark.",)),
    "cut in a list": (
        '{"questions": [\n' + ONE,
        ("Line 2, column 90: “,” or “]” is expected, not the end of the file.",),
    ),
    "cut after a name": (
        '{"questions"',
        ("Line 1, column 13: “:” is expected after “questions”, not the end of the file.",),
    ),
    "cut after a colon": ('{"questions":', ("Line 1, column 14: a value is expected, not the end of the file.",)),
    "a comma too many in a list": (
        '{"questions": [\n' + ONE + ",\n]}",
        ("Line 2, column 90: this comma stands before “]”. Remove it.",),
    ),
    "a comma too many in an object": (
        '{"questions": [\n{"q": "Why?", "choices": ["A", "B"], "correct_idx": 0,}\n]}',
        ("Line 2, column 54: this comma stands before “}”. Remove it.",),
    ),
    "two commas": (
        '{"questions": [\n' + ONE + ",,\n" + ONE + "]}",
        ("Line 2, column 91: a value is expected, not “,”.",),
    ),
    "a comma missing": (
        '{"questions": [\n' + ONE + "\n" + ONE + "\n]}",
        ("Line 3, column 1: “,” or “]” is expected, not “{”.",),
    ),
    "a colon missing": (
        '{"questions" [\n' + ONE + "]}",
        ("Line 1, column 14: “:” is expected after “questions”, not “[”.",),
    ),
    "the wrong bracket": ('{"questions": [' + ONE + "}}", ("Line 1, column 105: “,” or “]” is expected, not “}”.",)),
    "names without quotation marks": (
        "{questions: [" + ONE + "]}",
        ("Line 1, column 2: a name in double quotation marks is expected, not “questions”.",),
    ),
    "single quotation marks": ("{'questions': []}", ("Line 1, column 2: ' is no quotation mark of JSON. Write \".",)),
    "curly quotation marks": ("{“questions”: []}", ('Line 1, column 2: “ is no quotation mark of JSON. Write ".',)),
    "curly quotation marks around a text": (
        '{"questions": [{"q": “Why?”}]}',
        ('Line 1, column 22: “ is no quotation mark of JSON. Write ".',),
    ),
    "an apostrophe around a text": (
        '{"questions": [{"q": ‘Why?’}]}',
        ('Line 1, column 22: ‘ is no quotation mark of JSON. Write ".',),
    ),
    "a comment": ('{"questions": [ // the bank\n' + ONE + "]}", ("Line 1, column 17: a value is expected, not “//”.",)),
    "more after the end": (
        file_of(ONE) + "\n" + file_of(ONE),
        ("Line 4, column 1: the quiz ends before this, and “{” follows. Remove it.",),
    ),
    "a bracket after the end": (
        file_of(ONE) + "]",
        ("Line 3, column 3: the quiz ends before this, and “]” follows. Remove it.",),
    ),
    "a line break in a text": (
        '{"questions": [{"q": "Why\nnot?"}]}',
        ("Line 1, column 26: a line break, tab or control character stands inside a text. Write \\n or \\t.",),
    ),
    "a tab in a text": (
        '{"questions": [{"q": "Why\tnot?"}]}',
        ("Line 1, column 26: a line break, tab or control character stands inside a text. Write \\n or \\t.",),
    ),
    "a NUL in a text": (
        '{"questions": [{"q": "Why\0not?"}]}',
        ("Line 1, column 26: a line break, tab or control character stands inside a text. Write \\n or \\t.",),
    ),
    "a NUL between values": ('{"questions":\0 []}', ("Line 1, column 14: a value is expected, not “�”.",)),
    "a lone backslash": (
        '{"questions": [{"q": "C:\\temp\\data"}]}',
        ("Line 1, column 30: this backslash is not followed by what JSON knows. Write \\\\ for a backslash.",),
    ),
    "a broken escape": (
        '{"questions": [{"q": "\\u12G4"}]}',
        ("Line 1, column 24: \\u stands here without four hexadecimal digits.",),
    ),
    "not a number": (
        file_of(question(correct="NaN")),
        ("Line 2, column 53: NaN is no value of JSON. Write a number.",),
    ),
    "infinity": (
        '{"questions": [\n{"q": "Why?", "choices": ["A", "B"], "correct_idx": -Infinity}\n]}',
        ("Line 2, column 53: -Infinity is no value of JSON. Write a number.",),
    ),
    "a number of Python": (
        '{"questions": [{"correct_idx": 1_000}]}',
        ("Line 1, column 32: a value is expected, not “1_000”.",),
    ),
    "a number with a zero first": (
        '{"questions": [{"correct_idx": 01}]}',
        ("Line 1, column 32: a value is expected, not “01”.",),
    ),
    "an endless number": (
        '{"questions": [{"correct_idx": 1' + "0" * 5000 + "}]}",
        ("Line 1, column 32: this number is too great for a quiz.",),
    ),
    "words of Python": ('{"questions": None}', ("Line 1, column 15: a value is expected, not “None”.",)),
    "the same name twice": (
        '{"questions": [\n{"q": "Why?",\n"q": "Why not?", "choices": ["A", "B"], "correct_idx": 0}]}',
        ("Line 3, column 1: “q” stands twice in one object. Remove one.",),
    ),
    "two lists of questions": (
        '{"questions": [' + ONE + '],\n"questions": []}',
        ("Line 2, column 1: “questions” stands twice in one object. Remove one.",),
    ),
    "nested a hundred thousand deep": (
        '{"questions": ' + "[" * 100_000,
        ("Line 1, column 24: values are nested more than 10 deep. A quiz file needs 4.",),
    ),
    "objects nested a hundred thousand deep": (
        '{"questions":' * 100_000,
        ("Line 1, column 131: values are nested more than 10 deep. A quiz file needs 4.",),
    ),
    "a hundred thousand numbers": (
        "[" + "0," * 100_000 + "0]",
        ("Line 1, column 40000: the file holds more than 20,000 values. A quiz has at most 500 questions.",),
    ),
    "two million and one characters": (
        " " * 2_000_001,
        ("The file has 2,000,001 characters. Maximum 2,000,000 characters. Split it.",),
    ),
    "a list": ("[" + ONE + "]", ("The file must be an object with “questions”, not a list. See line 1.",)),
    "a text": ('"questions"', ("The file must be an object with “questions”, not the text “questions”. See line 1.",)),
    "a number": ("42", ("The file must be an object with “questions”, not the number 42. See line 1.",)),
    "null": ("null", ("The file must be an object with “questions”, not null. See line 1.",)),
    "an empty object": ("{}", ("“questions” is missing. Put the list of questions under it. See line 1.",)),
    "no list of questions": (
        '{\n"quiz": []}',
        ("“quiz” is no field of a quiz file. Only “questions” is; remove it. See line 2.",),
    ),
    "a name in capitals": (
        '{"Questions": []}',
        ("“Questions” is no field of a quiz file. Only “questions” is; remove it. See line 1.",),
    ),
    "one more field": (
        '{"title": "Sales basics",\n"questions": [' + ONE + "]}",
        ("“title” is no field of a quiz file. Only “questions” is; remove it. See line 1.",),
    ),
    "questions that are an object": (
        '{"questions": {"1": ' + ONE + "}}",
        ("“questions” must be a list, not an object. See line 1.",),
    ),
    "questions that are a text": (
        '{"questions": "none"}',
        ("“questions” must be a list, not the text “none”. See line 1.",),
    ),
    "no questions": ('{"questions": []}', ("The quiz has no questions. Add at least one.",)),
    "501 questions": (
        file_of(*(question(f'"Why {n}?"') for n in range(501))),
        ("A quiz has at most 500 questions, and this one has 501. Remove some.",),
    ),
}
