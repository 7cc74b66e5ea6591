"""From a page to slides: how much fits one, what is said first, what stays behind."""

from bs4 import BeautifulSoup, Tag

from helpers.make import deck


def tag(html: str) -> Tag:
    found = BeautifulSoup(html, "html.parser").find()
    assert isinstance(found, Tag)
    return found


def test_what_does_not_fit_one_slide_is_spread_evenly() -> None:
    assert deck._runs([1.0] * 12) == [list(range(12))]
    assert deck._runs([1.0] * 13) == [list(range(6)), list(range(6, 13))]
    assert deck._runs([6.0, 6.0, 6.0]) == [[0], [1, 2]]
    assert deck._runs([]) == []


def test_a_point_begins_with_as_many_sentences_as_it_needs() -> None:
    text = "One is short. Two follows it. Three is not said."
    assert deck._beginning(text, 5) == "One is short."
    assert deck._beginning(text, 15) == "One is short. Two follows it."
    assert deck._beginning("He said “No.” Then he left.", 3) == "He said “No.”"
    assert deck._beginning("About 3.5 per cent. <b>Rest</b>", 5) == "About 3.5 per cent."


def test_numbers_on_data_are_marked_and_other_links_and_asides_are_gone() -> None:
    said = tag(
        '<p>In <a href="x.html#fact-days">357 days</a> <a href="y.html">ships</a> <span class="aside">(aside)</span>'
        '<span class="badge-verdict">confirmed</span> came.</p>'
    )
    assert deck.words(said) == 'In <b>357 days</b> ships <span class="badge-verdict">confirmed</span> came.'
    assert said.a, "the page's own text is left alone"


def test_a_table_of_many_rows_stays_in_the_book_and_a_short_one_is_a_slide() -> None:
    def page(rows: int) -> Tag:
        body = "".join(f"<tr><td>{i}</td><td>row {i}</td></tr>" for i in range(rows))
        table = f'<table class="table"><tr><th>No</th><th>What</th></tr>{body}</table>'
        return tag(
            "<article><section><h1>Title</h1><p><strong>In one sentence.</strong> The answer.</p>"
            f"<section><h2>Part</h2><p>Before it.</p>{table}<p>After it. And more.</p></section></section></article>"
        )

    opening, shown = deck.slides(page(deck.LONGEST), {})
    assert "<h1>Title</h1><p> The answer.</p>" in opening
    assert "<td>row 9</td>" in shown
    assert "<p>Before it.</p>\n<p>After it. And more.</p>" in shown.partition("notes")[2]
    _, told = deck.slides(page(deck.LONGEST + 1), {})
    assert "<table>" not in told
    assert "<li>Before it.</li>" in told
