"""The price index behind "what the fall of the yen did to the plan"."""

import pytest

from helpers.article.currency import buying_power, buying_power_expression
from helpers.chapter.data import load


def test_a_rate_that_holds_changes_nothing() -> None:
    assert buying_power(0.3, 108, 108) == 1


def test_home_spending_does_not_feel_the_rate() -> None:
    assert buying_power(0, 108, 160) == 1


def test_all_in_dollars_is_the_ratio_of_the_rates() -> None:
    assert buying_power(1, 108, 162) == pytest.approx(108 / 162)


def test_index_worked_by_hand() -> None:
    # A fifth abroad, half as dear again: 0.8 + 0.2 · 1.5 = 1.1, so 1 / 1.1.
    assert buying_power(0.2, 100, 150) == pytest.approx(1 / 1.1)


def test_published_loss_of_thirty_per_cent_means_everything_in_dollars() -> None:
    """The former minister's 30 per cent of July 2024, within two points of the month's average rate."""
    exposure, rates, planned = load("currency_exposure"), load("yen_per_dollar"), load("plan_exchange_rates")
    published = exposure.loc[exposure.measure.str.startswith("opinion"), "value"].item() / 100
    july = rates.loc[rates.month == "2024-07-01", "rate"].item()
    later = planned.loc[planned.first_month == "2024-04-01", "rate"].item()
    assert 1 - buying_power(1, later, july) == pytest.approx(published, abs=0.02)


def test_published_value_of_the_plan_in_dollars() -> None:
    """43 trillion yen were 319 billion dollars in December 2022, as the press had it."""
    exposure, rates, plan = load("currency_exposure"), load("yen_per_dollar"), load("buildup_plan")
    level = plan.loc[(plan.plan == "FY2023-27") & (plan.kind == "level"), "amount"].item()
    december = rates.loc[rates.month == "2022-12-01", "rate"].item()
    assert level * 1000 / december == pytest.approx(
        exposure.loc[exposure.measure == "value when announced", "value"].item(), abs=1
    )


@pytest.mark.parametrize("arguments", [(-0.1, 108, 150), (1.1, 108, 150), (0.2, 0, 150), (0.2, 108, -1)])
def test_refuses_what_makes_no_sense(arguments: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="expected"):
        buying_power(*arguments)


def test_expression_is_the_formula() -> None:
    worked_out = eval(buying_power_expression("0.2", "108", "150"))  # noqa: S307 - our own three numbers, no input
    assert worked_out == pytest.approx(buying_power(0.2, 108, 150))
