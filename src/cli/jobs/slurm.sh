#!/bin/sh
# @TUNING@ runs that try rates, then @JUDGING@ that judge the arms, each in @SHARDS@ shards, by Slurm.
# Options go to sbatch. Started again, it runs what is missing.
set -eu
: "${GRADLAB:=gradlab}"
folder=@FOLDER@

# In a job: a shard, or what follows a wave.
case ${GRADLAB_STEP:-} in
tune | judge)
  exec "$GRADLAB" @COMMAND@ \
    --wave "$GRADLAB_STEP" --shard "$SLURM_ARRAY_TASK_ID/@SHARDS@" ;;
rates)
  exec "$GRADLAB" merge "$folder" --wave tune ;;
merge)
  "$GRADLAB" merge "$folder" --format json > "$folder/ranking.json.part"
  exec mv "$folder/ranking.json.part" "$folder/ranking.json" ;;
esac

# On a login node: submits itself four times, each waiting for the one before. A shard that is pre-empted
# is queued again and goes on where it was.
mkdir -p "$folder/logs"
script=$0
submit() {
  step=$1
  shift
  GRADLAB=$GRADLAB GRADLAB_STEP=$step sbatch --parsable --export=ALL --requeue --open-mode=append \
    --signal=B:TERM@30 --kill-on-invalid-dep=yes --job-name="gradlab-$step" \
    --output="$folder/logs/$step-%a.log" "$@" "$script"
}
tune=$(submit tune --array=1-@SHARDS@ --cpus-per-task=@CORES@ "$@")
rates=$(submit rates --dependency="afterok:${tune%%;*}" "$@")
judge=$(submit judge --dependency="afterok:${rates%%;*}" --array=1-@SHARDS@ --cpus-per-task=@CORES@ "$@")
merge=$(submit merge --dependency="afterok:${judge%%;*}" "$@")
echo "$tune $rates $judge $merge"
