#!/bin/sh
# install.sh FOLDER: puts the peer there with its npm packages, by name and lock file. Exit status 77: npm or Node is missing.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
for tool in node npm; do
  command -v $tool >/dev/null 2>&1 || { echo "peer: $tool is not installed (Debian: apt-get install nodejs npm)" >&2; exit 77; }
done
mkdir -p "$1"
cp "$here"/*.mjs "$here"/package.json "$here"/package-lock.json "$here"/.npmrc "$1"
cd "$1"
stamp=$(cat package-lock.json | sha256sum | cut -d ' ' -f 1)-$(node --version)
[ "$(cat installed 2>/dev/null || true)" = "$stamp" ] && exit 0
# Where no ready-made module fits, it is compiled: against the headers that lie on the machine, never fetched ones.
[ ! -e /usr/include/node/node.h ] || export npm_config_nodedir=/usr
npm ci --no-audit --no-fund >install.log 2>&1 || { tail -20 install.log >&2; exit 1; }
echo "$stamp" >installed
