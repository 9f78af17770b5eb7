"""The words of the command, a module for each first part of a key: `demo.why` stands in `demo`. Russian, then English."""
