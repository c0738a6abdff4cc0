"""What python bots do: threads, subprocesses, temporary files, sqlite, asyncio, multiprocessing, numpy."""
import asyncio
import concurrent.futures
import hashlib
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading

results = []
threads = [threading.Thread(target=lambda: results.append(sum(range(100000)))) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("threads", len(results))
if "subprocess" in sys.argv:
    print("subprocess", subprocess.run(["/bin/echo", "sub"], capture_output=True, text=True).stdout.strip())
with tempfile.TemporaryDirectory() as folder:
    database = sqlite3.connect(f"file:{folder}/x.db?nolock=1", uri=True)
    database.execute("create table a(b)")
    database.execute("insert into a values(1)")
    database.commit()
    print("sqlite", database.execute("select * from a").fetchall())
with tempfile.NamedTemporaryFile() as file:
    file.write(b"x")
    file.flush()
    os.chmod(file.name, 0o644)


async def several():
    await asyncio.gather(*(asyncio.sleep(0.01) for _ in range(5)))
    return 5

print("asyncio", asyncio.run(several()))
with multiprocessing.Pool(2) as pool:
    print("multiprocessing", pool.map(abs, [-1, -2]))
with concurrent.futures.ProcessPoolExecutor(2) as pool:
    print("futures", list(pool.map(abs, [-3])))
print("hash", hashlib.sha256(b"a").hexdigest()[:6])
signal.setitimer(signal.ITIMER_REAL, 30)
print("home", os.path.expanduser("~"), os.getuid())
import numpy
matrix = numpy.random.rand(300, 300)
print("numpy", (matrix @ matrix).shape, numpy.linalg.svd(matrix)[1].shape)
