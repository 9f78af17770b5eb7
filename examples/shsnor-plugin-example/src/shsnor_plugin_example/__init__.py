"""An example of a plugin of shsnor: its hooks, and what they give."""

from __future__ import annotations

from collections.abc import Iterable

from shsnor.functions import Function
from shsnor.hookspecs import Exporter, Reader, hookimpl
from shsnor_plugin_example.json_lines import read_json_lines
from shsnor_plugin_example.support_list import write_support_list
from shsnor_plugin_example.weighted_median import FROM_WEIGHTED_MEDIAN


@hookimpl
def shsnor_functions() -> Iterable[Function]:
    return [FROM_WEIGHTED_MEDIAN]


@hookimpl
def shsnor_readers() -> Iterable[Reader]:
    return [Reader((".jsonl",), read_json_lines, "JSON Lines: строка файла — строка таблицы")]


@hookimpl
def shsnor_exporters() -> Iterable[Exporter]:
    return [Exporter("support_list", write_support_list, "Список поддержки по муниципалитетам, Markdown")]
