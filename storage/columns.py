"""The kinds of column that the tables are made of."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, Column, Dialect, ForeignKey, Integer, String, Text
from sqlalchemy.types import TypeDecorator

from storage.ids import EPOCH, milliseconds


class Moment(TypeDecorator[datetime]):
    """An aware UTC moment, stored as whole milliseconds since 1970, so that both databases compare it alike."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002  SQLAlchemy's form
        return None if value is None else milliseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  SQLAlchemy's form
        return None if value is None else EPOCH + timedelta(milliseconds=value)


def own_id() -> Column[str]:
    """The row's own id, which sorts by time."""
    return Column("id", String(32), primary_key=True)


def hers(*, primary: bool = False) -> Column[str]:
    """Her id in a row that goes when she goes."""
    return Column("person_id", ForeignKey("people.id", ondelete="CASCADE"), primary_key=primary, nullable=False)


def once_hers() -> Column[str | None]:
    """Her id in a row that stays, coded, when she goes."""
    return Column("person_id", ForeignKey("people.id", ondelete="SET NULL"))


def moment(name: str) -> Column[datetime]:
    """A moment that is always known."""
    return Column(name, Moment, nullable=False)


def maybe(name: str) -> Column[datetime | None]:
    """A moment that may not have come."""
    return Column(name, Moment)


def word(name: str) -> Column[str]:
    """A coded word, never her own."""
    return Column(name, Text, nullable=False)


def number(name: str) -> Column[int]:
    """A count that begins at nought."""
    return Column(name, Integer, nullable=False, server_default="0")
