"""What a day costs: tariffs, surcharges, time, absences, aids. Pure; amounts are cents."""

from models.rules.pricing.day_price import How, Price, Repriced, price, reprice
from models.rules.pricing.tariff import Band, Method, NoTariff, Tariff, choose, clashes, first_gap

__all__ = [
    "Band", "How", "Method", "NoTariff", "Price", "Repriced", "Tariff", "choose", "clashes", "first_gap", "price",
    "reprice",
]  # fmt: skip
