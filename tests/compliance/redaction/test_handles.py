"""What people are called on the net is hidden as web addresses are; money, doors and well-known places are not."""

import pytest

from compliance.redaction import Dialogue, detect
from tests.compliance.redaction.marked import misses


@pytest.mark.parametrize(
    "conversation",
    [
        "My handle is [[at sonny boy blue]] on ((tik tok)). | The door handle is loose. I can handle this. What was the handle made of? | It was of wood.",
        "Zelle to [[daisyd1988]], for $600. | And Venmo? | [[@Daisy-Dukes-3]]. And [[$RhodaQ77]], $40, and AAPL at $12.5. E-mail me @ the office.",
        "My Snapchat is [[lexi.loo22]]. | And ((Discord))? | [[grimwald#4410]].",
        "what is your gamer tag | [[toxic waffle ninety nine]] | on xbox | yeah",
        "What is your user name? | I don't remember it. | What's his screen name on there? | It's [[big reg ninety]], all one word.",
        "We met on Facebook in 2019. I paid by PayPal for a 2-year plan. Facebook is well-known.",
    ],
)
def test_names_on_the_net(conversation):
    assert misses(conversation) == ([], [])


@pytest.mark.parametrize("address", ["fe80::1c2a:9ff", "fe80::1", "2001:db8::7", "2001:0db8:85a3:0000:0000:8a2e:0370:7334"])
def test_addresses_of_the_net_however_short(address):
    assert misses(f"The camera's address is [[{address}]].") == ([], [])


def test_what_stands_between_colons_is_no_address():
    text = "It is std::vector at 10:30, with a ratio of 1:2:3."
    assert not [item for item in detect(Dialogue.from_turns([("A", text)])).items if item.type == "ip_address"]
