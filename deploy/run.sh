#!/usr/bin/env bash
# Starts the daemon and, as a second process, a simulated WhatsApp with a phone page. State stays in run/.
# usage: deploy/run.sh path/to/deskbridge
set -euo pipefail
cd "$(dirname "$0")/.."
deskbridge=$(realpath "${1:?usage: deploy/run.sh path/to/deskbridge}")
state=${DESKBRIDGE_RUN_DIR:-$PWD/run}

free_port() { # the first port from $1 on that nobody listens on
  local port=$1
  while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
  echo "$port"
}

secret() { # a random secret, made once
  [ -s "$state/secrets/$1" ] || (umask 077; od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$state/secrets/$1")
}

mkdir -p "$state" 2>/dev/null && [ -w "$state" ] || {
  echo "error: $(id -un) cannot write to $state, which belongs to $(stat -c %U "$state" 2>/dev/null || stat -c %U "$(dirname "$state")")" >&2
  echo "fix:   sudo chown -R $(id -un) $state" >&2
  exit 1
}
state=$(realpath "$state")
mkdir -p "$state/secrets" "$state/simulator"
chmod 700 "$state" "$state/secrets"
exec 9>"$state/lock"
flock -n 9 || { echo "Deskbridge is running already with the state in $state; its phone page: $(cat "$state/phone_page" 2>/dev/null)" >&2; exit 1; }
for name in app_secret access_token verify_token; do secret "$name"; done

port=$(free_port 8080)
phone_port=$(free_port $((port < 9100 ? 9100 : port + 1)))

echo "http://127.0.0.1:$phone_port/" >"$state/phone_page"
cat >"$state/deskbridge.toml" <<TOML
# Written by make run at each start.
[server]
listen = "127.0.0.1:$port"
public_url = "http://127.0.0.1:$port"

[store]
path = "deskbridge.db"

[[account]]
name = "demo"
channel = "whatsapp"
waba_id = "880011223344556"
phone_number_id = "700100200300400"
api_base = "http://127.0.0.1:$phone_port/v25.0"
app_secret = { file = "secrets/app_secret" }
access_token = { file = "secrets/access_token" }
verify_token = { file = "secrets/verify_token" }
TOML

pids=()
stop() {
  trap '' INT TERM
  [ ${#pids[@]} -eq 0 ] || kill -TERM "${pids[@]}" 2>/dev/null || true
  wait || true
}
trap 'stop; exit 0' INT TERM

# In sessions of their own: Ctrl-C reaches this script alone, which then stops both in order.
setsid "$deskbridge" serve --config "$state/deskbridge.toml" 2>>"$state/deskbridge.log" 9>&- &
pids+=($!)
for _ in $(seq 100); do
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
  kill -0 "${pids[0]}" 2>/dev/null || { echo "error: the daemon did not start; the end of $state/deskbridge.log:" >&2; tail -n 15 "$state/deskbridge.log" >&2; exit 1; }
  sleep 0.1
done

setsid "$deskbridge" simulate --listen "127.0.0.1:$phone_port" --state "$state/simulator" \
  --hook "http://127.0.0.1:$port/hooks/demo" --waba-id 880011223344556 --phone-number-id 700100200300400 \
  --app-secret-file "$state/secrets/app_secret" --access-token-file "$state/secrets/access_token" \
  --verify-token-file "$state/secrets/verify_token" 2>>"$state/simulator.log" 9>&- &
pids+=($!)
for _ in $(seq 100); do
  (exec 3<>"/dev/tcp/127.0.0.1/$phone_port") 2>/dev/null && break
  kill -0 "${pids[1]}" 2>/dev/null || { echo "error: the simulator did not start; the end of $state/simulator.log:" >&2; tail -n 15 "$state/simulator.log" >&2; stop; exit 1; }
  sleep 0.1
done

shown=$deskbridge
[ "$(realpath "$PWD/build/release/bin/deskbridge" 2>/dev/null)" = "$deskbridge" ] && shown=build/release/bin/deskbridge
cat <<TEXT

Deskbridge is running. Its state is in ${state#"$PWD/"}/ (logs: deskbridge.log, simulator.log).

  Phone page   http://127.0.0.1:$phone_port/     write "My parcel has not arrived"
  Hook         http://127.0.0.1:$port/hooks/demo

Then, in another terminal:

  export DESKBRIDGE_CONFIG=$state/deskbridge.toml
  $shown ticket ls
  $shown ticket show 1 --why
  $shown ticket reply 1 -m "It is on its way"

Ctrl-C stops both.
TEXT

while kill -0 "${pids[0]}" 2>/dev/null && kill -0 "${pids[1]}" 2>/dev/null; do
  wait -n "${pids[@]}" || true
done
echo "error: one of the two processes ended by itself; see the logs in $state" >&2
stop
exit 1
