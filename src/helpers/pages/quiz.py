"""``{quiz}``: one question with its choices, answered in the page without a server.

With scripts off the answer is folded.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from helpers.pages.markup import sentence


class question(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes in lower case
    """A fieldset with the question; its children are the choices and the explanation."""


class choice(nodes.General, nodes.TextElement):  # noqa: N801
    """One answer to choose; ``right`` says whether it is the right one."""


class explanation(nodes.General, nodes.Element):  # noqa: N801
    """Why the right answer is right, folded until one is chosen."""


class Quiz(SphinxDirective):
    """The argument is the question; the body has a list of choices, then the explanation.

    The one right choice begins with ``[x]``, the others with ``[ ]``.
    """

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the question."""
        body = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, body)
        listed: Any = body[0] if len(body) else nodes.paragraph()
        marks = [item.astext()[:3] for item in listed] if isinstance(listed, nodes.bullet_list) else []
        if sorted(marks) != ["[ ]"] * (len(marks) - 1) + ["[x]"] or len(body) < 2:
            raise self.error(
                "quiz: expected a list of choices, one with [x] and the others with [ ], then an explanation"
            )
        number = self.env.new_serialno("quiz")
        quiz = question(number=number, text=self.arguments[0])
        for mark, item in zip(marks, listed, strict=True):
            text = next(item.findall(nodes.Text))
            text.parent.replace(text, nodes.Text(str(text)[3:].lstrip()))
            quiz += choice("", "", *item[0].children, right=mark == "[x]", number=number)
        quiz += explanation("", *body[1:])
        return [quiz]


def _open_question(self: Any, node: question) -> None:
    self.body.append(f'<fieldset class="quiz"><legend>{self.encode(node["text"])}</legend>')


def _close_question(self: Any, node: question) -> None:
    self.body.append("</fieldset>")


def _open_choice(self: Any, node: choice) -> None:
    right = " data-right" if node["right"] else ""
    self.body.append(f'<label><input type="radio" name="quiz-{node["number"]}"{right}> <span>')


def _close_choice(self: Any, node: choice) -> None:
    self.body.append("</span></label>")


def _open_explanation(self: Any, node: explanation) -> None:
    right = next(sibling for sibling in node.parent if isinstance(sibling, choice) and sibling["right"])
    answer = f"<p><strong>{self.encode(sentence(right.astext()))}</strong></p>"
    self.body.append(f'<p class="quiz-said" role="status"></p><details><summary>Answer</summary>{answer}')


def _close_explanation(self: Any, node: explanation) -> None:
    self.body.append("</details>")


def setup(app: Sphinx) -> None:
    """Register the directive and its nodes."""
    app.add_node(question, html=(_open_question, _close_question))
    app.add_node(choice, html=(_open_choice, _close_choice))
    app.add_node(explanation, html=(_open_explanation, _close_explanation))
    app.add_directive("quiz", Quiz)
