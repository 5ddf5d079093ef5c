"""`hq submit --wait` by a local cluster of the Python package, which comes without that command."""

import argparse
import logging
import sys
import tempfile

from hyperqueue import Job, LocalCluster
from hyperqueue.cluster import WorkerConfig
from hyperqueue.ffi.protocol import ResourceRequest

parser = argparse.ArgumentParser()
parser.add_argument("submit", choices=["submit"])
parser.add_argument("--wait", action="store_true", required=True)
parser.add_argument("--name", required=True)
parser.add_argument("--array", required=True)
parser.add_argument("--cpus", type=int, default=1)
parser.add_argument("--crash-limit", type=int)
parser.add_argument("--stdout", choices=["none"])
parser.add_argument("--stderr", required=True)
parser.add_argument("command", nargs="+")
asked = parser.parse_args()

first, last = map(int, asked.array.split("-"))
job = Job(default_workdir=".", name=asked.name)
for number in range(first, last + 1):
    task = job.program(
        asked.command,
        stdout=None,
        stderr=asked.stderr.replace("%{TASK_ID}", str(number)),
        resources=ResourceRequest(cpus=asked.cpus),
        crash_limit=asked.crash_limit,
    )
    # The package numbers tasks from 0, an array as it says.
    task.task_id = number
logging.disable()
with LocalCluster(server_dir=tempfile.mkdtemp()) as cluster:
    cluster.start_worker(WorkerConfig(cores=2))
    client = cluster.client()
    sys.exit(not client.wait_for_jobs([client.submit(job)], raise_on_error=False))
