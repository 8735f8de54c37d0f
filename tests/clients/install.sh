#!/bin/sh
# install.sh FOLDER: installs what package-lock.json beside it names into FOLDER. 77 where there is no npm, or no registry within reach;
# a package that is not what the lock file says is a failure.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
for program in node npm; do
  command -v "$program" >/dev/null 2>&1 || { echo "skipped: no $program on this machine"; exit 77; }
done
mkdir -p "$1"
cd "$1"
cmp -s "$here/package-lock.json" installed-lock.json && { echo "installed already"; exit 0; }
rm -f installed-lock.json
cp "$here/package.json" "$here/package-lock.json" .
if npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 --fetch-timeout=20000 >npm.log 2>&1; then
  cp package-lock.json installed-lock.json
  exit 0
fi
cat npm.log
if grep -Eq 'E(NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|TIMEDOUT|(CONNECTION|IDLE|RESPONSE|TRANSFER)TIMEOUT|HOSTUNREACH|NETUNREACH|RR_SOCKET_TIMEOUT|RR_STREAM_PREMATURE_CLOSE)|code E(401|403|429|5[0-9][0-9])|network' npm.log; then
  echo "skipped: no package registry within reach"
  exit 77
fi
exit 1
