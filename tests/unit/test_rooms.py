"""The way of a datum, as the package tells it to a newcomer."""

import re
from pathlib import Path

import ingestion


def test_every_room_is_named_on_the_way():
    rooms = {path.parent.name for path in Path(ingestion.__file__).parent.glob("*/__init__.py")}
    assert rooms == set(re.findall(r"`(\w+)`", ingestion.__doc__))
