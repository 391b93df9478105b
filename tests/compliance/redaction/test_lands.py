"""Nations, peoples and languages are no private places, whoever is called like one."""

import pytest

from tests.compliance.redaction.marked import misses


@pytest.mark.parametrize(
    "conversation",
    [
        "My mother's from Sierra Leone, and my wife is Puerto Rican. | Do you speak Bosnian? | No, Marshallese. It's Republic of the Marshall Islands.",
        "She's Dominican, from the Dominican Republic. | We were in Trinidad and Tobago, then South Korea, then Hong Kong.",
        "Do you need an interpreter? | Amharic, please. Or Tigrinya. | Venezuelans speak Spanish, and so do Salvadorans.",
        "my mother's from sierra leone and my wife is puerto rican | do you speak bosnian | no marshallese | the czech republic then cape verde and sri lanka",
        "the interpreter is on for pashto not for persian | she prays she's pentecostal and he's sikh",
    ],
)
def test_lands_peoples_and_languages_stay(conversation):
    assert misses(conversation) == ([], [])


@pytest.mark.parametrize(
    "conversation",
    [
        "Where does he live? | In [[Lebanon, Ohio]]. Before that, [[Panama City, Florida]].",
        "She was born in [[San Juan, Puerto Rico]].",
        "My name is [[Kenya Israel]]. | And Mr. [[Monaco]]? Ms. [[Jordan]]? | [[Diego Garcia]] and [[Chad]] said so.",
        "he lives on [[solomon island road]] ((in)) [[marshall texas]] | mrs [[solomon]] and mr [[marshall]] are from new zealand",
    ],
)
def test_a_town_or_a_person_called_like_a_land_is_hidden(conversation):
    assert misses(conversation) == ([], [])
