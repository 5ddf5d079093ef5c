#!/bin/sh
# A comparison in seven shards by GNU parallel comes to what one machine alone comes to, though one shard
# is killed and run again; nobody else can run a shard that is being run.
. "$(dirname "$0")/common.sh"
"$GRADLAB" jobs --for parallel --shards 7 --out jobs.sh -- compare "$@" --out shared

# A shard that is killed in the middle: the first one to be seen with runs in it. It is a slow one, so that
# it can be met, in a folder of its own.
slow="compare digits --optimizers sgd,adam --lr-grid 3 --steps 400 --seeds 2 --tuning-seeds 4"
shard="--out killed --wave tune --shard 2/7 --jobs 1"
# shellcheck disable=SC2086
"$GRADLAB" $slow $shard 2> first.log &
first=$!
part=killed/tune-00002-of-00007.jsonl.part
until test "$(grep -c key "$part" 2> /dev/null)" -ge 1 2> /dev/null; do
  kill -0 "$first"
  sleep 0.05
done
# shellcheck disable=SC2086
if "$GRADLAB" $slow $shard 2> second.log; then
  echo "two processes ran one shard" >&2
  exit 1
fi
grep -q 'another comparison is writing' second.log
kill -9 "$first"
wait "$first" || true
grep '"key".*}$' "$part" > before
# shellcheck disable=SC2086
"$GRADLAB" $slow $shard 2> third.log
grep -q 'of which [1-9]' third.log
whole=killed/tune-00002-of-00007.jsonl
grep -c . before | grep -q '[1-9]'
head -n "$(($(grep -c . before) + 1))" "$whole" | tail -n +2 | cmp - before
# shellcheck disable=SC2086
"$GRADLAB" $slow $shard 2>&1 | grep -q 'done already'

sh jobs.sh --jobs 2
same_as_alone "$@"
# Started again, it runs nothing.
find shared -name '*.jsonl' -newer jobs.sh -exec cksum {} + | sort > sums
sh jobs.sh --jobs 2 2> /dev/null
find shared -name '*.jsonl' -newer jobs.sh -exec cksum {} + | sort | cmp - sums
same_as_alone "$@"
cd / && rm -r "$work"
echo "GNU parallel: seven shards and one machine agree"
