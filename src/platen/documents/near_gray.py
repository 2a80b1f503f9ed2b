"""Where colour begins: the one measure for pixels and paint, whatever format they come from."""

# Of 255, between the lightest and the darkest of red, green and blue. Up to there nobody sees colour, and there lie the
# rounding of colour conversions and what JPEG leaves in grey pictures.
NEAR_GRAY = 24
NEAR_GRAY_SHARE = NEAR_GRAY / 255  # the same of 1
