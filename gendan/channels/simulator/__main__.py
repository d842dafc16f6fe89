"""Starts the simulator: `python -m gendan.channels.simulator --port 8100 --speed 3600`."""

import argparse

import uvicorn

from gendan.channels.simulator.app import Simulator


def main() -> None:
    """Read the command line and serve until told to stop."""
    parser = argparse.ArgumentParser(prog="gendan.channels.simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--speed", type=float, default=1.0, help="hours of a parcel in one hour")
    parser.add_argument("--customer", default=Simulator.customer)
    parser.add_argument("--key", default=Simulator.key)
    wish = parser.parse_args()
    app = Simulator(customer=wish.customer, key=wish.key, speed=wish.speed)
    uvicorn.run(app, host=wish.host, port=wish.port, log_level="warning", lifespan="off")


if __name__ == "__main__":
    main()
