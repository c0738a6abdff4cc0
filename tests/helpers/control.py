"""Drives bot-jail through its control socket; prints "ok CLAIM" or "not ok CLAIM" lines."""
import array
import errno
import fcntl
import json
import os
import socket
import subprocess
import sys
import time

JAIL = sys.argv[1]


def claim(right, name):
    print(("ok " if right else "not ok ") + name, flush=True)


def start(policy, *command, slots=()):
    ours, theirs = socket.socketpair()
    status_read, status_write = os.pipe()
    words = [JAIL, "-p", policy, "-c", str(theirs.fileno()), "-s", str(status_write), *slots, "--", *command]
    process = subprocess.Popen(words, pass_fds=(theirs.fileno(), status_write), stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL)
    theirs.close()
    os.close(status_write)
    return process, ours, os.fdopen(status_read)


def receive(sock):
    text, ancillary, flags, _ = sock.recvmsg(65536, socket.CMSG_SPACE(64 * 4))
    fds = array.array("i")
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(data[:len(data) - len(data) % fds.itemsize])
    return (json.loads(text) if text else None), list(fds)


def read(fd):
    return os.pread(fd, 4096, 0).decode()


def cpu_us(fd):
    return int(read(fd).split()[1])


def until(condition):
    """Waits for it, as long as a slow machine may take; says whether it came."""
    give_up = time.monotonic() + 30
    while not condition() and time.monotonic() < give_up:
        time.sleep(0.01)
    return condition()


def uses_cpu(fd):
    before = cpu_us(fd)
    return until(lambda: cpu_us(fd) - before > 50000)


def writable(fd):
    return fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE != os.O_RDONLY


def test_files():
    process, sock, status = start("agent", "sh", "-c", "while :; do :; done & while :; do :; done")
    message, fds = receive(sock)
    names = message["cgroup"]
    files = dict(zip(names, fds))
    claim(len(names) == len(fds), "as many names as descriptors")
    claim({"cgroup.freeze", "cgroup.kill", "cgroup.events", "cgroup.threads", "cpu.stat"} <= set(names), "the core files are there")
    claim(any(name in names for name in ("memory.current", "memory.usage_in_bytes")), "memory is there")
    claim("pids.current" in names, "pids are there")
    claim(sorted(name for name in names if writable(files[name])) == ["cgroup.freeze", "cgroup.kill"],
          "only freeze and kill can be written")
    claim(not any(os.path.isdir(f"/proc/self/fd/{fd}") for fd in fds), "no directory is among them")
    claim(uses_cpu(files["cpu.stat"]), "cpu.stat moves while the jail runs")
    os.write(files["cgroup.freeze"], b"1")
    claim(until(lambda: "frozen 1" in read(files["cgroup.events"])), "one write freezes the jail")
    before = cpu_us(files["cpu.stat"])
    time.sleep(0.4)
    claim(cpu_us(files["cpu.stat"]) - before < 50000, "no process of it uses CPU then, grandchildren included")
    os.write(files["cgroup.freeze"], b"0")
    claim(uses_cpu(files["cpu.stat"]), "one write thaws it")
    os.write(files["cgroup.kill"], b"1")
    process.wait()
    outcome = json.loads(status.read())
    claim(outcome["reason"] == "killed" and outcome["signal"] == 9, "one write kills it: reason killed")
    claim(process.returncode == 137, "exit status 137")
    for fd in fds:
        os.close(fd)


def test_close():
    process, sock, status = start("agent", "sleep", "60")
    _, fds = receive(sock)
    for fd in fds:
        os.close(fd)
    time.sleep(0.2)
    begin = time.monotonic()
    sock.close()
    process.wait()
    took = time.monotonic() - begin
    claim(json.loads(status.read())["reason"] == "killed", "closing the socket ends the jail")
    claim(took < 30, f"within 100 ms, and what a busy machine takes to see it ({took * 1000:.0f} ms)")


def test_shutdown_and_talk():
    process, sock, status = start("agent", "sleep", "3")
    sock.sendall(b"x" * 100000)
    process.wait()
    claim(json.loads(status.read())["reason"] == "exited", "what is written to the socket is nobody's business")
    process, sock, status = start("agent", "sleep", "60")
    sock.shutdown(socket.SHUT_WR)
    process.wait()
    claim(json.loads(status.read())["reason"] == "killed", "half a close is a close")


def test_full_socket():
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    theirs.setblocking(False)
    try:
        while True:
            theirs.send(b"x" * 65536)
    except BlockingIOError:
        pass
    theirs.setblocking(True)
    process = subprocess.Popen([JAIL, "-p", "agent", "-c", str(theirs.fileno()), "--", "true"], pass_fds=(theirs.fileno(),),
                               stderr=subprocess.DEVNULL)
    claim(process.wait() == 125, "a socket that takes no message gets no jail")
    ours.close()
    theirs.close()


def test_frozen_wall():
    process, sock, status = start("agent", "sh", "-c", "echo up; sleep 60", slots=("-l", "wall=3s"))
    message, fds = receive(sock)
    files = dict(zip(message["cgroup"], fds))
    process.stdout.readline()
    os.write(files["cgroup.freeze"], b"1")
    begin = time.monotonic()
    process.wait()
    claim(json.loads(status.read())["reason"] == "wall" and time.monotonic() - begin < 30, "a frozen jail ends by its wall time")
    for fd in fds:
        os.close(fd)


def test_frozen_start():
    process, sock, status = start("agent", "sleep", "60")
    message, fds = receive(sock)
    files = dict(zip(message["cgroup"], fds))
    os.write(files["cgroup.freeze"], b"1")
    for fd in fds:
        os.close(fd)
    time.sleep(0.3)
    sock.close()
    process.wait()
    claim(json.loads(status.read())["reason"] == "killed", "a jail that was frozen before its program ran can be given up")


def test_frozen_start_wall():
    process, sock, status = start("agent", "sleep", "60", slots=("-l", "wall=2s"))
    message, fds = receive(sock)
    os.write(dict(zip(message["cgroup"], fds))["cgroup.freeze"], b"1")
    begin = time.monotonic()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        sock.close()
        process.wait()
    claim(json.loads(status.read())["reason"] == "wall" and time.monotonic() - begin < 30, "and otherwise ends by its wall time, too")


def test_scratch():
    process, sock, status = start("scratch", "sh", "-c", "cd /scratch; echo kept >file; chmod 600 file; mkdir d; ln -s /etc/shadow l;"
                                  " head -c 3M /dev/zero >big 2>/dev/null; ls -ln /scratch")
    _, fds = receive(sock)
    for fd in fds:
        os.close(fd)
    process.wait()
    outcome = json.loads(status.read())
    claim(outcome["reason"] == "exited", "a jail with a tmpfs slot ran")
    message, fds = receive(sock)
    claim(message == {"slots": ["scratch"]} and len(fds) == 1, "its directory arrives when it is gone")
    directory = fds[0]
    claim(sorted(os.listdir(directory)) == ["big", "d", "file", "l"], "with the files in it")
    claim(os.fstat(os.open("big", os.O_RDONLY, dir_fd=directory)).st_size <= 1 << 20, "bounded by its size")
    stat = os.stat("file", dir_fd=directory)
    if stat.st_uid == os.getuid():
        fd = os.open("file", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=directory)
        claim(os.read(fd, 100) == b"kept\n", "even a 0600 file of the bot's is the caller's")
    else:
        claim(stat.st_uid >= 1900000000, "before Linux 6.3 the files are the jail's")
    try:
        os.open("l", os.O_RDONLY, dir_fd=directory)
        followed = "followed"
    except OSError as error:
        followed = errno.errorcode[error.errno]
    claim(followed == "ELOOP", "links in it are not followed")
    up = os.open("..", os.O_RDONLY | os.O_DIRECTORY, dir_fd=directory)
    claim(os.fstat(up).st_ino == os.fstat(directory).st_ino, "its .. is itself")
    os.close(up)
    os.close(directory)
    claim(process.stdout.read() != b"", "the bot could list it")


for test in (test_files, test_close, test_shutdown_and_talk, test_full_socket, test_frozen_wall, test_frozen_start, test_frozen_start_wall,
             test_scratch):
    test()
print("# end")
