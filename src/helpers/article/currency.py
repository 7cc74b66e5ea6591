"""What a sum fixed in one currency still buys when part of it pays for goods priced in another.

A budget is set in yen. A share of what it is to buy is priced in dollars, and the plan reckoned with
one exchange rate while the market has another. The textbook answer is a price index with fixed
weights (Laspeyres): the foreign part of the basket becomes dearer by the ratio of the two rates, the
rest keeps its price, and the same money buys the planned basket divided by that index.

The index leaves out inflation at home and abroad, orders cancelled or bundled, and purchases
hedged or paid before the rate moved: it is the effect of the exchange rate alone.

Source: OECD, Glossary of Statistical Terms, "Laspeyres price index", which takes it from the "Producer Price
Index Manual" of 2004: the mean of the ratios of prices now to those of the base, weighted by shares in the
base's values.
"""


def buying_power(foreign_share: float, planned_rate: float, rate: float) -> float:
    """Return the part of the planned basket that the planned sum still buys.

    Parameters
    ----------
    foreign_share
        Share of the planned spending that is priced in the foreign currency, 0 to 1.
    planned_rate
        Price of one unit of the foreign currency in the plan (yen per dollar).
    rate
        The same price now.

    Returns
    -------
    float
        1 / (1 − s + s · rate / planned): 1 if nothing has changed, less if the own currency has lost.

    Raises
    ------
    ValueError
        If the share is not from 0 to 1 or a rate is not positive.

    Examples
    --------
    >>> round(buying_power(foreign_share=0.5, planned_rate=100, rate=150), 2)
    0.8
    """
    if not 0 <= foreign_share <= 1:
        raise ValueError(f"expected a share from 0 to 1, found {foreign_share}")
    if planned_rate <= 0 or rate <= 0:
        raise ValueError(f"expected rates above zero, found {planned_rate} and {rate}")
    return 1 / (1 - foreign_share + foreign_share * rate / planned_rate)


def buying_power_expression(foreign_share: str, planned_rate: str, rate: str) -> str:
    """Return `buying_power` as a Vega expression of the named fields or parameters."""
    return f"1 / (1 - {foreign_share} + {foreign_share} * {rate} / {planned_rate})"
