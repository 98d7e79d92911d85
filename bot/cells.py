"""Cells of a table that a spreadsheet will open: what it could take for a formula gets a quote before it."""

# In the wide letters of Asian scripts too: https://owasp.org/www-community/attacks/CSV_Injection
_BEGINS_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def harmless(cell: str) -> str:
    """The cell, with a quote before it where it could be taken for a formula."""
    return f"'{cell}" if cell.startswith(_BEGINS_FORMULA) else cell


def unquoted(cell: str) -> str:
    """The cell as it was before `harmless`."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_BEGINS_FORMULA) else cell
