"""Compile every catalogue to the form that is read at start: `python -m locales.compile`."""

from locales.catalogues import SPOKEN, compile_into


def main() -> int:
    """Compile all languages; the compiled files are not kept in git."""
    for domain, languages in SPOKEN.items():
        for language in languages:
            compile_into(language, domain=domain)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
