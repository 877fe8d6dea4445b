"""Writes src/__fixtures__/jinja.json: what Python's Jinja, as transformers sets it up, makes of expressions.

Run with transformers and jinja2 installed: python libs/encoders/scripts/make_jinja_fixtures.py
"""

import json
from pathlib import Path

from transformers.utils.chat_template_utils import _compile_jinja_template

OUT = Path(__file__).parents[1] / "src" / "__fixtures__" / "jinja.json"
VARIABLES = '{"whole": 1.0, "large": 1e20, "count": 3, "items": [1, 2.0, -0.5], "none": null, "text": "abc", "is_it": true}'
EXPRESSIONS = """
count is divisibleby 3
count is divisibleby(3)
count is not divisibleby(2)
text is in ["abc", "d"]
count is in [1, 2] or count is eq 3
count is sameas count and text is ne "b"
items[0] is lt items[1] and items[2] is le(0)
count is gt 2 if count is defined else "no"
"upper" is filter and "nothing" is not filter
"defined" is test
not count is eq(4)
(count is ge 3) ~ (count + 1 is eq 4)
text | upper is eq "ABC"
text is eq text[0:3]
none is none and absent is not defined
is_it is true and is_it is sameas true
1e3
1.5e-3
2E+2 + 1
1_000 * 2
1e3 == 1000
(1,)
(1,) + (2, 3,)
()
(text,)[0]
("a",) == ("a",)
((1,), (2, 3))
(1 + 2) * 3
[1, 2,] | length
{"a": (1,),}
count in (3,)
whole
whole + 1
items
items | tojson
large
whole is float and count is integer
whole | int
-1e3
1e16 ~ " " ~ 1e15
[(1,), ()]
range(3) | list is eq [0, 1, 2]
count is nothing
count is divisibleby
""".strip().split("\n")


def main():
    variables = json.loads(VARIABLES)
    cases = []
    for expression in EXPRESSIONS:
        try:
            text = _compile_jinja_template("{{ " + expression + " }}").render(**variables)
            cases.append({"expression": expression, "text": text})
        except Exception as error:
            cases.append({"expression": expression, "error": str(error)})
    OUT.write_text(json.dumps({"variables": VARIABLES, "cases": cases}, indent=1) + "\n")


main()
