#!/usr/bin/env python3
"""Lists the methods that a gate runs, for the native compiler to lay out side by side (methods.order).

A gate runs an eighth of its code. Scattered over the program, that makes nearly all of it resident. Run this after
larger changes, on Linux, with valgrind and binutils installed:

    dotnet publish src/Filter -c Release -r linux-x64 -p:PublishAot=true -o OUT
    src/Filter/Native/order-methods.py OUT > src/Filter/Native/methods.order

Methods that each request runs come first, then those of the start and the stop. A name that no longer exists has no
effect, and a method that is missing is laid out after the others.
"""
import collections
import http.client
import http.server
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

REQUESTS = 300
CONFIG = """{
    // Every kind of value.
    "allow": ["@seed", "@clients", "GET /api/status"], "hosts": ["gate.example"], "loops": 1,
    "limits": { "connectionsMax": 4096, "connectionsPerPeerMax": 4096, "idleSeconds": 90.5 }
}"""
START_SECONDS = 120


class Ollama(http.server.BaseHTTPRequestHandler):
    """Answers with a length, or in chunks."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(b'{"version":"0.13.0"}')

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for _ in range(20):
            self.wfile.write(b"c\r\ndata: token\n\r\n")
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")

    def answer(self, content):
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


def profile(program, folder):
    """Runs the gate under callgrind, and returns how often each function was called."""
    upstream = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Ollama)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    out, config = os.path.join(folder, "calls"), os.path.join(folder, "fastgate.json")
    with open(config, "w", encoding="utf-8") as file:
        file.write(CONFIG)
    gate = subprocess.Popen(
        ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", "--compress-strings=no", program]
        + ["--config", config, "--listen", f"127.0.0.1:{port}", "--upstream", f"127.0.0.1:{upstream.server_port}"]
        + ["--access-log", os.path.join(folder, "access.log"), "--metrics-socket", os.path.join(folder, "gate.sock")],
        # Valgrind has no room for the address range that the garbage collector reserves by default.
        env=dict(os.environ, XDG_CONFIG_HOME=folder, DOTNET_GCHeapHardLimit="0x10000000"),
        stderr=subprocess.DEVNULL,
    )
    try:
        ask(await_port(port))
        gate.send_signal(signal.SIGTERM)
        gate.wait(START_SECONDS)
    finally:
        gate.kill()
        upstream.shutdown()
    calls = collections.Counter()
    for line in open(out, encoding="utf-8", errors="replace"):
        if line.startswith("fn="):
            calls[name(line)] += 0
        elif line.startswith("cfn="):
            called = name(line)
        elif line.startswith("calls="):
            calls[called] += int(line[6:].split()[0])
    return calls


def name(line):
    # Callgrind marks a recursive call.
    return re.sub(r"'\d+$", "", line.split("=", 1)[1].strip())


def await_port(port):
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return port
        time.sleep(0.2)
    sys.exit("The gate did not start under valgrind.")


def ask(port):
    """Kept connections and new ones, allowed and refused requests."""
    for method, path, content in (
        ("GET", "/api/version", None),
        ("POST", "/v1/chat/completions", "x" * 48_000),
        ("POST", "/v1/messages", "x" * 2_000),
        ("GET", "/api/pull", None),
    ):
        kept = http.client.HTTPConnection("127.0.0.1", port)
        for turn in range(REQUESTS):
            if turn % 10 == 0:
                kept.close()
            kept.request(method, path, content)
            kept.getresponse().read()
        kept.close()


def managed(symbols):
    """The symbols of the compiled C#, without the runtime's, each with all names of its address."""
    sections = subprocess.run(["readelf", "-SW", symbols], capture_output=True, text=True, check=True).stdout
    start, size = (int(part, 16) for part in re.search(r"__managedcode\s+\S+\s+(\w+)\s+\w+\s+(\w+)", sections).groups())
    names = collections.defaultdict(list)
    for line in subprocess.run(["nm", symbols], capture_output=True, text=True, check=True).stdout.splitlines():
        address, _, name = line[:16], line[17:18], line[19:]
        if address.strip() and start <= int(address, 16) < start + size:
            names[address].append(name)
    return {name: all_names for all_names in names.values() for name in all_names}


def main(out):
    with tempfile.TemporaryDirectory() as folder:
        program, symbols = (os.path.join(folder, file) for file in ("fastgate", "fastgate.dbg"))
        shutil.copy(os.path.join(out, "fastgate"), program)
        # Valgrind 3.19 does not read .NET's DWARF.
        subprocess.run(["objcopy", "--strip-debug", os.path.join(out, "fastgate.dbg"), symbols], check=True)
        subprocess.run(["objcopy", "--remove-section=.gnu_debuglink", program], check=True)
        subprocess.run(["objcopy", f"--add-gnu-debuglink={symbols}", program], check=True)
        calls = profile(program, folder)
        known = managed(symbols)
    # Methods with the same code share one address, and callgrind reports one of their names.
    found = {name: calls[method] for method in calls for name in known.get(method, [])}
    print("\n".join(sorted(found, key=lambda name: (found[name] < REQUESTS, name))))


main(sys.argv[1])
