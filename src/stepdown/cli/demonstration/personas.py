"""Who can sign in to the demonstration, and with what. Refused anywhere but on the same machine."""

from dataclasses import dataclass

from stepdown.policy.roles import RoleKey

PASSWORD = "demonstration-only"  # noqa: S105 - printed for everybody; good on this machine only


@dataclass(frozen=True)
class Persona:
    """An account of the demonstration. ``districts`` are codes; none means all of them."""

    key: str
    name: str
    role: RoleKey
    agency: str
    what: str
    districts: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        return f"{self.key}@demo.example"


PERSONAS = (
    Persona(
        "coordinator",
        "Carol Kestrel",
        RoleKey.COORDINATOR,
        "council",
        "takes in referrals, plans and sends offers",
    ),
    Persona(
        "approver",
        "Colin Curlew",
        RoleKey.COORDINATOR,
        "police",
        "a second coordinator, who approves what the first has written",
    ),
    Persona(
        "officer",
        "Olive Plover",
        RoleKey.OUTREACH_OFFICER,
        "police",
        "holds a caseload in Preston, South Ribble and Chorley",
        ("E07000123", "E07000126", "E07000118"),
    ),
    Persona("referrer", "Rita Wren", RoleKey.REFERRER, "nhs", "a nurse who makes referrals"),
    Persona("volunteer", "Victor Sorrel", RoleKey.VOLUNTEER, "charity", "has an offer to answer"),
    Persona(
        "protection",
        "Dora Dunlin",
        RoleKey.DATA_PROTECTION_OFFICER,
        "council",
        "drafts sharing agreements and looks for gaps",
    ),
    Persona("signatory", "Sid Siskin", RoleKey.SIGNATORY, "council", "signs sharing agreements"),
    Persona("administrator", "Ada Rook", RoleKey.ADMINISTRATOR, "council", "keeps the hub running"),
)
# The second of the two people whom an answer about somebody's data needs.
DEPUTY = Persona(
    "deputy",
    "Dilys Dotterel",
    RoleKey.DATA_PROTECTION_OFFICER,
    "council",
    "approves what the data-protection officer takes out of a copy",
)
# Found for a case in which she does the steps of her role, on pages of her own.
FACILITATOR = Persona(
    "facilitator",
    "Fay Fieldfare",
    RoleKey.VOLUNTEER,
    "council",
    "a volunteer who is placed in a restorative-justice case (My cases)",
)


def sign_ins() -> str:
    """The accounts, ready to print."""
    lines = ["", "Sign in to the demonstration (every person in it is made up):"]
    lines += [f"  {p.email:28} {p.name}: {p.what}" for p in (*PERSONAS, DEPUTY, FACILITATOR)]
    lines += [f"  Password for all of them: {PASSWORD}", ""]
    return "\n".join(lines)
