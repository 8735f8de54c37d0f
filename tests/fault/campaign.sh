#!/bin/bash
# tests/fault/campaign.sh BUILD PERCENT SEED [RUN…]: the long fault runs, one after another, each at so many percent of its full size.
# Each keeps its whole output in BUILD/fault/RUN.log, with a line of progress every half minute, and says its last line here; at the end stands how
# many passed.
set -u
[ $# -ge 3 ] || { echo "usage: $0 BUILD PERCENT SEED [RUN…]" >&2; exit 2; }
build=$1
percent=$2
seed=$3
shift 3
chosen=" $* "
bin=$build/bin
logs=$build/fault
passed=0
failed=0
skipped=0
mkdir -p "$logs"

of() { # a share of the full size, at least one
  local share=$(($1 * percent / 100))
  echo $((share > 0 ? share : 1))
}

run() {
  local name=$1
  shift
  [ "$chosen" = "  " ] || [[ $chosen == *" $name "* ]] || return 0
  local begun
  begun=$(date +%s)
  echo "$name begins at $(date +%H:%M:%S): tail -f $logs/$name.log"
  local status=0
  "$@" >"$logs/$name.log" 2>&1 || status=$?
  if [ $status -eq 0 ]; then
    passed=$((passed + 1))
  elif [ $status -eq 77 ]; then
    skipped=$((skipped + 1))
  else
    failed=$((failed + 1))
    echo "  FAILED (exit status $status): $*"
  fi
  echo "  $(tail -n 1 "$logs/$name.log") [$(($(date +%s) - begun)) s]"
}

daemon=(--deskbridge "$bin/deskbridge")
preloaded=("${daemon[@]}" --layer "$build/tests/fault/libfaultfs.so" --opener "$bin/image_opener")

for scenario in work birth checkpoint; do
  run "io_faults_$scenario" "$bin/io_faults" "${preloaded[@]}" --scenario "$scenario" --all 1 --seed "$seed"
done
run disk_full "$bin/disk_full" "${daemon[@]}" --case all
run attackers "$bin/attackers" "${daemon[@]}" --attackers "$(of 10000)"
run attackers_tls "$bin/attackers" "${daemon[@]}" --attackers "$(of 10000)" --tls 1
run send_faults_hold "$bin/send_faults" --policy hold --sends "$(of 1000000)" --seeds 0 --seed "$seed"
run send_faults "$bin/send_faults" --sends "$(of 1000000)" --seeds "$(of 1000)" --seed "$seed"
run provider_faults "$bin/provider_faults" "${daemon[@]}" --sends "$(of 20000)" --seed "$seed"
run crash_rounds "$bin/crash_rounds" "${daemon[@]}" --rounds "$(of 10000)" --seed "$seed"
run simulation "$bin/simulation" --seeds "$(of 1000000)" --from "$seed"
run power_cuts "$bin/power_cuts" "${preloaded[@]}" --images "$(of 1000000)" --again 8 --seed "$seed"

echo "fault: $percent % of the full size, seed $seed; $passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ $((passed + failed)) -gt 0 ]
