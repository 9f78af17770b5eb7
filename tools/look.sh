#!/bin/sh
# What a user looks at, in build/look: pictures of the documentation site and of a report, with what axe-core finds in it;
# what an editor says over a new pack.
# What a machine lacks is installed where that is allowed, else left out; the last lines say what was.
set -u
cd "$(dirname "$0")/.." || exit 1
out=build/look
mkdir -p "$out"
done_list="" skipped="" failed=""

browser() {
  for name in chromium chromium-browser google-chrome; do
    command -v "$name" && return 0
  done
  return 1
}

if ! browser >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing chromium..."
  { apt-get update && apt-get install -y --no-install-recommends chromium fonts-dejavu-core; } >"$out/install.log" 2>&1 ||
    echo "chromium could not be installed: $out/install.log says why"
fi

if chrome=$(browser); then
  for name in index quickstart school-profile glossary tutorial reference api recipes plugins findings/index packs/index \
    packs/tver/index packs/saratov/criteria packs/federal/parameters; do
    page=site/$name.html
    [ -f "$page" ] || { skipped="$skipped $page(missing)"; continue; }
    for width in 400 1280; do
      picture=$(echo "$name" | tr / -)-$width
      if ! "$chrome" --headless --no-sandbox --disable-gpu --hide-scrollbars --enable-logging=stderr --window-size="$width,1600" \
        --screenshot="$out/$picture.png" "file://$PWD/$page" >"$out/$picture.log" 2>&1; then
        skipped="$skipped $picture(browser failed)"
      elif grep -q ":CONSOLE" "$out/$picture.log"; then
        failed="$failed $picture(console: $out/$picture.log)"
      else
        done_list="$done_list $picture.png"
      fi
    done
  done
else
  skipped="$skipped pages(no chromium)"
fi

"${PYTHON:-.venv/bin/python}" tools/look_editor.py "$out" >"$out/editor.log" 2>&1
case $? in
  0) done_list="$done_list editor.txt" ;;
  77) skipped="$skipped editor($(tail -n 1 "$out/editor.log"))" ;;
  *) failed="$failed editor($out/editor.log)" && grep -A 3 FAIL "$out/editor.log" ;;
esac

"${PYTHON:-.venv/bin/python}" tools/look_report.py "$out" >"$out/report.log" 2>&1
case $? in
  0) done_list="$done_list report-*.png report-*.pdf axe-core" ;;
  77) skipped="$skipped report($(tail -n 1 "$out/report.log"))" ;;
  *) failed="$failed report($out/report.log)" && grep FAIL "$out/report.log" ;;
esac

echo "looked at, in $out:${done_list:- nothing}"
echo "skipped:${skipped:- nothing}"
echo "not as it should be:${failed:- nothing}"
[ -z "$failed" ]
