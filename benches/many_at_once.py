#!/usr/bin/env python3
"""Thirty workbenches on one machine: memory and processor time at the default pace.

    cargo build --release && benches/many_at_once.py [COUNT] [SECONDS]

Each has a pseudo-terminal of 120 x 40 of its own, which takes whatever is written. Linux only.
"""
import fcntl, os, pty, select, signal, struct, sys, tempfile, termios, time

PROGRAM = os.path.join(os.path.dirname(__file__), "..", "target", "release", "gradlab")
TICKS = os.sysconf("SC_CLK_TCK")


def start(state):
    """Starts one, and returns its process and the terminal's side."""
    process, terminal = pty.fork()
    if process == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LC_ALL="C.UTF-8",
                          GRADLAB_STATE_DIR=state, GRADLAB_CONFIG="")
        os.execv(PROGRAM, [PROGRAM])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    return process, terminal


def take(terminals, until):
    """Takes what is written until then, and returns how many bytes that was."""
    count = 0
    while (left := until - time.monotonic()) > 0:
        for terminal in select.select(terminals, [], [], left)[0]:
            count += len(os.read(terminal, 65536))
    return count


def processor_time(process):
    with open(f"/proc/{process}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory(process, key):
    with open(f"/proc/{process}/smaps_rollup") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(key)) / 1e3


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 15
    with tempfile.TemporaryDirectory() as state:
        running = [start(os.path.join(state, str(number))) for number in range(count)]
        try:
            processes, terminals = zip(*running)
            take(terminals, time.monotonic() + 5)
            before = [processor_time(process) for process in processes]
            written = take(terminals, time.monotonic() + seconds)
            used = sum(map(processor_time, processes)) - sum(before)
            resident = [memory(process, "Rss:") for process in processes]
            own = [memory(process, "Pss:") for process in processes]
            print(f"{count} workbenches for {seconds:.0f} s at the default pace")
            print(f"  resident      {max(resident):6.1f} MB at most, {sum(resident) / count:.1f} on the average")
            print(f"  proportional  {max(own):6.1f} MB at most, {sum(own):.0f} together")
            print(f"  cores         {used / seconds:6.2f} together, {used / seconds / count:.3f} each")
            print(f"  written       {written / seconds / count / 1e3:6.1f} KB a second each")
        finally:
            for process, _ in running:
                os.kill(process, signal.SIGTERM)
            for process, terminal in running:
                os.close(terminal)
                os.waitpid(process, 0)


main()
