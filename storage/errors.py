"""The errors of what is remembered, each named for what to do about it.

StorageError
  BadUrl       the address of a database cannot be used: mend the setting
  Unreachable  the database does not answer: start it, or mend the setting
  OldDatabase  the tables are not those of this release: run `sathi migrate`
  WrongKey     the master key is not the one these databases were made with: find the right one
  Locked       another writer held the database too long: the same work may be tried again
  NotCopied    a copy of a database could not be made or put back: read the reason, and begin again
  Tampered     a sealed value was changed or moved: believe nothing of it
"""


class StorageError(Exception):
    """The root of what can go wrong below; its text never holds an address, a number or a message."""


class BadUrl(StorageError):
    """The address of a database cannot be used."""


class Unreachable(StorageError):
    """The database does not answer."""


class OldDatabase(StorageError):
    """The tables are not those of this release; `sathi migrate` makes them so."""


class WrongKey(StorageError):
    """The master key is not the one these databases were made with."""


class Locked(StorageError):
    """Another writer held the database for longer than we wait."""


class NotCopied(StorageError):
    """A copy of a database could not be made or put back; what was half written counts for nothing."""


class Tampered(StorageError):
    """A sealed value does not open where it stands: changed, cut short or moved."""
