#!/bin/sh
# install-packages.sh [MORE…]: installs the Debian packages that building and testing need, and those named, if any is
# missing. Needs root or sudo for that.
set -eu

packages="g++ cmake ninja-build ccache pkg-config
 libboost1.81-dev libssl-dev libsqlite3-dev nlohmann-json3-dev libfmt-dev libspdlog-dev libcli11-dev libtomlplusplus-dev
 libicu-dev libcld2-dev libkainjow-mustache-dev catch2 ca-certificates $*"

missing=""
for package in $packages; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ]; then
  as_root=""
elif command -v sudo >/dev/null 2>&1; then
  as_root="sudo"
else
  echo "error: these Debian packages are missing:$missing" >&2
  echo "fix:   run this as root, install sudo, or ask for: apt-get install$missing" >&2
  exit 1
fi

echo "installing Debian packages:$missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -q
# shellcheck disable=SC2086 # the list is words
$as_root apt-get install -q -y --no-install-recommends $missing
