#!/bin/sh
# @TUNING@ runs that try rates, then @JUDGING@ that judge the arms, each in @SHARDS@ shards, by HyperQueue.
# Options go to hq submit. Started again, it runs what is missing.
set -eu
: "${GRADLAB:=gradlab}"
folder=@FOLDER@
mkdir -p "$folder/logs"

# A task whose worker is lost, as by pre-emption, is started again and goes on where it was.
wave() {
  name=$1
  shift
  hq submit --wait --name="gradlab-$name" --array=1-@SHARDS@ --cpus=@CORES@ --crash-limit=100 \
    --stdout=none --stderr="$folder/logs/$name-%{TASK_ID}.log" "$@" -- \
    "$GRADLAB" @COMMAND@ --wave "$name" --shard @SHARDS@
}
wave tune "$@"
"$GRADLAB" merge "$folder" --wave tune
wave judge "$@"
"$GRADLAB" merge "$folder" --format json > "$folder/ranking.json.part"
mv "$folder/ranking.json.part" "$folder/ranking.json"
