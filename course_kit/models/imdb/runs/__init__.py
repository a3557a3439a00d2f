"""A folder for each training: what was asked, how it went, what came out, where it is wrong and by which words."""
