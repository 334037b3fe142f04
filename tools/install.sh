#!/bin/sh
# Before any `npm run` script: installs what package-lock.json names, where it is not installed yet or a try was cut short.
if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
  echo "Installing the packages of Helix (about 700 MB, once; a minute or so) ..."
  npm ci --no-audit --no-fund --loglevel=error || {
    echo "The packages could not be installed: see above. Nothing was started. Check the network and the disk, then try again." >&2
    exit 1
  }
  touch node_modules/.package-lock.json
fi
