"""Equations of the gallery and the words of its figures, system by system."""

from course_kit.authoring import gallery_models, gallery_nets, gallery_structures

ENTRIES = {
    entry.system: entry for entry in (*gallery_nets.ENTRIES, *gallery_structures.ENTRIES, *gallery_models.ENTRIES)
}
