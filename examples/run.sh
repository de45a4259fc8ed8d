#!/usr/bin/env bash
# From notes to a page to read, in the author's voice: the whole way of kcreate in one script.
#
#   examples/run.sh                          the night sky, into build/examples/
#   examples/run.sh gongfu-tea               another example of this folder
#   OUT=~/courses examples/run.sh            somewhere else
#   MINUTES=20 examples/run.sh               a longer lesson in the author's voice
#
# It may be stopped at any moment: run it again and each command goes on from what it finds on disk.
# Options come from KCREATE_* variables as everywhere, for instance KCREATE_MODEL=/path/to/model.gguf.

# Each step reads what the one before it wrote, so the first failure has to end the run.
set -euo pipefail

# The folders below are named from the repository root, wherever the script is called from; an OUT that is
# relative is meant from where the caller stands, so it is made absolute before the change of folder.
caller=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")/.."

example=${1:-night-sky}
out=${OUT:-$PWD/build/examples} # build/ is ignored by git, so a trial leaves the checkout clean
[[ $out = /* ]] || out=$caller/$out
minutes=${MINUTES:-5}

notes=examples/$example/notes
course=$out/$example-course
voice=$out/$example-voice
dist=$out/$example-dist

# Said here rather than by the shell ("command not found"), because the way out is not obvious to a newcomer.
if ! command -v kcreate >/dev/null; then
    echo "kcreate is not on the PATH; run 'pip install .' in $PWD first, in a virtual environment." >&2
    exit 2
fi
if [[ ! -d $notes ]]; then
    echo "There is no example '$example'; examples/ has: $(cd examples && printf '%s ' */)" >&2
    exit 2
fi
mkdir -p "$out"

# A first course straight from the notes. Worth having before any training: it shows what the notes carry.
echo "1/4  drafting $notes" >&2
kcreate draft "$notes" --out "$course"

# A small adapter learns how this author writes. It sees the notes only, never the drafted course, because a model
# that is trained on its own text drifts away from the author.
echo "2/4  learning the voice, $minutes minutes" >&2
kcreate finetune "$notes" --out "$voice" --minutes "$minutes"

# The same folder again, now in that voice. Lessons that a person has edited meanwhile stay as they are.
echo "3/4  drafting again with the voice" >&2
kcreate draft "$course" --adapter "$voice"

# Two formats from one course: Markdown to keep in git or hand on, HTML to read now.
echo "4/4  exporting" >&2
kcreate export "$course" --to markdown,html --out "$dist"

# The page opens straight from the disk: it asks no server and no network. The path goes to stdout, alone on the last
# line, so that another script can pick it up. The shortest path is the contents page, not one inside a subfolder.
page=$(find "$dist" -name index.html | awk 'NR == 1 || length($0) < length(p) { p = $0 } END { print p }')
if [[ -z $page ]]; then
    echo "The export left no index.html under $dist." >&2
    exit 1
fi
echo "Open this in a browser:" >&2
echo "file://$page"
