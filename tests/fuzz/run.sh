#!/bin/bash
# tests/fuzz/run.sh BUILD SECONDS [TARGET…]: every fuzz target of a build, one after another, for so many seconds each.
# What it learns stays in BUILD/corpus and is gone on with; what it finds in BUILD/finds.
set -u
build=$1
budget=$2
shift 2
here=$(dirname "$0")
[ $# -gt 0 ] || set -- $(for program in "$build"/bin/fuzz_*; do basename "$program" | sed 's/^fuzz_//'; done | grep -vx replay)

"$build/bin/fuzz_replay" --write-seeds "$build/seeds" || exit 1
passed=0
failed=0
runs=0
for target in "$@"; do
  corpus="$build/corpus/$target"
  finds="$build/finds/$target"
  log="$build/fuzz_$target.log"
  mkdir -p "$corpus" "$finds"
  options=(-max_total_time="$budget" -timeout=20 -max_len=16384 -print_final_stats=1 -artifact_prefix="$finds/")
  [ -f "$here/dictionaries/$target.dict" ] && options+=(-dict="$here/dictionaries/$target.dict")
  if "$build/bin/fuzz_$target" "${options[@]}" "$corpus" "$build/seeds/$target" >"$log" 2>&1; then
    passed=$((passed + 1))
    found=""
  else
    failed=$((failed + 1))
    found="  FAILED, see $log; repeat: $build/bin/fuzz_$target $(ls -t "$finds"/* 2>/dev/null | head -n 1)"
  fi
  units=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  speed=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
  runs=$((runs + ${units:-0}))
  echo "$target: ${units:-?} inputs, ${speed:-?} a second$found"
done
echo "fuzz: $runs inputs, $budget s for each target; $passed passed, $failed failed"
[ "$failed" = 0 ]
