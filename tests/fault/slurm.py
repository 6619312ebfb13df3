"""slurm.py PROGRAM WORKER: runs PROGRAM beside a Slurm of one node, on ports of its own of the loopback interface, in a folder of its own,
which is gone afterwards. Ends with 77 (skipped) where there is no Slurm, or where it cannot start."""
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

SKIPPED = 77

CONFIGURATION = """
ClusterName=bulkhead
SlurmctldHost={host}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/none
CredType=cred/none
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_res
SelectTypeParameters=CR_CPU
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SlurmdTimeout=10
SlurmctldTimeout=10
KillWait=2
MinJobAge=10
SchedulerType=sched/builtin
PriorityType=priority/basic
NodeName={host} NodeAddr=127.0.0.1 CPUs={processors} State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:8
"""


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def skip(why):
    print("SKIP:", why)
    sys.exit(SKIPPED)


def die_with_parent():
    """No daemon outlives this script, whatever ends it."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Cluster:
    def __init__(self, folder):
        self.folder = folder
        self.daemons = []
        host = socket.gethostname().split(".")[0]
        self.host = host
        for name in ("state", "spool"):
            os.mkdir(os.path.join(folder, name))
        path = os.path.join(folder, "slurm.conf")
        with open(path, "w", encoding="ascii") as file:
            user = subprocess.check_output(["id", "-un"], text=True).strip()
            file.write(CONFIGURATION.format(host=host, user=user, folder=folder, ports=free_ports(2),
                                            processors=len(os.sched_getaffinity(0))))
        os.environ["SLURM_CONF"] = path
        os.environ["PATH"] += ":/usr/sbin"

    def start(self, name, *arguments):
        with open(os.path.join(self.folder, name + ".out"), "w", encoding="ascii") as out:
            self.daemons.append(subprocess.Popen([name, "-D", *arguments], stdin=subprocess.DEVNULL, stdout=out,
                                                 stderr=out, preexec_fn=die_with_parent))

    def is_up(self):
        """A first step has run."""
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if any(each.poll() is not None for each in self.daemons):
                return False
            state = subprocess.run(["sinfo", "-h", "-o", "%T"], capture_output=True, text=True, check=False).stdout.strip()
            if state == "idle":
                return subprocess.run(["timeout", "10", "srun", "-Q", "-n1", "true"], check=False).returncode == 0
            time.sleep(0.2)
        return False

    def stop(self):
        subprocess.run(["scancel", "-f", "-w", self.host], capture_output=True, check=False, timeout=30)
        for each in reversed(self.daemons):
            each.send_signal(signal.SIGTERM)
        for each in self.daemons:
            try:
                each.wait(10)
            except subprocess.TimeoutExpired:
                each.kill()
                each.wait()


def main():
    program, worker = sys.argv[1:3]
    for name in ("slurmctld", "slurmd", "srun"):
        if not shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin"):
            skip(f"there is no {name}: install slurm-wlm")
    with tempfile.TemporaryDirectory(prefix="bulkhead-slurm-") as folder:
        cluster = Cluster(folder)
        try:
            cluster.start("slurmctld")
            cluster.start("slurmd", "-N", cluster.host)
            if not cluster.is_up():
                for name in ("slurmctld", "slurmd"):
                    with open(os.path.join(folder, name + ".out"), encoding="utf-8", errors="replace") as out:
                        print(out.read()[-2000:])
                skip("slurmd does not start here")
            os.environ["SLURMD_PID"] = str(cluster.daemons[1].pid)
            return subprocess.run([program, worker, folder], check=False).returncode
        finally:
            cluster.stop()


if __name__ == "__main__":
    sys.exit(main())
