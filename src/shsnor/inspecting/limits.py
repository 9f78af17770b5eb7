"""From where on the check of data speaks up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of the check; chosen by us, in no document: what lies beyond them is to be looked at, and proves nothing.

    least_participants    of a school in both years; results of fewer are not compared with last year's
    least_schools         in a cell (procedure, grade, subject); among fewer nothing is usual
    participants_times    how many times as many, or as few, as last year, compared with what is usual in the cell
    participants_change   by so many people at least
    low_points            share of low results beside the usual change, percentage points
    mean_percent          mean beside the usual change, per cent of last year's
    usual_times           how many times the usual deviation for a school of its size (share and mean)
    region_low_points     of all schools together, percentage points
    region_times          participants of all schools together, times
    mostly_empty          per cent of empty cells in a column that is read
    mostly_there          per cent of the roster in a table, from which on the others are missed
    too_high, confirmed   ВПР above, and ОГЭ or ЕГЭ above: deviations from the mean of all schools
    journal               per cent of works marked above the journal, or below it
    grades                deviations from the usual difference between grade 4 and grade 5 of a year later
    """

    least_participants: int = 10
    least_schools: int = 20
    participants_times: float = 2
    participants_change: int = 20
    low_points: float = 20
    mean_percent: float = 15
    usual_times: float = 4
    region_low_points: float = 15
    region_times: float = 1.5
    mostly_empty: float = 50
    mostly_there: float = 50
    too_high: float = 2
    confirmed: float = 1
    journal: float = 50
    grades: float = 3
