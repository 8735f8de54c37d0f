#!/usr/bin/env bash
# exercise.sh SOURCE SCRATCH [whole]: takes the steps of docs/adding-a-channel.md, as they are written there, in a fresh copy of the tree
# SOURCE, and holds what has changed against what the page shows. Without `whole` the last step, `make unit`, goes only as far as the tree
# configures; with it the suites of channels that are no unit tests run as well.
set -euo pipefail

source=$(realpath "$1")
mkdir -p "$2"
scratch=$(realpath "$2")
how=${3:-}
page=$source/docs/adding-a-channel.md

fail() {
  printf 'exercise: %s\n' "$1" >&2
  exit 1
}

rm -rf "$scratch/tree"
mkdir "$scratch/tree"
# Without what building, `make run` and a daemon that was set up by the README leave in the tree.
mapfile -t entries < <(ls -A "$source" | grep -vxE '\.git|build|run|secrets|media|control\.sock|deskbridge\.(toml|db.*)')
tar -C "$source" -c -- "${entries[@]}" | tar -C "$scratch/tree" -x
cd "$scratch/tree"

mapfile -t steps < <(sed -n '/^## An exercise/,/^## The contract/s/^    //p' "$page")
[ "${#steps[@]}" = 3 ] || fail "${#steps[@]} steps on the page, not 3"
[ "${steps[2]}" = "make unit" ] || fail "the last step is not make unit"
bash -euc "${steps[0]}"
bash -euc "${steps[1]}"

changed=$({ for entry in "${entries[@]}"; do diff -rq "$source/$entry" "./$entry"; done; ls -A | grep -vxF "$(printf '%s\n' "${entries[@]}")"; } || true)
[ "$(wc -l <<<"$changed")" = 2 ] || fail "more than a folder and a line has changed:
$changed"
grep -q '^Only in ./channels: acme$' <<<"$changed" || fail "no new folder"
diff -r examples/channel/acme channels/acme || fail "the folder is another"

shown=$(sed -n '/^```diff$/,/^```$/p' "$page" | sed '1d;$d')
made=$(diff -U 100 "$source/channels/CMakeLists.txt" channels/CMakeLists.txt | sed '1,/^@@/d' || true)
grep -q '^+' <<<"$made" || fail "no new line"
# The page begins where the list does.
[[ $made == *"$shown" ]] || fail "the page shows another difference than
$made"

if [ "$how" = whole ]; then
  ${steps[2]}
  # What needs intake, store, outbox and the stand-ins for providers is no unit test; it runs on the new channel too.
  ctest --test-dir build/release -R '^channels_(rules|flow)$' --no-tests=error --output-on-failure
else
  cmake --preset release >configure.log 2>&1 || fail "it does not configure: $(cat configure.log)"
  grep -q 'name == "acme"' build/release/channels/channels_registry.cpp || fail "the channel is not in the registry"
fi
rm -rf "$scratch/tree"
