"""The look of every chart: one palette, one Altair theme, the same in light and dark.

A colour is written once, as a light and a dark value. In a chart it is a CSS variable with the
light value behind it (``var(--rb-accent, #1f6f8b)``), so that a chart in a page follows the theme
switch without being drawn again; `literal` turns the variables into plain colours for files that
leave the page.
"""

import re
from typing import Any

import altair as alt

from helpers.files import BookError
from helpers.settings import NAME, settings

#: Inks: (light, dark). Text inks reach a contrast of 4.5:1 on the page's background, marks 3:1.
INKS = {
    "ink": ("#1f2733", "#e6e9ee"),
    "muted": ("#566173", "#a9b3c1"),
    "context": ("#8a94a0", "#5d6774"),
    "grid": ("#dfe3e8", "#3a4350"),
    "accent": ("#1f6f8b", "#5fb3ce"),
    "alert": ("#9c0c2c", "#f4566a"),
    "land": ("#e0dccf", "#424549"),
    "sea": ("#eef3f6", "#1c2731"),
    "paper": ("#ffffff", "#14181e"),
}

#: One country or other actor, one colour, in the whole book.
COUNTRIES = settings().actors

#: For what is not a country, each apart from the countries' colours, in the order in which charts use them.
CATEGORIES = [
    INKS["accent"],
    ("#783c18", "#fcc09c"),
    ("#8454cc", "#a878f0"),
    ("#0b5d0b", "#17b45f"),
    ("#906090", "#fcb4fc"),
    ("#857500", "#b39a1a"),
    ("#1a3fa0", "#90c0fc"),
    INKS["alert"],
    ("#6c7854", "#909c84"),
    INKS["muted"],
]

#: Sequential steps from few to many; in the dark the many are the light ones.
STEPS = [
    ("#e4edf1", "#222c36"),
    ("#c3dbe4", "#29455a"),
    ("#93c0d0", "#33657f"),
    ("#5a9db5", "#4b8fab"),
    ("#27718f", "#7dbfd6"),
    ("#0d4560", "#c9ecf7"),
]

#: What became of a thing, and how a claim stands: the words of the settings, each with the name of a colour.
STATUSES, VERDICTS = settings().statuses, settings().verdicts

#: The first family lies in ``fonts/``; pages give its successor, with the same letters, under the same name.
#: No name may end in a bare number ("Source Sans 3"): the drawing library then measures letters too wide.
FONT = "'Source Sans Pro', 'Liberation Sans', Arial, sans-serif"

#: Widths in CSS pixels at which every chart is drawn: a page column, and a phone.
WIDTHS = {"wide": 640, "narrow": 320}


def _slug(name: str) -> str:
    return re.sub(r"[^\w-]+", "-", name.lower())


def palette() -> dict[str, tuple[str, str]]:
    """Return every colour of the book by its CSS variable name: ``{"rb-accent": (light, dark), …}``.

    Raises
    ------
    BookError
        If the settings give a verdict or a status a colour that there is not.
    """
    named = {
        **INKS,
        **{f"c-{_slug(name)}": pair for name, pair in COUNTRIES.items()},
        **{f"k-{i}": pair for i, pair in enumerate(CATEGORIES)},
        **{f"q-{i}": pair for i, pair in enumerate(STEPS)},
    }
    for name, colour in {**STATUSES, **VERDICTS}.items():
        if colour not in named:
            raise BookError(f"{NAME}: {name}: expected the name of a colour, found {colour!r}")
    named |= {f"s-{name}": named[colour] for name, colour in STATUSES.items()}
    named |= {f"v-{name}": named[colour] for name, colour in VERDICTS.items()}
    return {f"rb-{name}": (pair[0], pair[1]) for name, pair in named.items()}


def _var(name: str) -> str:
    return f"var(--rb-{name}, {palette()[f'rb-{name}'][0]})"


ink, muted, context, grid, accent, alert, land, sea, paper = (_var(name) for name in INKS)


def literal(text: str) -> str:
    """Replace the book's CSS variables in a JSON or SVG text by plain light colours."""
    colours = palette()
    return re.sub(r"var\(--(rb-[\w-]+), #[0-9a-f]{6}\)", lambda match: colours[match[1]][0], text)


def css() -> str:
    """Return the style sheet of what the settings say: colours for both themes, badges, widths, letters."""
    light = "".join(f"--{name}:{pair[0]};" for name, pair in palette().items())
    dark = "".join(f"--{name}:{pair[1]};" for name, pair in palette().items())
    widths = "".join(f"--rb-{name}:{width}px;" for name, width in WIDTHS.items())
    # A condition takes no variable. Scripts decide by the same widths, which they read from the variables.
    shown = (
        f".chart-picture .wide{{display:none}}@container (min-width:{WIDTHS['wide']}px){{"
        ".chart-picture .wide{display:block}.chart-picture .narrow{display:none}}"
    )
    parts = [
        f':root{{{light}{widths}--rb-place:"{settings().labels.place} "}}',
        f'html[data-theme="dark"]{{{dark}}}',
        f'@media print{{html[data-theme="dark"]{{{light}}}}}',
        shown,
        badges("--badge:"),
        letters(),
    ]
    return "\n".join(filter(None, parts)) + "\n"


def badges(declaration: str, pseudo: str = "") -> str:
    """Return the rules that give each verdict and status its colour, by the words of the settings."""
    return "".join(
        f".badge-{kind}.is-{name}{pseudo}{{{declaration}var(--rb-{kind[0]}-{name})}}"
        for kind, words in (("status", STATUSES), ("verdict", VERDICTS))
        for name in words
    )


def letters() -> str:
    """Return the rule that brings the font of the book's second language to its letters, if there is one."""
    language = settings().book.second_language
    if not language or not language.font:
        return ""
    spans = re.findall(r"\\u([0-9a-f]{4})(?:-\\u([0-9a-f]{4}))?", language.letters, re.IGNORECASE)
    range_ = ",".join(f"U+{first}-{last or first}" for first, last in spans)
    return (
        f'@font-face{{font-family:"Second Language";font-display:swap;src:url("../fonts/{language.font}") '
        f'format("woff2");unicode-range:{range_}}}'
    )


def country(name: str) -> str:
    """Return a country's colour, for a mark that is this country's alone.

    Raises
    ------
    KeyError
        If the book has no colour for it.
    """
    if name not in COUNTRIES:
        raise KeyError(f"no colour for the country {name!r}; expected one of: {', '.join(COUNTRIES)}")
    return _var(f"c-{_slug(name)}")


def countries(*names: str) -> alt.Scale:
    """Return a colour scale for countries, in the order of `COUNTRIES`; raise as `country` does."""
    ordered = sorted({*names}, key=lambda name: [*COUNTRIES, name].index(name))
    return alt.Scale(domain=ordered, range=[country(name) for name in ordered])


def categories(*names: str) -> alt.Scale:
    """Return a colour scale for categories that are not countries; raise `ValueError` beyond ten of them."""
    if len(names) > len(CATEGORIES):
        raise ValueError(f"expected at most {len(CATEGORIES)} categories, found {len(names)}")
    return alt.Scale(domain=list(names), range=[_var(f"k-{i}") for i in range(len(names))])


def steps(thresholds: list[float]) -> alt.Scale:
    """Return a sequential colour scale with one step more than there are thresholds.

    Parameters
    ----------
    thresholds
        Where a next step begins, in the unit of the values, from few to many.

    Raises
    ------
    ValueError
        If there is none, or more than five.
    """
    if not 1 <= len(thresholds) < len(STEPS):
        raise ValueError(f"expected 1 to {len(STEPS) - 1} thresholds, found {len(thresholds)}")
    first = len(STEPS) - 1 - len(thresholds)
    return alt.Scale(
        type="threshold", domain=thresholds, range=[_var(f"q-{i}") for i in range(first, len(STEPS))]
    )


def accented(where: Any, by: str = accent) -> Any:
    """Return a channel's colour: the accent, or another, where a condition holds; else the grey of context.

    That grey is paler than the accent, so that the two differ on paper and to every eye. A text gets the
    darker one in its place, in which it can be read.

    Parameters
    ----------
    where
        An expression of Vega such as ``"datum.kind == 'plan'"``, or a predicate.
    by
        The colour where it holds.
    """
    return alt.when(where).then(alt.value(by)).otherwise(alt.value(context))


def statuses() -> alt.Scale:
    """Return the colour scale of ``status_now``: what became of a claim or a deliverable."""
    return alt.Scale(domain=list(STATUSES), range=[_var(f"s-{name}") for name in STATUSES])


def verdicts() -> alt.Scale:
    """Return the colour scale of ``verdict``: how a claim stands against the primary texts."""
    return alt.Scale(domain=list(VERDICTS), range=[_var(f"v-{name}") for name in VERDICTS])


@alt.theme.register("report-book", enable=True)
def _config() -> alt.theme.ThemeConfig:
    # A title stands where a chart gives one: the name of a column tells a reader little.
    text: dict[str, Any] = {
        "title": None,
        "labelColor": ink,
        "titleColor": muted,
        "labelFontSize": 13,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
    }
    axis = {"domainColor": muted, "tickColor": muted, "gridColor": grid, "labelLimit": 220, **text}
    config: dict[str, Any] = {
        "background": "transparent",
        "font": FONT,
        "padding": 4,
        "view": {"stroke": None},
        "axis": axis,
        "axisX": {"grid": False, "labelFlush": True, "labelOverlap": "greedy"},
        "axisXDiscrete": {"labelAngle": 0},
        # The y title lies on top of its axis: readable without turning the head, and it costs no width.
        "axisY": {
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
            "titleAngle": 0,
            "titleAlign": "left",
            "titleAnchor": "end",
            "titleX": 0,
            "titleY": -10,
            "titleBaseline": "bottom",
        },
        "header": {
            "title": None,
            "labelColor": ink,
            "titleColor": muted,
            "labelFontSize": 13,
            "labelFontWeight": 600,
            "titleFontSize": 13,
            "labelAnchor": "start",
        },
        "legend": {
            "orient": "top",
            "direction": "horizontal",
            "offset": 26,
            "symbolStrokeWidth": 2,
            "labelLimit": 260,
            **text,
        },
        "title": {
            "color": ink,
            "subtitleColor": muted,
            "anchor": "start",
            "fontSize": 15,
            "fontWeight": 600,
            "subtitleFontSize": 13,
            "frame": "group",
            "offset": 12,
        },
        "text": {"color": ink, "fontSize": 13},
        "rule": {"color": muted},
        "line": {"color": accent, "strokeWidth": 2},
        "bar": {"color": accent},
        "area": {"color": accent},
        "point": {"color": accent, "size": 50, "opacity": 1},
        "circle": {"color": accent, "opacity": 1},
        "square": {"opacity": 1},
        "rect": {"color": accent},
        "geoshape": {"fill": land, "stroke": paper, "strokeWidth": 0.5},
        "range": {"category": [_var(f"k-{i}") for i in range(len(CATEGORIES))]},
    }
    return {"config": config}  # type: ignore[typeddict-item]
