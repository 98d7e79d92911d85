"""Compile every catalogue to the form that is read at start: `python -m locales.compile`."""

from locales.catalogues import TRANSLATED, compile_into


def main() -> int:
    """Compile all languages; the compiled files are not kept in git."""
    for language in TRANSLATED:
        compile_into(language)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
