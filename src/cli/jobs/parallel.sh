#!/bin/sh
# @TUNING@ runs that try rates, then @JUDGING@ that judge the arms, each in @SHARDS@ shards, by GNU parallel.
# Options go to parallel, as in --sshloginfile. Started again, it runs what is missing.
set -eu
: "${GRADLAB:=gradlab}"
folder=@FOLDER@
mkdir -p "$folder/logs"

# A shard that fails is tried again and goes on where it was.
wave() {
  name=$1
  shift
  seq @SHARDS@ | parallel --will-cite --quote --retries 3 --joblog "$folder/logs/$name.log" "$@" \
    "$GRADLAB" @COMMAND@ --wave "$name" --shard "{}/@SHARDS@"
}
wave tune "$@"
"$GRADLAB" merge "$folder" --wave tune
wave judge "$@"
"$GRADLAB" merge "$folder" --format json > "$folder/ranking.json.part"
mv "$folder/ranking.json.part" "$folder/ranking.json"
