"""Military spending of nine countries from SIPRI's workbook: one edition, whole."""

import re
from pathlib import Path

import openpyxl
import pandas as pd
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from helpers.files import BookError
from helpers.new import published

#: The book's names, in its order, by SIPRI's.
COUNTRIES = {
    "Japan": "Japan",
    "United States of America": "United States",
    "China": "China",
    "Korea, South": "South Korea",
    "Taiwan": "Taiwan",
    "Australia": "Australia",
    "Philippines": "Philippines",
    "Russia": "Russia",
    "United Kingdom": "United Kingdom",
}
#: By the book's column: the sheet's name, its head, which says the unit, the factor, and the decimals kept.
SHEETS = {
    "constant": (r"Constant \(2023\) US\$", r"in constant \(2023\) US\$ m\.", 1e-3, 4),
    "current": (r"Current US\$", r"in millions of US\$ at current prices", 1e-3, 4),
    "share": (r"Share of GDP", r"as percentage of gross domestic product", 1e2, 3),
}
MISSING = ("", "...", ". .", "xxx")
FIRST = 1952


def build(file: Path, today: pd.DataFrame) -> published.Built:
    """Return each year since 1952 of each country that has a value at constant prices.

    The base of the constant prices is the one that the table's descriptor, the texts and the checks name: a
    workbook on another is refused until they are changed.
    """
    book = openpyxl.load_workbook(file, data_only=True)
    columns: dict[str, pd.Series] = {}
    flags = []
    for column, (name, unit, factor, decimals) in SHEETS.items():
        sheets = [sheet for sheet in book.worksheets if re.fullmatch(name, sheet.title)]
        if not sheets:
            raise BookError(f"{file.name}: expected a sheet like {name}, found {', '.join(book.sheetnames)}")
        values, flagged = _series(file, sheets[0], unit)
        flags.append(flagged)
        columns[column] = (values * factor).map(f"{{:.{decimals}f}}".format, na_action="ignore")
    table = pd.DataFrame(columns)
    # Amounts in a currency since replaced come to nothing; SIPRI prints 0, where it has no usable value.
    table = table.mask(table.astype(float) == 0).dropna(subset="constant")
    estimated = pd.concat(flags, axis=1).any(axis=1)[table.index]
    table["status"] = estimated.map({True: "estimate", False: "final"})
    table = table.fillna("").reset_index()
    source = f"sipri-milex-{table['year'].max() + 1}"  # an edition reaches to the year before it
    table = table[table["year"] >= FIRST].astype(str).assign(source_id=source)
    return published.Built(source, table)


def _series(file: Path, sheet: Worksheet, unit: str) -> tuple[pd.Series, pd.Series]:
    """Return the values of a sheet by country and year, and which of them SIPRI marks as its estimate."""
    where = f"{file.name}: sheet {sheet.title}"
    if not re.search(unit, str(sheet["A1"].value)):
        raise BookError(f"{where}: row 1: expected words like {unit}, found {sheet['A1'].value!r}")
    lines = {row[0].value: row for row in sheet.iter_rows()}
    if lacking := [name for name in ("Country", *COUNTRIES) if name not in lines]:
        raise BookError(f"{where}: column A: expected {lacking[0]}, found none")
    years = {cell.column: cell.value for cell in lines["Country"] if isinstance(cell.value, int)}
    if sorted(years.values()) != list(range(min(years.values()), max(years.values()) + 1)):
        raise BookError(f"{where}: row {lines['Country'][0].row}: expected every year once, found a gap")
    values, flagged = {}, {}
    for name, country in COUNTRIES.items():
        for cell in lines[name]:
            if cell.column in years:
                key = country, years[cell.column]
                values[key] = _value(cell, where)
                flagged[key] = _coloured(cell)
    index = pd.MultiIndex.from_tuples(values, names=["country", "year"])
    return pd.Series(list(values.values()), index, dtype=float), pd.Series(list(flagged.values()), index)


def _value(cell: Cell, where: str) -> float | None:
    if cell.value is None or str(cell.value).strip() in MISSING:
        return None
    if not isinstance(cell.value, int | float):
        raise BookError(f"{where}: cell {cell.coordinate}: expected a number, found {cell.value!r}")
    return float(cell.value)


def _coloured(cell: Cell) -> bool:
    """Say whether a value is blue, SIPRI's estimate, or red, highly uncertain: not black."""
    colour = cell.font.color
    if colour is None or colour.type == "theme":
        return False
    return colour.indexed not in (0, 8, 64) if colour.type == "indexed" else str(colour.rgb)[2:] != "000000"
