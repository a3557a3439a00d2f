"""Work out a printed formula by itself: read the text, put numbers in for the letters, add and multiply."""

import re


def value_of(text: str, numbers: dict[str, int]) -> int:
    """The value of "4(n1^2 + m n1 + n1)"; factors stand side by side, a letter may carry digits."""
    python: list[str] = []
    for token in re.findall(r"[A-Za-z]\d*|\d+|[()+^·]", text):
        if python and python[-1][-1] in "0123456789)" and (token[0].isalnum() or token == "(") and python[-1] != "**":
            python.append("*")
        python.append({"^": "**", "·": "*"}.get(token, str(numbers.get(token, token))))
    return eval("".join(python), {"__builtins__": {}})
