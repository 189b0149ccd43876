"""Finding values: detectors, the matcher they are compiled into, confirmation, resolution."""
