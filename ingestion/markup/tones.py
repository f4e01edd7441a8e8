"""The colours of marks: the tones of the receipt's page (`--error`, `--warning`, `--note`), strong and light."""

SEVERITIES = ("error", "warning", "note")  # the most severe first
# Under dark letters, as most cells have them.
LIGHT_FILLS = {"error": "F9DCD8", "warning": "FCEBC4", "note": "DCE7F3"}
# Under light letters, as headers often have them; and for letters on the light fills.
STRONG_FILLS = {"error": "9C2B22", "warning": "7A4F00", "note": "3D5A80"}
INK = "1B2430"
SOFT = "566273"
LINE = "D9DEE5"
PAPER = "FFFFFF"
