"""The judge: submissions in, gradebook out. Nothing is imported here: pytest loads the plugin in every project."""
