#!/bin/sh
# What a user looks at, in build/look: pictures of the documentation site; what an editor says over a new pack.
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
  for page in site/index.html site/architecture/index.html site/plugins/index.html site/functions/index.html \
    site/reference/index.html; do
    [ -f "$page" ] || { skipped="$skipped $page(missing)"; continue; }
    name=$(echo "$page" | sed 's#^site/##; s#/#-#g; s#\.html$##')
    for width in 400 1280; do
      if "$chrome" --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size="$width,1600" \
        --screenshot="$out/$name-$width.png" "file://$PWD/$page" >"$out/$name-$width.log" 2>&1; then
        done_list="$done_list $name-$width.png"
      else
        skipped="$skipped $name-$width(browser failed)"
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

echo "looked at, in $out:${done_list:- nothing}"
echo "skipped:${skipped:- nothing}"
echo "not as it should be:${failed:- nothing}"
[ -z "$failed" ]
