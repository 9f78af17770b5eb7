"""The command `shsnor`: arguments in, text and exit code out; no thinking.

Exit codes: 0 done; 1 done, but a check asked for did not hold; 2 the pack, the data or the command is wrong and nothing
was written; 3 a fault of ours, also in imports; 130 stopped by Ctrl-C; 141 the reader of our output has gone.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Sequence

from shsnor.cli.streams import make_output_safe, silence_output

DONE, NOT_HELD, WRONG, OUR_FAULT, STOPPED, READER_GONE = 0, 1, 2, 3, 130, 141


_INTERRUPTED = ("Query interrupted", "INTERRUPT Error")

#: Signals that asked this process to end, as they came: in the middle of a query DuckDB loses what their handlers raise.
_asked_to_end: list[int] = []


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of one run of the command; `arguments` default to those of the process."""
    make_output_safe()
    _start_lightly()
    try:
        # Inside, not at the top: a broken installation is a fault to be told in one line like any other.
        from shsnor.cli.app import run
        from shsnor.stopping import heeding

        with heeding(signal.SIGINT, *_clean_up_when_ended()):
            # Once the command `list` was loaded, `list` here is its module.
            code = run(sys.argv[1:] if arguments is None else [*arguments])
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        return _stopped()
    except BrokenPipeError:
        silence_output()
        return READER_GONE
    except Exception as error:
        if _is_interruption(error):
            return _stopped()
        if os.environ.get("SHSNOR_DEBUG") == "1":
            import traceback

            traceback.print_exc()
        return _last_words(OUR_FAULT, *_fault(error))


def _start_lightly() -> None:
    """Spare a command that is over in half a second what pays in one that is not: looking for garbage among thousands of
    objects that all stay, and for plugins of pydantic, of which we use none."""
    gc.set_threshold(50_000)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "true")


def _clean_up_when_ended() -> list[int]:
    """Let a request to end (a closed terminal, a service that stops us) unwind as Ctrl-C does: temporary files go."""

    def end(number: int, _frame: object) -> None:
        _asked_to_end.append(number)
        raise SystemExit(128 + number)

    ending = []
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):  # Windows has no SIGHUP
            if (number := getattr(signal, name, None)) is not None and signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, end)
                ending.append(int(number))
    return ending


def _stopped() -> int:
    if _asked_to_end:
        return 128 + _asked_to_end[0]
    return _last_words(STOPPED, "Остановлено.", "Stopped.")


def _is_interruption(error: BaseException | None) -> bool:
    """Whether the cause of an error is Ctrl-C: in the middle of a query DuckDB makes an error of its own of it."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt) or any(words in str(error) for words in _INTERRUPTED):
            return True
        error = error.__cause__ or error.__context__
    return False


def _fault(error: Exception) -> tuple[str, str]:
    """What went wrong, the version, and how to tell us; in Russian and English."""
    from shsnor import __version__

    what = next(iter(f"{type(error).__name__}: {error}".splitlines()))[:300].rstrip(": ")
    at = _innermost(error)
    return (
        f"Сбой программы (shsnor {__version__}{at}): {what}\n"
        "Это ошибка не в ваших данных, а у нас. Сообщите о ней разработчикам: пришлите команду и то, что она выведет\n"
        "с переменной окружения SHSNOR_DEBUG=1.",
        f"A fault of the program (shsnor {__version__}{at}): {what}\n"
        "It is not your data, it is us. Please report it: the command, and what it prints with SHSNOR_DEBUG=1 set.",
    )


def _innermost(error: Exception) -> str:
    """The last place inside this package that the error came through, as `, planning.py:120`."""
    from pathlib import Path

    at, here = "", error.__traceback__
    home = Path(__file__).parents[1]
    while here is not None:
        file = Path(here.tb_frame.f_code.co_filename)
        if file.is_relative_to(home):
            at = f", {file.relative_to(home).as_posix()}:{here.tb_lineno}"
        here = here.tb_next
    return at


def _last_words(code: int, ru: str, en: str) -> int:
    try:
        print(en if os.environ.get("SHSNOR_LANG", "").lower().startswith("en") else ru, file=sys.stderr)
    except OSError:
        silence_output()
    return code
