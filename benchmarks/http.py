"""How much of the server's speed do our own layers cost? POST /api/reply against a constant JSON reply, in one run.

Both are served by the same Starlette and uvicorn, one worker each, and asked by wrk over loopback:

    constant    an endpoint that reads nothing and says {"status": "ok"}, with no layer around it
    repeated    the content that ships; every visitor asks one of 40 questions that are on the list
    unseen      the same, but no question was ever asked before, so that each is matched anew

    apt-get install wrk; python benchmarks/http.py [--seconds 2] [--rounds 5] [--content DIR]
"""

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot import Bot

CONSTANT = """
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
async def reply(request):
    return JSONResponse({"status": "ok"})
app = Starlette(routes=[Route("/api/reply", reply, methods=["POST"])])
"""
OURS = """
import os
from bot import Bot
from bot.channels.web.app import create_app
from bot.channels.web.settings import Settings
plenty = "100000000/minute"
settings = Settings(rate_client=plenty, rate_network="200000000/minute", rate_total=plenty)
app = create_app(Bot.load(os.environ["CONTENT"] or None), settings)
"""
START = """
import uvicorn
uvicorn.run(app, port={port}, log_level="critical", access_log=False, lifespan="off", ws="none", proxy_headers=False)
"""
ASK = """
local questions = {questions}
local count = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
function request()
  count = count + 1
  local question = questions[count % #questions + 1]
  if {unseen} then question = question .. " " .. count .. "{round}" end
  return wrk.format(nil, nil, nil, '{{"question": "' .. question .. '"}}')
end
"""


@contextmanager
def serve(app: str, port: int, content: str) -> Iterator[None]:
    """Serve an app in a process of its own."""
    command = [sys.executable, "-c", app + START.format(port=port)]
    with subprocess.Popen(
        command, env={"CONTENT": content, "PYTHONPATH": str(Path.cwd())}, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield
        finally:
            process.terminate()


def measure(port: int, script: str, seconds: int) -> float:
    """Give the requests per second that wrk counts; all must have been answered."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = ["wrk", "-t1", "-c16", f"-d{seconds}s", "-s", file.name, f"http://127.0.0.1:{port}/api/reply"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        sys.exit(said)
    return float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0])


def wait_for(port: int) -> None:
    """Wait until a server answers."""
    again = ["--retry", "50", "--retry-delay", "0", "--retry-all-errors"]
    command = ["curl", "--silent", *again, "--output", "/dev/null", f"http://127.0.0.1:{port}/"]
    subprocess.run(command, check=True)


def main() -> None:
    """Measure, and say the share."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--content", default="")
    options = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is not installed; install it with: apt-get install wrk")
    titles = [answer.title for answer in Bot.load(options.content or None).content.answers.values() if answer.section]
    questions = "{" + ", ".join(json.dumps(title) for title in titles[:40]) + "}"
    rates: dict[str, list[float]] = {"constant": [], "repeated": [], "unseen": []}
    with serve(CONSTANT, 8181, ""), serve(OURS, 8182, options.content):
        wait_for(8181)
        wait_for(8182)
        for turn in range(options.rounds):
            for name, port in (("constant", 8181), ("repeated", 8182), ("unseen", 8182)):
                script = ASK.format(questions=questions, unseen=str(name == "unseen").lower(), round=chr(97 + turn))
                rates[name].append(measure(port, script, options.seconds))
    for name, found in rates.items():
        # A share is taken within its round: on a shared machine the rounds differ more than the apps do.
        share = statistics.median(rate / base for rate, base in zip(found, rates["constant"], strict=True))
        print(f"{name:9} {statistics.median(found):8.0f} requests/s  {share:6.1%} of constant")


if __name__ == "__main__":
    main()
