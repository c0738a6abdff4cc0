#!/usr/bin/python3
"""Writes the archives that tests/build.t hands in: archives.py DIR makes DIR/NAME.zip and .tar.gz for each name below."""
import io
import os
import stat
import sys
import tarfile
import zipfile
import zlib

BOT = 'print("hello")\n'
KIB, MIB = 1 << 10, 1 << 20
HERE = sys.argv[1]


def make_zip(name, *entries, compression=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(os.path.join(HERE, name + ".zip"), "w", compression) as archive:
        for path, content in entries:
            archive.writestr(path, content)


def link(path):
    info = zipfile.ZipInfo(path)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def zipped(*entries):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in entries:
            archive.writestr(path, content)
    return memory.getvalue()


def make_tar(name, *members, mode="w:gz"):
    with tarfile.open(os.path.join(HERE, name + ".tar.gz"), mode) as archive:
        for path, content, kind, target in members:
            info = tarfile.TarInfo(path)
            info.type, info.linkname = kind, target
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


def plain(path, content=BOT.encode()):
    return path, content, tarfile.REGTYPE, ""


good = ("agent.py", BOT)
make_zip("plain", good)
make_zip("suffix", ("my_agent.py", BOT), ("data/weights.txt", "1 2 3"))
make_zip("top", ("club-bot/agent.py", BOT), ("club-bot/lib/a.py", "A = 1\n"), ("__MACOSX/club-bot/._agent.py", "x"),
         ("club-bot/.DS_Store", "x"), ("club-bot/__pycache__/a.cpython-311.pyc", "x"), ("club-bot/.git/config", "x"),
         ("club-bot/venv/bin/activate", "x"), ("club-bot/.env", "SECRET=1"))
make_zip("two", good, ("x_agent.py", BOT))
make_zip("none", ("bot.py", BOT))
make_zip("deeper", ("src/agent.py", BOT), ("README", "x"))
make_zip("own-list", ("agent.py", BOT), (".botignore", "# mine\nnotes\n/data/big*\n"), ("notes/a", "x"),
         ("data/big.bin", "x"), ("data/small.bin", "x"), (".env", "kept, because the list is its own"))
make_zip("list-below", good, ("vendor/.botignore", "nothing\n"), ("vendor/a.py", "A = 1\n"), (".env", "SECRET=1"))
make_zip("syntax", ("agent.py", "def f(:\n"))
make_zip("hello-c", ("agent.c", '#include <stdio.h>\nint main(void) { puts("c"); return 0; }\n'))
make_zip("hello-cpp", ("agent.cpp", '#include <iostream>\nint main() { std::cout << "cpp\\n"; }\n'))
make_zip("hello-java", ("Agent.java",
         'public class Agent { class Inner { } public static void main(String[] a) { System.out.println("java"); } }\n'))
make_zip("hello-rust", ("agent.rs", 'fn main() { println!("rust"); }\n'))
make_zip("hello-node", ("agent.js", 'console.log("node")\n'))
make_zip("hello-shell", ("agent.sh", "echo shell\n"))
make_zip("wrong-c", ("agent.c", "int main(void) { return missing; }\n"))
make_zip("makefile", ("agent.c", "int main(void) { return 0; }\n"),
         ("Makefile", "all:\n\tgcc -o agent agent.c\n\tln -s /etc/passwd stolen\n"))
make_zip("makes-folder", ("agent.c", "int main(void) { return 0; }\n"),
         ("Makefile", "all:\n\tgcc -o agent agent.c\n\tmkdir bot.json\n"))
make_zip("reads-passwd", ("agent.c", '#include "/etc/shadow"\nint main(void) { return 0; }\n'))
make_zip("network", ("agent.c", "int main(void) { return 0; }\n"),
         ("Makefile", "all:\n\tpython3 -c 'import socket; socket.create_connection((\"127.0.0.1\", 22), 2)'\n"))
for name, limit in ("kept", "memory=64M"), ("loose", "memory=100G"), ("nonsense", "memroy=1M"), ("wall", "wall=1s"):
    make_zip("limits-" + name, ("bot.json", '{"language": "python", "entry": "play.py", "limits": ["%s"]}' % limit), ("play.py", BOT))
make_zip("json", ("bot.json", '{"language": "python", "command": ["python3", "play.py"], "prefix": "> "}'), ("play.py", BOT))
make_zip("json-entry", ("bot.json", '{"language": "python", "entry": "play.py"}'), ("play.py", BOT))
make_zip("json-policy", ("bot.json", '{"language": "python", "entry": "agent.py", "policy": "game"}'), good)
make_zip("json-language", ("bot.json", '{"language": "cobol", "command": ["x"]}'), good)
make_zip("json-typo", ("bot.json", '{"langauge": "python"}'), good)
make_zip("json-broken", ("bot.json", '{"language": '), good)
make_zip("json-command", ("bot.json", '{"language": "python", "command": "python3 agent.py"}'), good)
make_zip("json-loose", ("bot.json", '{"language": "python", "command": ["python3", "agent.py"], "protocol": "./own.dialect"}'), good)
make_zip("npz", good, ("weights.npz", zipped(("a.npy", "x" * 1000))))
make_zip("many", good, *[("f%d" % i, "") for i in range(2001)])
make_zip("many-ignored", good, *[("venv/f%d" % i, "") for i in range(5000)])

make_zip("slip", ("../../escaped.py", BOT), good)
make_zip("slip-inside", ("a/../../escaped.py", BOT), good)
make_zip("absolute", ("/tmp/bot-jail-escaped.py", BOT), good)
make_zip("backslash", ("..\\escaped.py", BOT), good)
make_zip("drive", ("C:/escaped.py", BOT), good)
make_zip("symlink", (link("data"), "/etc"), good)
make_zip("through-symlink", (link("data"), "/tmp"), ("data/escaped.py", BOT), good)
make_zip("space", ("my bot.py", BOT), good)
make_zip("hyphen", ("-c_agent.py", BOT))
make_zip("unicode", ("a\u202egent.py", BOT), good)
make_zip("newline", ("a\nb", BOT), good)
make_zip("escape", ("a\x1b[2Jb", BOT), good)
make_zip("case", ("Lib/a.py", BOT), ("lib/b.py", BOT), good)
make_zip("file-and-folder", ("a", BOT), ("a/b", BOT), good)
make_zip("deep", ("/".join("d" * 17) + "/x", BOT), good)
make_zip("bomb", ("zeros", b"\0" * (300 * MIB)), good)
make_zip("nested-bomb", ("inner.zip", zipped(("zeros", b"\0" * (300 * MIB)))), good)
layer = zipped(*[("z%d" % i, b"\0" * (20 * MIB)) for i in range(4)])
for level in range(2):
    layer = zipped(*[("l%d.zip" % i, layer) for i in range(4)])
make_zip("nested-deep-bomb", ("inner.zip", layer), good)
make_zip("gzip-bomb", ("inner.gz", zlib.compress(b"\0" * (300 * MIB), 9, 31)), good)
import warnings
warnings.simplefilter("ignore")
make_zip("twice", good, ("agent.py", "print('other')\n"))

with zipfile.ZipFile(os.path.join(HERE, "encrypted.zip"), "w") as archive:
    archive.writestr("agent.py", BOT)
with open(os.path.join(HERE, "encrypted.zip"), "r+b") as file:     # the flag in both headers
    data = bytearray(file.read())
    data[6] |= 1
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    file.seek(0)
    file.write(data)
with open(os.path.join(HERE, "plain.zip"), "rb") as file:
    whole = file.read()
with open(os.path.join(HERE, "cut.zip"), "wb") as file:
    file.write(whole[:len(whole) // 2])
with open(os.path.join(HERE, "empty.zip"), "wb") as file:
    pass
with open(os.path.join(HERE, "noise.zip"), "wb") as file:
    file.write(os.urandom(100000))
lying = bytearray(whole)       # both headers promise one byte
for magic, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
    at = lying.find(magic) + offset
    lying[at:at + 4] = (1).to_bytes(4, "little")
with open(os.path.join(HERE, "lying.zip"), "wb") as file:
    file.write(lying)
with open(os.path.join(HERE, "large.zip"), "wb") as file:
    file.truncate(51 * MIB)

make_tar("tar", plain("./agent.py"), plain("./lib/a.py"))
make_tar("tar-symlink", ("data", b"", tarfile.SYMTYPE, "/etc/passwd"), plain("agent.py"))
make_tar("tar-hardlink", plain("agent.py"), ("other.py", b"", tarfile.LNKTYPE, "agent.py"))
make_tar("tar-device", ("null", b"", tarfile.CHRTYPE, ""), plain("agent.py"))
make_tar("tar-fifo", ("pipe", b"", tarfile.FIFOTYPE, ""), plain("agent.py"))
make_tar("tar-slip", plain("../escaped.py"), plain("agent.py"))
make_tar("tar-bomb", plain("zeros", b"\0" * (300 * MIB)), plain("agent.py"))
make_tar("tar-bomb-ignored", plain("venv/zeros", b"\0" * (300 * MIB)), plain("agent.py"))
