"""Captions of what a notebook shows, in Russian."""

from __future__ import annotations

OUTCOME = "Результат расчёта: {title}, версия {version}"
EVALUATED = "Расчёт на {date}; {counts}"
CLOSED = "Результат расчёта закрыт: его временные файлы удалены."
FLAGS = "Признаки"
FLAGS_HEAD = ("Признак", "присвоен", "не присвоен", "неизвестно", "не относится", "на допущениях автора")
CLUSTER_HEAD = ("Метка", "Сколько")
MEASURES_HEAD = ("Мера", "рекомендована", "не решено")
HELP = "Это список для помощи школам, а не рейтинг."

ITEMS = "Что в пакете"
ITEMS_HEAD = ("Раздел", "Всего", "из них из базового пакета")
SOURCES = "Документы"
SOURCES_HEAD = ("Документ", "Дата", "Состояние")
SOURCE_STATUS = {"in_force": "действует", "draft": "проект"}
