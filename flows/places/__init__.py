"""Places: districts, offices and public organisations, and how somebody names where she lives.

districts.py   the districts, read from districts.toml
neighbours.py  which of them share a border
names.py       their names as they are looked up
finding.py     from her words to a district
records.py     helplines, offices and organisations with their sources
samples.toml   collectives that do not exist, for a demonstration
"""

from flows.places.districts import DISTRICTS, District
from flows.places.finding import Found, district, town_in
from flows.places.neighbours import NEIGHBOURS

__all__ = ["DISTRICTS", "NEIGHBOURS", "District", "Found", "district", "town_in"]
