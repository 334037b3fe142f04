#!/bin/sh
# Before any `npm run` script: installs what package-lock.json names, where it is not installed yet or a try was cut short.
# The mark is a copy of the lock file: `npm ci` removes it first, and only a finished one brings it back (by `postinstall`, where scripts run).
mark=node_modules/.installed-package-lock.json
if [ -L node_modules ] || cmp -s package-lock.json "$mark"; then
  exit 0
fi
echo "Installing the packages of Helix (about 700 MB, once; a minute or so) ..."
npm ci --no-audit --no-fund --loglevel=error && cp package-lock.json "$mark" || {
  echo "The packages could not be installed: see above. Nothing was started. Check the network and the disk, then try again." >&2
  exit 1
}
