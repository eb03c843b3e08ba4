"""Fictional cases of two lines: crowds among which real queries must find the right ones.

Each is put together from independent parts (child, event, circumstances, what services did), written by us. They name nobody
and no place. As distractors they are hard on purpose: many share ages, harms and circumstances with what people look for.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

CHILDREN = {
    "infant": [
        "A {n}-week-old baby",
        "A baby boy of {m} months",
        "A girl aged {m} months",
        "An infant of {n} weeks",
        "Twin babies, {m} months old,",
    ],
    "toddler": [
        "A boy of two",
        "A three-year-old girl",
        "A toddler of 20 months",
        "A girl aged four",
        "Two siblings under five",
    ],
    "school": [
        "A girl of eight",
        "A seven-year-old boy",
        "Three siblings aged six to ten",
        "A boy aged nine",
        "A ten-year-old girl",
    ],
    "teen": [
        "A girl of 15",
        "A 16-year-old boy",
        "A young person of 17",
        "A boy aged 14",
        "Two girls of 13 and 14",
        "A 17-year-old care leaver",
    ],
}
EVENTS = {
    "infant": [
        "was found to have several healing fractures",
        "died after falling asleep beside a parent on a settee",
        "suffered a bleed on the brain",
        "had bruises that nobody could explain",
        "died suddenly and the cause was never established",
        "was badly underweight when admitted",
        "died of injuries while in the care of the mother's partner",
        "was scalded in a bath",
        "was left seriously brain damaged",
        "stopped breathing after a night of heavy drinking in the home",
        "was born at home after a pregnancy nobody knew of",
    ],
    "toddler": [
        "died after swallowing a parent's medication",
        "drowned in a garden pond",
        "was attacked by the family's dog",
        "was found alone in a flat in squalid conditions",
        "died from a blow to the stomach",
        "had long-standing untreated tooth decay and poor growth",
        "fell from a first-floor window",
        "died in a fire at home",
        "was seriously hurt by a new partner of the mother",
    ],
    "school": [
        "disclosed sexual abuse by a relative",
        "was kept at home and not seen by any service for two years",
        "died of an asthma attack",
        "was made ill by a parent who invented symptoms",
        "lived for years with severe neglect",
        "was killed by a parent in a mental health crisis",
        "was harmed by a member of school staff",
        "was taken abroad for a forced ceremony",
        "died after doses of insulin were missed",
    ],
    "teen": [
        "was stabbed in the street",
        "died by suicide",
        "was sexually exploited by a group of adults",
        "took a fatal overdose",
        "was drawn into moving drugs between towns",
        "seriously harmed another young person",
        "died in a stolen car",
        "was groomed over the internet",
        "went missing again and again from a children's home",
        "starved herself and died of an eating disorder",
    ],
}
CIRCUMSTANCES = [
    "The mother had post-natal depression.",
    "Both parents used heroin.",
    "There had been many calls to the police for violence between the adults.",
    "The father had recently left prison.",
    "The parents had grown up in care themselves.",
    "The family had moved between four areas in two years.",
    "English was not spoken at home and relatives interpreted.",
    "The mother was seventeen.",
    "A grandmother was bringing up the children.",
    "The family was living in temporary accommodation.",
    "The mother had a learning disability.",
    "The parents drank heavily.",
    "An older child had been removed years before.",
    "Home conditions were poor.",
    "The child was autistic and spoke little.",
    "The child had been placed with foster carers from birth.",
    "There was a dispute over contact in the family court.",
    "The child had been excluded from school.",
    "A sibling had died earlier.",
    "The household lived in poverty and debt.",
    "The stepfather's past was not known.",
    "The child was said to be educated at home.",
    "The child had diabetes and missed many clinics.",
    "The parents turned visitors away at the door.",
    "The child had told a teacher about feeling low.",
]
SERVICES = [
    "Information was not passed between hospital and health visitor.",
    "The referral was closed at the first contact.",
    "No one spoke to the child alone.",
    "Appointments were missed and not followed up.",
    "A strategy meeting was held late.",
    "Workers accepted what they were told.",
    "The plan was ended too soon.",
    "The case had been stepped down to early help.",
    "Thresholds were disputed between agencies.",
    "The father was never assessed.",
    "Staff changed often and supervision was thin.",
    "A pre-birth assessment was not done.",
    "The school's worries were not acted on.",
    "Records of earlier injuries were not read.",
    "The police investigation drifted.",
    "Good relationships with a youth worker stand out.",
    "No agency saw the whole picture.",
    "Return interviews were not offered.",
    "Cultural assumptions went unchallenged.",
    "Risk was judged on single incidents.",
]


def fictional_cases(count: int, seed: int = 20260301) -> Iterator[tuple[str, str]]:
    """`count` pairs of (id, two-line text), about 25 to 60 words; the same seed gives the same cases, no two alike."""
    chance = random.Random(seed)
    told: set[str] = set()
    while len(told) < count:
        band = chance.choice(list(CHILDREN))
        child = chance.choice(CHILDREN[band]).format(
            n=chance.randint(2, 11), m=chance.randint(2, 11)
        )
        parts = [f"{child} {chance.choice(EVENTS[band])}."]
        parts += chance.sample(CIRCUMSTANCES, chance.randint(1, 3))
        parts += chance.sample(SERVICES, chance.randint(1, 2))
        text = " ".join(parts)
        if text not in told:
            told.add(text)
            yield f"F{len(told):05d}", text
