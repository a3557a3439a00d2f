"""What each figure of the gallery is drawn from; `docs/make_gallery.py` draws them all."""
