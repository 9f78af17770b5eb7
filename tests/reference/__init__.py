"""A naive reference of the pack format's meaning: slow, direct, and sharing no code with the engine."""
