#!/bin/sh
# The pictures of the documentation, docs/assets/*.png: what the commands of its quick start give on the invented region.
# Needs chromium, LibreOffice and pdftoppm. Made again by hand when what they show has changed.
set -eu
cd "$(dirname "$0")/.."
shsnor=${SHSNOR:-.venv/bin/shsnor}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

mkdir "$place/data"  # three municipalities: the pictures show no more, and a workbook is soon turned into pages
for table in schools results context causes; do
  awk -F, 'NR == 1 || $1 ~ /^0[345]/' "src/shsnor/demo_region/$table.csv" >"$place/data/$table.csv"
done

"$shsnor" evaluate federal --data "$place/data" --as-of 2022 --out "$place/out" >"$place/log"
"$shsnor" list "$place/out" --out "$place/list.xlsx" >>"$place/log"
"$shsnor" report "$place/out" --into "$place/report" >>"$place/log"

soffice "-env:UserInstallation=file://$place/office" --headless --convert-to pdf --outdir "$place" "$place/list.xlsx" >>"$place/log" 2>&1
pdftoppm -png -r 120 -f 1 -l 1 -x 30 -y 40 -W 1340 -H 430 -singlefile "$place/list.pdf" docs/assets/list

picture() {  # page, file, height
  chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size="900,$3" \
    --screenshot="docs/assets/$2" "file://$place/report/$1" >>"$place/log" 2>&1
}
picture index.html overview.png 800
picture school/school-030007.html profile.png 1150
ls -l docs/assets/*.png
