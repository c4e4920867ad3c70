"""The rules of the house: who may import whom, and which library lives in which room."""

import ast
import itertools
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import pipelines
from tests.crawling import PROJECT, run_here

OURS = ("kwri_crawler", "pipelines", "tests")
SOURCES = sorted((*PROJECT.glob("kwri_crawler/**/*.py"), *PROJECT.glob("pipelines/**/*.py")))

# library -> the only places that may import it
ROOMS = {
    "bs4": ("kwri_crawler/pages/soup.py",),
    "sqlite_utils": ("kwri_crawler/archive/", "kwri_crawler/kept/"),
    "sqlite3": ("kwri_crawler/archive/", "kwri_crawler/kept/"),
    "dateparser": ("kwri_crawler/dates/",),
    "lxml": ("kwri_crawler/listings/", "kwri_crawler/pages/", "kwri_crawler/desk/office.py"),
    "apprise": ("kwri_crawler/notify/messages.py",),
    "docx": ("kwri_crawler/desk/", "kwri_crawler/clipping/"),
    "pypdf": ("kwri_crawler/desk/",),
    "trafilatura": ("kwri_crawler/pages/",),
    "readability": ("kwri_crawler/pages/",),
    "justext": ("kwri_crawler/pages/",),
    "holidays": ("kwri_crawler/health/",),
    "warcio": ("kwri_crawler/kept/warc",),
    "xxhash": ("kwri_crawler/copies/",),
    "isal": ("kwri_crawler/web/unpacking.py",),
    "jinja2": ("kwri_crawler/report/", "kwri_crawler/clipping/", "kwri_crawler/desk_site/"),
    "datasette": ("kwri_crawler/desk_site/", "kwri_crawler/datasette_search.py"),
    "uvicorn": ("kwri_crawler/desk_site/",),
    "pygal": ("kwri_crawler/report/",),
    "babel": ("kwri_crawler/forms.py",),
    "platformdirs": ("kwri_crawler/home.py",),
    "pyarrow": ("kwri_crawler/exports/",),
    "weasyprint": ("kwri_crawler/clipping/",),
    "xlsxwriter": ("kwri_crawler/exports/",),
    "distributed": ("kwri_crawler/cluster/",),
    "dask": ("kwri_crawler/cluster/",),
    "tornado": ("kwri_crawler/cluster/",),
}
# room -> what it must not know
MUST_NOT_KNOW = {
    "kwri_crawler/items.py": ("kwri_crawler", "scrapy", "twisted"),
    "kwri_crawler/catalogue/families.py": ("kwri_crawler", "scrapy", "twisted"),
    "kwri_crawler/catalogue/": ("scrapy", "twisted", "kwri_crawler.archive", "kwri_crawler.spiders"),
    "kwri_crawler/web/": ("kwri_crawler.archive", "kwri_crawler.spiders", "kwri_crawler.kept", "kwri_crawler.pages"),
    "kwri_crawler/web/addresses.py": ("scrapy", "twisted"),
    "kwri_crawler/pages/": ("scrapy", "twisted", "kwri_crawler.archive", "kwri_crawler.spiders"),
    "kwri_crawler/listings/": ("scrapy", "twisted", "kwri_crawler.archive", "kwri_crawler.spiders"),
    "kwri_crawler/dates/": ("scrapy", "twisted", "kwri_crawler.archive", "kwri_crawler.spiders", "kwri_crawler.pages"),
    "kwri_crawler/copies/": ("scrapy", "twisted", "kwri_crawler.archive", "kwri_crawler.spiders"),
    "kwri_crawler/desk/": ("scrapy", "twisted", "kwri_crawler.archive", "kwri_crawler.spiders"),
    "kwri_crawler/web/hosts.py": ("kwri_crawler", "scrapy", "twisted"),
    "kwri_crawler/health/": ("scrapy", "twisted", "kwri_crawler.archive", "kwri_crawler.spiders"),
    "kwri_crawler/reading/reader.py": ("scrapy", "twisted", "kwri_crawler.archive", "kwri_crawler.spiders"),
    "kwri_crawler/reading/processes.py": ("scrapy", "twisted", "kwri_crawler.archive", "kwri_crawler.spiders"),
    "kwri_crawler/web/unpacking.py": ("scrapy", "twisted"),
    "kwri_crawler/plan.py": ("scrapy", "twisted", "kwri_crawler.archive", "kwri_crawler.spiders"),
    "kwri_crawler/clipping/": ("scrapy", "twisted", "kwri_crawler.spiders", "kwri_crawler.pages", "kwri_crawler.kept"),
    "kwri_crawler/report/": ("scrapy", "twisted", "kwri_crawler.spiders", "kwri_crawler.pages"),
    "kwri_crawler/exports/": ("scrapy", "twisted", "kwri_crawler.spiders", "kwri_crawler.pages"),
    "kwri_crawler/archive/": ("scrapy", "twisted", "kwri_crawler.spiders", "kwri_crawler.pages", "pipelines"),
}

# package -> who is let in behind its door
DOORS = {"kwri_crawler.archive.stories": ("kwri_crawler/archive/stories/",)}
# room -> the only parts of the archive that it may know
OF_THE_ARCHIVE = {"kwri_crawler/kept/": ("kwri_crawler.archive.cures",)}


TOP_LEVEL = {
    ".ci", ".github", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "Containerfile", "LICENSE", "Makefile",
    "README.id.md",
    "README.md", "constraints.txt", "docs", "kwri_crawler", "mkdocs.yml", "output", "pipelines", "pyproject.toml",
    "scrapy.cfg", "tests",
}  # fmt: skip


def test_the_top_level_holds_what_was_chosen_for_it() -> None:
    if not (PROJECT / ".git").exists():
        pytest.skip("no checkout: nothing tells what belongs to it")
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
    assert {path.partition("/")[0] for path in listed.splitlines()} <= TOP_LEVEL


def imports(path: Path) -> Iterator[str]:
    """Yield every module that a file imports, for type checkers only too: a circle is a circle."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_of(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_imports_point_down(path: Path) -> None:
    name = path.relative_to(PROJECT).as_posix()
    found = set(imports(path))
    for library, rooms in ROOMS.items():
        used = [module for module in found if is_of(module, library)]
        assert not used or name.startswith(rooms), f"{name} imports {library}; only {', '.join(rooms)} may"
    for room, strangers in MUST_NOT_KNOW.items():
        if name.startswith(room):
            known = [module for module in found for stranger in strangers if is_of(module, stranger)]
            assert not known, f"{name} imports {known}; {room} must not know it"
    for door, inside in DOORS.items():
        files = {f"{door}.{one.stem}" for one in (PROJECT / door.replace(".", "/")).glob("*.py")}
        assert name.startswith(inside) or not found & files, f"{name} imports {found & files}; {door} is the door"
    for room, parts in OF_THE_ARCHIVE.items():
        known = [m for m in found if is_of(m, "kwri_crawler.archive") and not any(is_of(m, part) for part in parts)]
        assert not name.startswith(room) or not known, f"{name} imports {known}; of the archive {parts} is enough"
    if not name.startswith("pipelines/"):
        assert not [m for m in found if is_of(m, "pipelines")], f"{name} imports pipelines; name it in settings instead"


def test_one_module_asks_the_machine_what_time_it_is() -> None:
    asking = [path.relative_to(PROJECT).as_posix() for path in SOURCES if "datetime.now(" in path.read_text("utf-8")]
    assert asking == ["kwri_crawler/clock.py"]


def test_only_a_command_that_was_asked_to_loads_the_cluster() -> None:
    """Whoever imports it does so inside a function."""
    importers = set()
    for path in SOURCES:
        if path.parent.name == "cluster":
            continue
        if any(is_of(module, "kwri_crawler.cluster") for module in imports(path)):
            importers.add(path.relative_to(PROJECT).as_posix())
        outside = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(outside):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                node.body = []
        assert "kwri_crawler.cluster" not in ast.unparse(outside), f"{path.name} loads it whoever imports that module"
    assert importers == {
        "kwri_crawler/command/__init__.py", "kwri_crawler/command/any_harvest.py", "kwri_crawler/commands/doctor.py",
        "kwri_crawler/commands/reread.py",
    }  # fmt: skip


def module_of(path: Path) -> str:
    parts = path.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def modules_imported(path: Path, modules: set[str]) -> Iterator[str]:
    """Yield those of our modules that a file asks for: of `from package import module` the module, not the package."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom):
            named = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in modules else str(node.module) for name in named if node.module in modules)


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules of which each leads to every other (Tarjan's strongly connected components)."""
    found: list[list[str]] = []
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []

    def visit(module: str) -> None:
        order[module] = lowest[module] = len(order)
        stack.append(module)
        for other in graph[module]:
            if other not in order:
                visit(other)
                lowest[module] = min(lowest[module], lowest[other])
            elif other in stack:
                lowest[module] = min(lowest[module], order[other])
        if lowest[module] == order[module]:
            group = stack[stack.index(module) :]
            del stack[stack.index(module) :]
            if len(group) > 1 or module in graph[module]:
                found.append(sorted(group))

    for module in graph:
        if module not in order:
            visit(module)
    return found


def test_no_module_imports_itself_by_way_of_others() -> None:
    modules = {module_of(path): path for path in SOURCES}
    graph = {module: {*modules_imported(path, set(modules))} - {module} for module, path in modules.items()}
    assert circles(graph) == []


def test_a_circle_of_modules_is_found_whole() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e"}, "e": set(), "f": {"d", "f"}}
    assert circles(graph) == [["a", "b", "c"], ["f"]]


def test_the_package_pipelines_is_ours_and_not_the_one_on_the_index() -> None:
    assert Path(str(pipelines.__file__)).parent == PROJECT / "pipelines"


def test_the_tests_are_flat_so_that_no_folder_shadows_a_package() -> None:
    assert not (PROJECT / "tests" / "pipelines").exists()
    assert not (PROJECT / "tests" / "kwri_crawler").exists()


def test_the_wheel_holds_every_portal_file() -> None:
    config = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    assert config["packages"]["find"]["include"] == ["kwri_crawler*", "pipelines*"]
    patterns = config["package-data"]["kwri_crawler"]
    shipped = {path for pattern in patterns for path in (PROJECT / "kwri_crawler").glob(pattern)}
    assert set((PROJECT / "kwri_crawler" / "portals").glob("*.toml")) <= shipped
    assert {"page.css", "page.html.jinja", "stopwords.txt"} <= {path.name for path in shipped}
    desk = PROJECT / "kwri_crawler" / "desk_site"
    assert {*desk.glob("*.css"), *desk.rglob("*.html")} <= shipped
    assert {"page.css", "page.html.jinja"} <= {path.name for path in shipped if path.parent.name == "clipping"}


def test_nothing_is_imported_that_the_project_does_not_declare() -> None:
    config = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    names = {
        "bs4": "beautifulsoup4",
        "sqlite_utils": "sqlite-utils",
        "readability": "readability-lxml",
        "docx": "python-docx",
    }
    with_scrapy = {
        "twisted", "OpenSSL", "brotli", "backports", "compression", "lxml", "w3lib", "typing_extensions",
        "service_identity", "zope",
    }  # fmt: skip
    lines = [*config["project"]["dependencies"], *itertools.chain(*config["project"]["optional-dependencies"].values())]
    declared = {line.split(">")[0].split("<")[0].split("[")[0] for line in lines}
    with_jinja = {"markupsafe"}
    for path in SOURCES:
        for module in imports(path):
            top = module.split(".")[0]
            if top in sys.stdlib_module_names or top in {"kwri_crawler", "pipelines"} | with_scrapy | with_jinja:
                continue
            assert names.get(top, top) in declared, f"{path.name} imports {top}; declare it in pyproject.toml"


def test_a_crawl_hands_every_page_to_its_readers() -> None:
    """One page may end the process that reads it, or be read for ever: kwri_crawler.reading.processes sees to that."""
    reads = re.compile(r"(?<!\.)\bread_(?:page|told|further)\(")
    found = {path.name for path in SOURCES if path.parent.name == "spiders" and reads.search(path.read_text("utf-8"))}
    assert found == {"portal.py"}, "have it read by in_reader(); portal.py does so for `scrapy parse` only"


# Modules that no test reaches in its own process, and why that is right.
ELSEWHERE = {
    "kwri_crawler.__main__": "is `python -m kwri_crawler`: test_cli and test_plugins start it",
    "kwri_crawler.commands": "is empty",
    "kwri_crawler.deploy": "is empty; its templates are tested by test_doctor",
    "kwri_crawler.scout": "is empty",
}


def reached_by_tests() -> set[str]:
    """Return the modules that tests run in their own process.

    Those are what tests and their helpers import, what these take from their own room, and what a command imports that
    a test runs by run_here(), itself or through a module that commands share.
    """
    files = {module_of(path): path for path in SOURCES}
    tests = sorted(PROJECT.glob("tests/**/*.py"))
    found = {name for path in tests for name in imports(path) if name in files}
    run = [text for path in tests if "run_here(" in (text := path.read_text(encoding="utf-8"))]
    for name in files:
        room, _, command = name.rpartition(".")
        if room == "kwri_crawler.commands" and any(re.search(rf"[\"(]{command}[\" ]", text) for text in run):
            taken = {each for each in imports(files[name]) if each in files}
            shared = {each for each in taken if each.startswith("kwri_crawler.command.")}
            found |= {name, *taken, *(each for one in shared for each in imports(files[one]) if each in files)}
        if room == "kwri_crawler.pages.families":  # loaded by name, for the golden page that each must have
            found.add(name)
    waiting = list(found)
    while waiting:
        name = waiting.pop()
        room = name if files[name].name == "__init__.py" else name.rpartition(".")[0]
        for each in imports(files[name]):
            if each in files and each not in found and room != "kwri_crawler" and is_of(each, room):
                found.add(each)
                waiting.append(each)
    return found


def test_every_module_runs_in_some_tests_own_process_or_says_why_not() -> None:
    """What only whole processes run is slow to test, and blind to mutants."""
    names = {module_of(path) for path in SOURCES}
    missing = names - reached_by_tests()
    assert missing == set(ELSEWHERE), "import it in a test, or say in ELSEWHERE why no test can; and only there"


def test_scrapy_list_is_the_catalogue() -> None:
    done = run_here("list")
    files = {
        path.stem: tomllib.loads(path.read_text()) for path in (PROJECT / "kwri_crawler" / "portals").glob("*.toml")
    }
    ids = [[one["id"] for one in table["portals"]] if "portals" in table else [name] for name, table in files.items()]
    assert (done.code, done.out.split()) == (0, sorted(itertools.chain(*ids)))


_PARTS = """
import sys
from scrapy.crawler import Crawler
from scrapy.utils.misc import load_object
from scrapy.utils.project import get_project_settings
from scrapy.utils.misc import walk_modules
walk_modules("kwri_crawler.commands")  # Scrapy loads all of them, whichever is asked for
settings = get_project_settings()
for name in ("EXTENSIONS", "DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES", "ITEM_PIPELINES"):
    for path in settings.get_component_priority_dict_with_base(name):
        load_object(path)
of_scrapy = {"aiohttp", "code", "IPython", "requests", "tldextract"}
of_others = {
    "apprise",
    "babel",
    "bs4",
    "dask",
    "datasette",
    "distributed",
    "docx",
    "holidays",
    "jinja2",
    "pyarrow",
    "pygal",
    "pypdf",
    "uvicorn",
    "weasyprint",
    "xlsxwriter",
}
print(*sorted((of_scrapy | of_others) & set(sys.modules)))
"""


def test_a_crawl_loads_nothing_of_scrapy_or_of_other_commands_that_it_does_not_use() -> None:
    done = subprocess.run([sys.executable, "-c", _PARTS], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_what_is_pinned_installs_with_the_oldest_python_that_is_promised() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    oldest = project["requires-python"].removeprefix(">=") + ".0"
    pins = (PROJECT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    refused = [
        f"{one.name}=={one.version} needs Python {needs}"
        for one in metadata.distributions()
        if f"{one.name}=={one.version}" in pins  # others are not what `make` installs
        and (needs := one.metadata.get("Requires-Python"))
        and not SpecifierSet(needs).contains(oldest)
    ]
    assert not refused


def test_every_dependency_that_is_declared_is_pinned_in_its_range() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (PROJECT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = {canonicalize_name(name): pin for name, _, pin in (line.partition("==") for line in lines if "==" in line)}
    declared = [
        *project["dependencies"],
        *(line for extra in project["optional-dependencies"].values() for line in extra),
    ]
    for wanted in map(Requirement, declared):
        if wanted.name == project["name"]:  # its own extras, which are among these lines
            continue
        pin = pins.get(canonicalize_name(wanted.name), "")
        assert pin, f"{wanted.name} is not in constraints.txt: run `make constraints`"
        assert wanted.specifier.contains(pin), f"constraints.txt has {wanted.name} {pin}: run `make constraints`"


def test_nothing_is_pinned_that_no_declared_dependency_leads_to() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (PROJECT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {canonicalize_name(line.partition("==")[0]) for line in lines if "==" in line}
    oldest = project["requires-python"].removeprefix(">=")  # what the pins are made with
    waiting = [
        Requirement(line)
        for line in [*project["dependencies"], *itertools.chain(*project["optional-dependencies"].values())]
    ]
    needed = {"pip"}
    extras_seen: set[tuple[str, str]] = set()
    while waiting:
        wanted = waiting.pop()
        name = canonicalize_name(wanted.name)
        needed.add(name)
        for extra in {"", *wanted.extras} - {extra for seen, extra in extras_seen if seen == name}:
            extras_seen.add((name, extra))
            try:
                further = map(Requirement, metadata.requires(name) or ())
            except metadata.PackageNotFoundError:  # of another platform or Python than this one's
                continue
            where = {"python_version": oldest, "python_full_version": f"{oldest}.0", "extra": extra}
            waiting += [one for one in further if one.marker is None or one.marker.evaluate(where)]
    assert pinned <= needed, "no dependency needs these: run `make constraints`"


def test_whatever_of_ours_is_imported_is_there() -> None:
    """A module that was moved is still found where the package is also installed from another checkout."""
    files = {module_of(path): path for path in [*SOURCES, *PROJECT.glob("tests/**/*.py")]}
    missing = set()
    for module, path in files.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ImportFrom) or not node.module or node.module.split(".")[0] not in OURS:
                continue
            source = files.get(node.module)
            text = source.read_text(encoding="utf-8") if source else ""
            missing |= {
                f"{module} imports {node.module}.{alias.name}"
                for alias in node.names
                if f"{node.module}.{alias.name}" not in files and not re.search(rf"\b{alias.name}\b", text)
            }
    assert not missing
