"""The folder for Windows that needs no installation: its wheels, its layout, its texts."""
