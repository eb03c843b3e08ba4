"""The words that fictional reports are made of: our own areas, names, filler, law, denials and advice."""

AREAS = ("Northmoor", "Eastwick", "Harrowdale", "Stanmere", "Wexley", "Brackenshire")
LABELS = ("Child Q", "Child Z", "Baby R", "Child T2", "Ash", "Child M", "Young Person K", "Robin")
FRAMES = {
    "harm": ("{C} suffered {p}.", "The review found {p} in the months before the incident.", "Records from the spring show {p}."),
    "child": ("The records tell of {p} in the life of {C}.", "{p} was part of {C}'s story.", "Professionals knew of {p}."),
    "parent": ("The records tell of {p}.", "{p} was known to the services.", "The midwife had noted {p}."),
    "family": ("There was {p} in the household.", "The family's story included {p}.", "Records tell of {p}."),
    "practice": ("The review saw difficulties with {p}.", "{p} was a theme of the practitioners' event.", "The panel talked at length about {p}."),
}  # fmt: skip
FILLER = (
    "A visit took place on the Tuesday and a further one was arranged for the following week.",
    "The practitioners' event was held in the town hall and was well attended.",
    "The letter was sent by second-class post and arrived after the weekend.",
    "The allocated worker changed in the autumn when a colleague retired.",
    "The family moved into the house in the spring and settled there.",
    "A call was returned the next morning and a note was made of it.",
    "The form was completed in full and placed on the file.",
    "The appointment took place as planned and the next was booked for June.",
    "The reviewer met the practitioners twice and thanks them for their openness.",
    "Discussion at the event turned to how the building is laid out.",
    "The chronology of these months runs to eleven pages and is kept by the board.",
    "A colleague covered the visits during annual leave.",
)
LEGAL = (
    "Under Working Together to Safeguard Children 2018 a review is held when a child dies or is seriously harmed and abuse or neglect is known or suspected.",
    "Abuse may be physical abuse, emotional abuse, sexual abuse or neglect; the guidance also names {harms}.",
    "The criteria cover the death of a child by suicide, homicide, knife crime, abusive head trauma or sudden unexpected death in infancy.",
)
TERMS = (
    "Did agencies recognise domestic abuse, parental substance misuse and parental mental health problems?",
    "Was information sharing timely, and was the voice of the child heard?",
    "Were child sexual exploitation, county lines and online abuse considered, and were fathers included?",
    "To what extent did disability, race, faith and culture shape the response?",
)
GLOSSARY = (
    "SUDI: sudden unexpected death in infancy",
    "FII: fabricated or induced illness",
    "CSE: child sexual exploitation",
    "FGM: female genital mutilation",
    "CCE: child criminal exploitation",
    "MARAC: multi-agency risk assessment conference for domestic abuse",
)
DENIALS = (
    ("harm_csa_family", "There was no evidence of sexual abuse within the family."),
    ("family_domestic_abuse", "Domestic abuse was ruled out by the police."),
    ("harm_cse", "No agency had any concern about child sexual exploitation."),
    ("parent_substance", "There was no history of drug misuse or alcohol dependency."),
    ("harm_fii", "Fabricated or induced illness was considered and excluded."),
    ("harm_cce", "Nothing suggested county lines or debt bondage."),
)
BODIES = (
    "The {area} Safeguarding Children Partnership", "Children's Social Care", "{area} Police", "The Integrated Care Board",
    "The {area} Hospitals NHS Trust", "All schools in {area}", "The Partnership", "The Board", "The Health Visiting Service", "Housing services",
)  # fmt: skip
MODALS = ("should", "must", "should", "is asked to", "needs to")
ACTS = (
    "review its induction programme and report the result to the executive by the end of the year",
    "make sure that all staff know whom to call when a colleague is on leave",
    "publish a short guide for new employees and test after six months whether it is used",
    "write to every household that took part in the review and tell them what has changed",
    "carry out an audit of fifty files and share what it shows with the other partners",
    "agree one form for all of its sites, so that the same questions are put wherever a family turns up",
    "set up a yearly meeting of front-line teams at which cases such as this one are talked through",
    "appoint a named person for the work with volunteers",
    "ask for proof that the changes described in this report are in place",
    "consider how the experience of this family can be used in the teaching of students",
)
WORDS = [
    "nought",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
]
