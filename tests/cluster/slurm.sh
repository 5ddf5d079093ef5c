#!/bin/sh
# A comparison in seven shards by a real Slurm of one node, this machine, comes to what it alone comes to; a
# task that is requeued in the middle goes on. Needs root, and the packages slurm-wlm and munge of Debian.
. "$(dirname "$0")/common.sh"
test "$(id -u)" -eq 0
slurm=$work/slurm
mkdir -p "$slurm/state" "$slurm/spool" /run/munge
host=$(hostname -s)
cores=$(nproc)
cat > "$slurm/slurm.conf" << END
ClusterName=gradlab
SlurmctldHost=$host(127.0.0.1)
AuthType=auth/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$slurm/state
SlurmdSpoolDir=$slurm/spool
SlurmctldPidFile=$slurm/slurmctld.pid
SlurmdPidFile=$slurm/slurmd.pid
SlurmctldLogFile=$slurm/slurmctld.log
SlurmdLogFile=$slurm/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=1,sched_interval=2
MinJobAge=300
JobRequeue=1
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cores State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
END
SLURM_CONF=$slurm/slurm.conf
export SLURM_CONF
own=
if ! munge -n > /dev/null 2>&1; then
  chown munge: /run/munge
  runuser -u munge -- munged --pid-file="/run/munge/gradlab.pid"
  own=$(cat /run/munge/gradlab.pid)
fi
slurmctld -D > /dev/null 2>&1 &
controller=$!
slurmd -D > /dev/null 2>&1 &
node=$!
stop() {
  scancel --quiet --user=root 2> /dev/null || true
  # shellcheck disable=SC2086
  kill $controller $node $own 2> /dev/null || true
}
trap stop EXIT
for _ in $(seq 30); do
  sinfo --noheader --format=%T 2> /dev/null | grep -q idle && break
  sleep 1
done
sinfo

"$GRADLAB" jobs --for slurm --shards 7 --out jobs.sh -- compare "$@" --out shared
jobs=$(sh jobs.sh)
echo "jobs $jobs"
# One task is sent back to the queue, as pre-emption does.
tune=${jobs%% *}
for _ in $(seq 100); do
  running=$(squeue --noheader --states=R --array --jobs="$tune" --format=%i 2> /dev/null | head -n 1)
  test -z "$running" || break
  sleep 0.1
done
test -z "$running" || scontrol requeue "$running"
for _ in $(seq 240); do
  test -s shared/ranking.json && break
  sleep 1
done
scontrol show job "$tune" | grep -o 'Restarts=[0-9]*' | sort | uniq -c
same_as_alone "$@"
echo "Slurm: seven shards and one machine agree"
