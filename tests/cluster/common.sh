# What the tests on schedulers have in common. GRADLAB is the program; by default the one built last.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
: "${GRADLAB:=$root/target/debug/gradlab}"
export GRADLAB
work=$(mktemp -d)
cd "$work"

# A comparison that takes a few seconds, in seven shards: a schedule, an initializer and an edit in arms.
set -- iris --arm plain= --arm cosine=schedule=cosine \
  --arm later=layers.1.init=kaiming_normal/@20:optimizer=sgd:lr=0.05 \
  --lr-grid 3 --steps 60 --seeds 6 --tuning-seeds 2 --target 'test_loss<0.5'

# The JSON without what depends on the clock, to the byte.
timeless() {
  python3 -c '
import json, sys

def timeless(value):
    if isinstance(value, dict):
        return {key: timeless(it) for key, it in value.items() if "seconds" not in key}
    return [timeless(it) for it in value] if isinstance(value, list) else value

print(json.dumps(timeless(json.load(sys.stdin))))' < "$1"
}

# The folder holds what one machine alone comes to.
same_as_alone() {
  test -s alone.json || "$GRADLAB" compare "$@" --format json > alone.json
  timeless alone.json > alone
  timeless shared/ranking.json > merged
  cmp alone merged
  test "$(grep -c . alone)" -eq 1
  for wave in tune judge; do
    test "$(find shared -name "$wave-*-of-00007.jsonl" | wc -l)" -eq 7
  done
  test -z "$(find shared -name '*.part')"
}
