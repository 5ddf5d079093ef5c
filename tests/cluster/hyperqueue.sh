#!/bin/sh
# A comparison in seven shards by HyperQueue comes to what one machine alone comes to. `hq` is the one on
# the PATH, or else a local cluster of the Python package `hyperqueue`.
. "$(dirname "$0")/common.sh"
if ! command -v hq > /dev/null; then
  python3 -m venv python > /dev/null
  python/bin/pip install --quiet --disable-pip-version-check hyperqueue==0.27.0
  mkdir bin
  printf '#!/bin/sh\nexec "%s/python/bin/python" "%s/tests/cluster/hq.py" "$@"\n' "$work" "$root" > bin/hq
  chmod +x bin/hq
  PATH=$work/bin:$PATH
  export PATH
fi
"$GRADLAB" jobs --for hyperqueue --shards 7 --out jobs.sh -- compare "$@" --out shared
sh jobs.sh
same_as_alone "$@"
cd / && rm -r "$work"
echo "HyperQueue: seven shards and one machine agree"
