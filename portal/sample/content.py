"""What the sample data consists of. Everybody in it is invented."""

from dataclasses import dataclass

from portal.accounts.rights import Role


@dataclass(frozen=True)
class SamplePerson:
    email: str
    name: str
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class SampleOrganization:
    name: str
    kind: str
    people: tuple[SamplePerson, ...]


@dataclass(frozen=True)
class SampleMatter:
    """``file`` lies beside this module; ``policies`` are (person, policy for that person's role)."""

    owner: str
    kind: str
    title: str
    parties: tuple[dict[str, str], ...]
    others: tuple[str, ...]
    policies: tuple[tuple[str, str], ...] = ()
    file: str = ""
    content_type: str = ""
    proceeding: str = ""
    proceeding_title: str = ""


def _person(email: str, name: str, *roles: Role) -> SamplePerson:
    return SamplePerson(email, name, roles)


ORGANIZATIONS = (
    SampleOrganization(
        "Hale & Ortiz LLP",
        "law",
        (
            _person("paralegal@hale-ortiz.example", "Dana Whitlock", Role.PARALEGAL),
            _person("attorney@hale-ortiz.example", "Ines Ortiz", Role.ATTORNEY),
            _person("delegate@hale-ortiz.example", "Tom Brandt", Role.DELEGATE),
            _person("privacy@hale-ortiz.example", "Ruth Adeyemi", Role.PRIVACY_OFFICER),
            _person("admin@hale-ortiz.example", "Leo Marchetti", Role.ADMINISTRATOR),
            _person("auditor@hale-ortiz.example", "Grace Lindqvist", Role.AUDITOR),
        ),
    ),
    SampleOrganization(
        "Riverside Family Clinic",
        "medicine",
        (
            _person("clinician@riverside.example", "Samuel Okafor", Role.CLINICIAN),
            _person("delegate@riverside.example", "Mina Petrova", Role.DELEGATE),
            _person("privacy@riverside.example", "Joan Castellano", Role.PRIVACY_OFFICER, Role.ADMINISTRATOR),
            _person("auditor@riverside.example", "Peter Hwang", Role.AUDITOR),
        ),
    ),
)

MATTERS: tuple[SampleMatter, ...] = (
    SampleMatter(
        owner="paralegal@hale-ortiz.example",
        kind="legal",
        title="Parker v. Northline Freight",
        parties=(
            {"name": "Robert Daniel Parker", "role": "plaintiff"},
            {"name": "Northline Freight Inc.", "role": "defendant"},
        ),
        others=("attorney@hale-ortiz.example", "delegate@hale-ortiz.example", "privacy@hale-ortiz.example"),
        policies=(("attorney@hale-ortiz.example", "frcp_5_2"),),
        file="deposition.opus",
        content_type="audio/ogg",
        proceeding="deposition",
        proceeding_title="Deposition of Robert Parker",
    ),
    SampleMatter(
        owner="attorney@hale-ortiz.example",
        kind="legal",
        title="Estate of Margaret Ellison",
        parties=({"name": "Margaret Ellison", "role": "decedent"},),
        others=(),
    ),
    SampleMatter(
        owner="clinician@riverside.example",
        kind="clinical",
        title="Chart of Eleanor Vance",
        parties=({"name": "Eleanor Vance", "role": "patient"},),
        others=("delegate@riverside.example", "privacy@riverside.example"),
        file="visit.json",
        content_type="application/json",
        proceeding="visit",
        proceeding_title="Follow-up visit",
    ),
)
