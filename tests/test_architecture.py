"""The arrows of the house: who may import whom. Imports hidden in functions count."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("accounts", "sls", "portal")

# From the top down; within a package a row imports rows beneath it, not beside or above.
LAYERS = [
    ["portal.api"],
    [
        "portal.settings",
        "portal.urls",
        "portal.celery",
    ],
    ["portal.asked"],
    ["portal.console"],
    ["portal.home", "portal.activity"],
    ["sls.unlocking", "sls.callers"],
    ["sls.enrolment", "sls.what_if", "sls.incident", "sls.online_card"],
    [
        *("sls.recovery", "sls.step_up", "sls.login", "sls.devices", "sls.cards"),
        *("sls.screen_lock", "sls.ib_key_app"),
    ],
    ["sls.ib_key"],
    ["sls.decisions"],
    ["sls.policy", "sls.withdrawals", "sls.travel"],
    ["sls.methods"],
    ["sls.algorithms"],
    ["accounts.digest", "accounts.callers", "accounts.transactions", "accounts.documents"],
    ["accounts.alerts", "accounts.cases", "accounts.holds"],
    ["accounts.approvals"],
    ["accounts.freeze", "accounts.automation"],
    ["accounts.api_tokens"],
    ["accounts.ip_restrictions", "accounts.passwords"],
    ["accounts.contacts", "accounts.lockout", "accounts.sessions"],
    ["accounts.figures", "accounts.ceilings"],
    ["accounts.client_accounts"],
    ["accounts.users"],
    ["accounts.challenges"],
    ["accounts.outbox"],
    ["accounts.support"],
    ["accounts.audit"],
    ["accounts.gathered"],
    ["accounts.systems", "accounts.shapes"],
    [
        *("accounts.rows", "accounts.browser", "accounts.floor", "accounts.joined"),
        *("accounts.once", "accounts.phrase"),
    ],
    [
        *("accounts.origin", "accounts.vault", "accounts.codes", "accounts.limits"),
        *("accounts.agents", "accounts.marks", "accounts.paths", "accounts.places"),
        *("accounts.prepared", "accounts.problems", "accounts.qr", "accounts.references"),
    ],
    ["accounts.statements"],
    ["accounts.planned"],
]
LEVEL = {room: -row for row, rooms in enumerate(LAYERS) for room in rooms}
# Django reads these; they know every room and no room knows them.
WIRES = {f"{app}.{name}" for app in PACKAGES for name in ("apps", "models")}
PURE = ("sls.algorithms", "accounts.codes", "accounts.ip_restrictions.networks")
GATEWAYS = "accounts.outbox.gateways"


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    module_of(path): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
    if "migrations" not in path.parts
}


def imports(module: str) -> Iterator[str]:
    """Every module that ``module`` names in an import; of packages, the part that is meant."""
    path = MODULES[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            up = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*(up if node.level else []), *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield inner if inner in MODULES else base


EDGES = {module: sorted(set(imports(module))) for module in MODULES}


def under(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def room(module: str) -> str:
    return ".".join(module.split(".")[:2])


def found(offends) -> list[str]:
    return [
        f"{module} imports {target}"
        for module, targets in EDGES.items()
        for target in targets
        if offends(module, target)
    ]


def test_packages_import_downwards_only():
    rank = {package: place for place, package in enumerate(PACKAGES)}
    assert not found(lambda a, b: rank[a.split(".")[0]] < rank.get(b.split(".")[0], -1))


def test_rooms_import_only_rows_beneath():
    def offends(module: str, target: str) -> bool:
        one, other = room(module), room(target)
        if one == other or module in WIRES or one.split(".")[0] != other.split(".")[0]:
            return False
        return one in LEVEL and other in LEVEL and LEVEL[one] <= LEVEL[other]

    assert not found(offends)


@pytest.mark.parametrize("package", ["accounts", "sls"])
def test_every_room_has_its_row(package):
    rooms = {room(module) for module in MODULES if under(module, package) and "." in module}
    others = {"accounts.management", "sls.management", "accounts.templatetags", "sls.templatetags"}
    assert rooms - WIRES - others <= LEVEL.keys()


def test_there_is_no_cycle():
    graph = {a: {b for b in targets if b in MODULES and b != a} for a, targets in EDGES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


def test_pure_modules_know_no_django():
    def offends(module: str, target: str) -> bool:
        pure = under(module, *PURE) or module.rpartition(".")[2] == "rules"
        return pure and target.partition(".")[0] in {"django", "django_otp", "celery", "twilio"}

    assert not found(offends)


def test_rules_import_only_what_is_pure():
    def offends(module: str, target: str) -> bool:
        ours = target.partition(".")[0] in PACKAGES
        pure = under(target, *PURE) or target.rpartition(".")[2] == "rules"
        return module.rpartition(".")[2] == "rules" and ours and not pure

    assert not found(offends)


def test_every_way_in_asks_the_one_decision():
    """Where a session or a grant is opened, a module next to it asks ``may_authenticate``."""
    texts = {name: path.read_text(encoding="utf-8") for name, path in MODULES.items()}
    opens = [n for n, text in texts.items() if ".open_session(" in text or "granted_at=now" in text]
    asks = {name for name, text in texts.items() if "may_authenticate(" in text}
    assert len(opens) >= 2
    assert [name for name in opens if not asks & {name, *EDGES[name]}] == []


def test_only_the_gateways_know_twilio():
    assert not found(lambda a, b: under(b, "twilio") and not under(a, GATEWAYS))


def test_only_the_outbox_doors_call_the_gateways():
    doors = (GATEWAYS, "accounts.outbox.tasks", "accounts.outbox.webhooks")
    assert not found(lambda a, b: under(b, GATEWAYS) and not under(a, *doors))


def test_the_emulator_stands_outside():
    def offends(module: str, target: str) -> bool:
        inside = under(target, "portal.emulator", "sls.algorithms")
        leaves = under(module, "portal.emulator") and under(target, *PACKAGES) and not inside
        enters = under(target, "portal.emulator") and not under(module, "portal.emulator")
        return leaves or enters

    assert not found(offends)


def test_nobody_imports_the_index_of_models():
    assert not found(lambda _, b: b in {"accounts.models", "sls.models"})


def test_a_method_knows_no_other_method():
    def method(module: str) -> str:
        name = ".".join(module.split(".")[:3])
        is_folder = MODULES.get(name) and MODULES[name].name == "__init__.py"
        return name if is_folder and under(name, "sls.methods") and name != "sls.methods" else ""

    assert not found(lambda a, b: method(a) and method(b) and method(a) != method(b))
