"""Where data may be. A new region is one entry here (and its storage in the settings)."""

from dataclasses import dataclass

from portal.errors import BadInput


@dataclass(frozen=True)
class Region:
    """A place with one law. Data of a vault in a region is processed in that region only."""

    code: str
    label: str


REGIONS: dict[str, Region] = {
    region.code: region
    for region in (
        Region("ca", "Canada"),
        Region("eu", "European Union"),
        Region("local", "This machine"),
        Region("uk", "United Kingdom"),
        Region("us", "United States"),
    )
}


class UnknownRegion(BadInput):
    code = "unknown_region"
    message = "This region is not known. Choose one of the regions that your administrator configured."


def region(code: str) -> Region:
    """The region with this code. Raises UnknownRegion."""
    try:
        return REGIONS[code]
    except KeyError:
        raise UnknownRegion(known=sorted(REGIONS)) from None
