"""What goes on with a detail that is known: the rest of a name that is spelled, of a code, of an address, of a number."""

import pytest

from tests.compliance.redaction.marked import misses


@pytest.mark.parametrize(
    "conversation",
    [
        "The foreman. [[Hank Applegate]]. | [[Applegate]], like the apples? | I guess so. [[A-P-P-L-E]], then [[gate]].",
        "your name | [[lyle manygoats]] [[m a n y]] and then you know [[goats]] [[g o a t s]]",
        "Your license for Montana? | I see it, [[MED-PHYS-40217]]. Has it ever been suspended?",
        "the plate is [[tk 519]] um [[adr]] they gave us a long one",
        "Her number over there, I can give it to you right now. It's [[plus four seven, five five five, oh one, two seven six]].",
        "And where do I send my report, what's your e-mail? | [[still here eighty-one at redbud mail dot com]].",
        "Put them on the site, [[mountaineer lung dot org slash send]], or email them to [[films at mountaineer lung dot org]]. One word, [[mountaineerlung]]. | Doctor, straight out. Have I got till deer season?",
        "It's [[penny dot drumwright at russellcave schools dot org]]. | Say it again? | Sure. It's [[penny]], then a dot, then [[D R U M W R I G H T]].",
        "She writes from [[crystal dot waits dot for you at lumenpost dot com]], and he pays.",
        "Let me try it by the name. | [[Thibodeaux]]. [[T as in Tom, H, I, B as in boy, O, D as in dog, E, A, U, X as in X-ray]].",
        "She'll call tomorrow, from a [[five four oh]] number. [[Five four oh, five five five, oh one three nine]].",
        "His Social is [[five five eight, ninety-three, twenty-one sixty]]. | It's [[sixty-one]]. [[Twenty-one sixty-one]]. | Thank you. [[Sixty-one]]. And Medicare?",
        "Something wrong? | No, that's the name. [[Oh]]. [[O H]].",
        "doctor [[swift]] did it ((at)) [[rocky mount]] | okay",
        "[[three five oh two]] is on the card and it's [[d a penhallow]] on the front | thank you mister [[penhallow]] and vitamin d a glass a day",
        "Do you have a passport with you? | Yes. | It's Republic of the Marshall Islands, number [[MH 0047718]]. Is it current?",
        "It says, for [[Mari]], with love, please take it all, [[P.]] and [[Josh]]. | My name is [[Mari Quinones]].",
    ],
)
def test_the_rest_is_hidden(conversation):
    assert misses(conversation) == ([], [])


@pytest.mark.parametrize(
    "conversation",
    [
        "I'm handing you Exhibit 9. It's Bates stamped MH 0047718 through MH 0047731. | And the next one, DEF 000318?",
        "it's no. it's an oh. | He went to the gate with the goats.",
        "The sum is two plus four seven times. | so he took plus two",
    ],
)
def test_what_only_looks_like_it_stays(conversation):
    assert misses(conversation) == ([], [])


@pytest.mark.parametrize(
    "conversation",
    [
        "Would you give us your full name, sir? | [[Dwight Everett Look]]. | [[Look]]? | Yes, ma'am. [[L O O K]]. | That'd be my cousin. [[Dwayne Look]]. He was in."
        " | Look, I don't know. Let me look at it. Mr. [[Look]], if the guard had been on, do you believe it?",
        "I'm [[Stillwater]]. I go by [[Still]]. | And she says, still here. | What's the number, [[Still]], it's on the checks.",
        "Well, we all called him [[Captain]]. | [[Captain]] kept it in a tackle box. The captain was there.",
        "[[Pastor]] is what they call him but that's his name, it's ((Pastor)) [[Kabua]].",
    ],
)
def test_little_words_and_callings_that_somebody_is_called_by_are_hidden(conversation):
    assert misses(conversation) == ([], [])


def test_feasts_with_their_saint_are_dates():
    assert misses("He got it on [[Forgiveness Sunday]]. | She hasn't gone since [[All Souls' Day]]. | It's [[Armenian Christmas]]. | That was the [[feast of Saint Anne]]. | on the [[feast of st anne]] he came") == ([], [])
