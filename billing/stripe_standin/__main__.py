"""`python -m billing.stripe_standin --port 12111 --data standin.sqlite3 --site http://127.0.0.1:8000`"""

import argparse
import contextlib
import logging
import os
import signal
import sys
from types import FrameType

from billing.stripe_standin.app import App
from billing.stripe_standin.guard import refusal
from billing.stripe_standin.server import listen


def main() -> int:
    options = _options()
    if reason := refusal(options.host, os.environ):
        sys.stderr.write(f"{reason}\n")
        return 2
    logging.basicConfig(level=options.log.upper(), format="%(asctime)s %(name)s %(levelname)s %(message)s")
    server = listen(options.host, options.port)
    base_url = f"http://{options.host}:{server.server_port}"
    server.app = App(
        base_url=base_url, site_url=options.site, data=options.data, record=os.environ.get("STANDIN_RECORD")
    )
    server.app.keep_time()
    sys.stdout.write(f"Stripe stand-in (no money moves) on {base_url}\n")
    sys.stdout.flush()
    signal.signal(signal.SIGTERM, _leave)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m billing.stripe_standin", description="A stand-in for Stripe. No money moves."
    )
    parser.add_argument("--host", default="127.0.0.1", help="loopback only")
    parser.add_argument("--port", type=int, default=12111, help="0 takes a free one and prints it")
    parser.add_argument("--data", default=":memory:", help="SQLite file; without it nothing survives a restart")
    parser.add_argument("--site", default="http://127.0.0.1:8000", help="where people go back to")
    parser.add_argument("--log", default="warning", choices=["debug", "info", "warning", "error"])
    return parser.parse_args()


def _leave(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
