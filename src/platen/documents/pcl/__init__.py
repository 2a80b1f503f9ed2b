"""The PCL family, and the host-based streams that grew out of it."""
