"""The embedding recipes run as they are shown.

Airflow, Dagster and dbt are not installed for the tests: stand-ins of a few lines take their place, so what is run is our
part and the shape of the wrapper, not those programs. The notebook and the service are run as they are.
"""

from __future__ import annotations

import importlib.util
import json
import re
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import shsnor

ROOT = Path(__file__).resolve().parents[1]
RECIPES = ROOT / "examples" / "recipes"
DATA = ROOT / "src" / "shsnor" / "demo_region"


def recipe(name: str) -> ModuleType:
    """A recipe as a module of its own."""
    spec = importlib.util.spec_from_file_location(f"recipe_{Path(name).stem}", RECIPES / name)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def standing_in(monkeypatch: pytest.MonkeyPatch, name: str, **attributes: Any) -> None:
    parts = name.split(".")
    for n in range(1, len(parts) + 1):
        module = ModuleType(".".join(parts[:n]))
        monkeypatch.setitem(sys.modules, module.__name__, module)
    vars(module).update(attributes)


@pytest.fixture(scope="module")
def outcome() -> Iterator[shsnor.Outcome]:
    with shsnor.evaluate(shsnor.load_pack("federal"), DATA, as_of=2022) as made:
        yield made


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What `yearly_list` was called with by a wrapper."""
    made: list[tuple[Any, ...]] = []

    def yearly_list(pack: str, data: str, out: str, as_of: int) -> dict[str, Any]:
        made.append((pack, data, out, as_of))
        return {"as_of": as_of, "raised": {"low_results": 3}, "unknown": {}, "findings": 2}

    standing_in(monkeypatch, "yearly_list", yearly_list=yearly_list)
    return made


def test_the_list_of_a_year_is_written_and_counted(tmp_path: Path) -> None:
    counts = recipe("yearly_list.py").yearly_list("federal", DATA, tmp_path / "out", 2022)
    with shsnor.load_outcome(tmp_path / "out") as written:
        raised = {flag.flag: flag.raised for flag in written.summary().flags}
    assert counts["raised"] == raised and counts["raised"]["low_results"] > 0
    assert counts["as_of"] == 2022 and set(counts["unknown"]) == set(raised)
    assert json.loads(json.dumps(counts)) == counts, "a scheduler keeps it as JSON"


def test_wrong_data_stop_it_and_the_earlier_list_stays(north: Path, tmp_path: Path) -> None:
    make = recipe("yearly_list.py").yearly_list
    make(north / "north", north / "data", tmp_path / "out", 2022)
    before = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    (north / "data" / "results.csv").write_text("Код ОО;Год;Участников\n0101;2022;много\n", encoding="cp1251")
    with pytest.raises(shsnor.DataError):
        make(north / "north", north / "data", tmp_path / "out", 2022)
    assert {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()} == before


def test_airflow_makes_the_list_of_the_year_it_runs_for(
    monkeypatch: pytest.MonkeyPatch, calls: list[tuple[Any, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    def decorated(*given: Callable[..., Any], **_: Any) -> Any:
        return given[0] if given else lambda function: function

    context = {"logical_date": datetime(2026, 9, 1)}
    standing_in(monkeypatch, "airflow.sdk", dag=decorated, task=decorated, get_current_context=lambda: context)
    recipe("airflow_dag.py")
    assert calls == [("federal", "/data/exports", "/data/lists/2026", 2026)]
    assert capsys.readouterr().out == "признаков присвоено: 3, замечаний: 2\n"


def test_dagster_makes_the_list_of_a_partition(monkeypatch: pytest.MonkeyPatch, calls: list[tuple[Any, ...]]) -> None:
    standing_in(
        monkeypatch, "dagster", AssetExecutionContext=SimpleNamespace, Definitions=SimpleNamespace,
        MaterializeResult=SimpleNamespace, StaticPartitionsDefinition=list, asset=lambda **_: lambda function: function,
    )  # fmt: skip
    module = recipe("dagster_assets.py")
    made = module.schools_that_need_help(SimpleNamespace(partition_key="2025"))
    assert calls == [("federal", "/data/exports", "/data/lists/2025", 2025)]
    assert made.metadata["raised"] == {"low_results": 3}


def test_a_dbt_model_gives_the_flags_to_duckdb(outcome: shsnor.Outcome) -> None:
    import duckdb

    session = duckdb.connect()

    class Config(SimpleNamespace):
        def __call__(self, **_: Any) -> None: ...

    dbt = SimpleNamespace(
        config=Config(get={"as_of": 2022}.get),
        ref=lambda name: session.read_csv(str(DATA / f"{name}.csv"), all_varchar=True),
    )
    flags = recipe("dbt/models/school_flags.py").model(dbt, session)
    flags.create("school_flags")
    counted = "SELECT count(*) FROM school_flags WHERE flag = 'low_results' AND verdict = 'met'"
    row = session.execute(counted).fetchone()
    assert row == (len(list(outcome.flags.rows(flag="low_results", verdict="met"))),)


def test_the_service_answers_and_knows_what_it_does_not_have(outcome: shsnor.Outcome) -> None:
    server = recipe("service.py").serve(outcome, 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()

    def get(path: str) -> Any:
        address = f"http://127.0.0.1:{server.server_port}{urllib.parse.quote(path)}"
        with urllib.request.urlopen(address, timeout=60) as response:
            return json.loads(response.read())

    try:
        assert get("/")["raised"]["low_results"] > 0
        schools = get("/flags/low_results")
        assert len(schools) == get("/")["raised"]["low_results"]
        assert "Школа с низкими образовательными результатами" in get(f"/schools/{schools[0]}")["text"]
        for path in ("/schools/нет такой", "/etc/passwd", "/schools"):
            with pytest.raises(urllib.error.HTTPError) as refused:
                get(path)
            assert refused.value.code == 404
            refused.value.close()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_the_notebook_runs_from_its_first_cell_to_its_last(capsys: pytest.CaptureFixture[str]) -> None:
    notebook = json.loads((RECIPES / "list_and_reasons.ipynb").read_text(encoding="utf-8"))
    names: dict[str, Any] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [], "nothing of a run is kept in the file"
            exec(compile("".join(cell["source"]), cell["id"], "exec"), names)
    assert names["raised"] and "low_limit" in capsys.readouterr().out
    names["outcome"].close()


def test_the_page_shows_every_recipe_out_of_its_file() -> None:
    page = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
    shown = set(re.findall(r'^--8<-- "(.*)"$', page, re.MULTILINE))
    files = {file.relative_to(ROOT).as_posix() for file in RECIPES.rglob("*.py")}
    assert shown == files
    assert "list_and_reasons.ipynb" in page
