"""The colours of all figures, told apart by colour-blind readers."""

BLACK, GREY, LIGHT = "#222222", "#6b6b6b", "#d9d9d9"
BLUE, SKY, GREEN, ORANGE, RED, PINK = "#0072B2", "#56B4E9", "#009E73", "#E69F00", "#D55E00", "#CC79A7"
"""The palette of Okabe and Ito (2008)."""

AMBER = "#9a6a00"
"""Orange, dark enough for text on white."""

HEAT = "cividis"
"""Colour map of every heat map: even steps in lightness, the same to all eyes."""
