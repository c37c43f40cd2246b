"""What a SimPy process of the model is to the type checker: it yields events, and gives nothing."""

from collections.abc import Generator
from typing import Any

import simpy

Process = Generator[simpy.Event, Any, None]
