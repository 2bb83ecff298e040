#!/usr/bin/env bash
# Cuts the bundled fonts out of their published packages. Debian 12, root not needed; takes about half a minute.
#   needs: python3 with venv, npm, apt-get (its package lists must be there: apt-get update)
#   usage: assets/fonts/build.sh            writes next to itself
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

fonttools=4.68.0
brotli=1.2.1
inter=4.1.1
phosphor=2.1.2

python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet --disable-pip-version-check install "fonttools==$fonttools" "brotli==$brotli"
export SOURCE_DATE_EPOCH=1700000000 # the same input gives the same bytes
cd "$work"
npm pack --silent "inter-ui@$inter" "@phosphor-icons/web@$phosphor" > packed.txt
for name in inter-ui phosphor-icons-web; do
  mkdir "$name" && tar -xzf "$name"-*.tgz -C "$name" --strip-components=1
done
apt-get download fonts-jetbrains-mono fonts-noto-cjk 2> download.txt || { cat download.txt; exit 1; }
for name in fonts-jetbrains-mono fonts-noto-cjk; do dpkg -x "$name"_*.deb "$name"; done

# ---- Latin: what labels need, and what received bytes may well contain (Latin Extended-A, Greek, Cyrillic) ----
latin='U+0020-007E,U+00A0-017F,U+0192,U+0218-021B,U+02C6-02DD,U+0370-03FF,U+0400-045F,U+1E9E,U+2000-206F,U+2070-209F,U+20A0-20BF'
latin+=',U+2100-214F,U+2150-215F,U+2190-21FF,U+2200-22FF,U+2300-23FF,U+2400-2426,U+2460-2473,U+2500-25FF,U+2610-2612,U+2605,U+2606'
latin+=',U+2713-2718,U+2794,U+27E8,U+27E9,U+27F5-27F7,U+2B05-2B07,U+2B24,U+FFFD'
# kern and marks only: no ligatures and no contextual forms ("->" stays two characters); tabular digits stay reachable.
cut() { # input, output, unicodes, features, more
  "$work/venv/bin/pyftsubset" "$1" --output-file="$here/$2" --unicodes="$3" --layout-features="$4" --no-hinting \
    --desubroutinize --name-IDs=0,1,2,3,4,5,6,13,14,16,17 --notdef-outline --drop-tables+=DSIG "${@:5}"
}
for weight in Regular SemiBold; do
  # pyftsubset keeps the packing of its input, and egui reads plain sfnt only.
  "$work/venv/bin/fonttools" ttLib.woff2 decompress -o "$work/Inter-$weight.ttf" "inter-ui/web/Inter-$weight.woff2"
  cut "$work/Inter-$weight.ttf" "Inter-$weight.ttf" "$latin" 'kern,mark,mkmk,ccmp,locl,tnum'
  cut "fonts-jetbrains-mono/usr/share/fonts/truetype/jetbrains-mono/JetBrainsMono-$weight.ttf" \
    "JetBrainsMono-$weight.ttf" "$latin" 'mark,mkmk,ccmp'
done

# ---- Chinese: GB 2312 (6,763 characters and its symbols), CJK punctuation, full-width forms ----
python3 - > gb2312.txt <<'P'
chars = {chr(c) for first, last in ((0x3000, 0x303F), (0xFF00, 0xFFEF)) for c in range(first, last + 1)}
for row in range(0xA1, 0xF8):
    for cell in range(0xA1, 0xFF):
        try:
            chars.add(bytes((row, cell)).decode("gb2312"))
        except UnicodeDecodeError:
            pass
chars |= set("—…“”‘’·×−→←↑↓")
print(",".join(f"U+{ord(c):04X}" for c in sorted(chars)))
P
for weight in Regular Bold; do
  cut "fonts-noto-cjk/usr/share/fonts/opentype/noto/NotoSansCJK-$weight.ttc" "NotoSansSC-$weight.otf" "$(cat gb2312.txt)" '' --font-number=2
done

# ---- Icons: the names of icon-names.txt, the same codepoints in both styles ----
"$work/venv/bin/python" - "$here" > codepoints.txt <<'P'
import pathlib, re, sys
here = pathlib.Path(sys.argv[1])
def table(style, prefix):
    css = pathlib.Path(f"phosphor-icons-web/src/{style}/style.css").read_text()
    return dict(re.findall(rf"\.{prefix}\.ph-([a-z0-9-]+):before\s*{{\s*content: \"\\([0-9a-f]+)\"", css))
regular, fill = table("regular", "ph"), table("fill", "ph-fill")
rows = ["# name codepoint: the same in Phosphor.ttf and Phosphor-Fill.ttf. Written by build.sh."]
for name in (here / "icon-names.txt").read_text().splitlines():
    if not name or name.startswith("#"):
        continue
    if name not in regular:
        sys.exit(f"Phosphor has no icon named {name}")
    if fill.get(name) != regular[name]:
        sys.exit(f"{name}: regular {regular[name]}, fill {fill.get(name)}")
    rows.append(f"{name} {regular[name]}")
(here / "icons.txt").write_text("\n".join(rows) + "\n")
print(",".join("U+" + row.split()[1] for row in rows[1:]))
P
cut phosphor-icons-web/src/regular/Phosphor.ttf Phosphor.ttf "$(cat codepoints.txt)" '' --no-layout-closure
cut phosphor-icons-web/src/fill/Phosphor-Fill.ttf Phosphor-Fill.ttf "$(cat codepoints.txt)" '' --no-layout-closure

# ---- Licences: Inter and Phosphor as published; the other two from the fonts' own notices and the same OFL text ----
cp inter-ui/LICENSE.txt "$here/OFL-Inter.txt"
cp phosphor-icons-web/LICENSE "$here/MIT-Phosphor.txt"
"$work/venv/bin/python" - "$here" <<'P'
import pathlib, sys
from fontTools.ttLib import TTFont
here = pathlib.Path(sys.argv[1])
published = (here / "OFL-Inter.txt").read_text()
terms = published[published.index("This Font Software is licensed under the SIL Open Font License"):]
for font, licence in (("JetBrainsMono-Regular.ttf", "OFL-JetBrainsMono.txt"), ("NotoSansSC-Regular.otf", "OFL-NotoSansSC.txt")):
    names = TTFont(here / font)["name"]
    if "Open Font License" not in names.getDebugName(13):
        sys.exit(f"{font} is not under the OFL: {names.getDebugName(13)}")
    (here / licence).write_text(f"{names.getDebugName(0).strip()}\n\n{terms}")
P

# ---- The promise: every glyph that the window's own words use is there ----
"$work/venv/bin/python" - "$here" <<'P'
import pathlib, sys
from fontTools.ttLib import TTFont
here = pathlib.Path(sys.argv[1])
have = {p.name: set(TTFont(p).getBestCmap()) for p in sorted(here.glob("*.?tf"))}
need = {ord(c) for c in "→←↑↓−×·…“”‘’●○◆▲▼▶■□✓∆Δµ±≥≤–—°€"}
bad = False
for name, chars in have.items():
    missing = "".join(chr(c) for c in sorted(need - chars)) if name[0] in "IJ" else ""
    print(f"{name:28} {(here / name).stat().st_size:>9,} B  {len(chars):>5} characters" + (f"  lacks {missing}" if missing else ""))
latin = have["Inter-Regular.ttf"] | have["JetBrainsMono-Regular.ttf"]
if need - latin:
    sys.exit("in neither Latin font: " + "".join(map(chr, sorted(need - latin))))
P
