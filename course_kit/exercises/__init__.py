"""One module a notebook: what is asked and how it is judged. ``course_kit.checking.find`` finds them by id."""
