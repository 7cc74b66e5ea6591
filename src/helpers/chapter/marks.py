"""Marks that charts of several chapters have."""

from typing import Any

import altair as alt


def label(points: alt.Chart, where: Any, text: Any, **look: Any) -> alt.Chart:
    """Return the texts of those points of a chart for which a condition holds.

    Parameters
    ----------
    points
        The chart, with its data and places.
    where
        Which rows have a label: an expression of Vega such as ``"datum.year == 2024"``, or a predicate.
    text
        The column, or what else can be said of the text channel.
    look
        Properties of the text mark: ``dx``, ``dy``, ``align``, ``color`` …
    """
    return points.transform_filter(where).mark_text(**look).encode(text=text)


def remark(text: str | list[str], x: Any, y: Any, **look: Any) -> alt.Chart:
    """Return one text at one place of a chart.

    Parameters
    ----------
    text
        What is written there; a list is written line by line.
    x, y
        The place: a number on the axis, pixels as ``alt.value(288)``, or another channel. A number brings
        nought into an axis that has a ``domain``; there label a point of the chart instead.
    look
        Properties of the text mark, as in `label`.
    """
    place = {axis: alt.datum(at) if isinstance(at, int | float) else at for axis, at in (("x", x), ("y", y))}
    return alt.Chart(alt.sequence(0, 1)).mark_text(text=text, **look).encode(**place)
