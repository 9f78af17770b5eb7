"""Speed and memory, as ratios to hand-written SQL in the same run."""
