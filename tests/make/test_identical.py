"""The same sources give the same bytes: in another folder, at another time, with other settings."""

from pathlib import Path

from conftest import ROOT, digests, elsewhere


def test_a_second_build_elsewhere_has_the_same_bytes(site: Path, tmp_path: Path) -> None:
    """Every drawing is made anew; the Python that pages run is gathered, and so a part of the site."""
    one, two = digests(site), digests(elsewhere(ROOT, tmp_path, "build") / "html")
    assert len(one) > 100
    assert sorted(one.keys() ^ two.keys()) == []
    assert [name for name, digest in one.items() if two[name] != digest] == []
