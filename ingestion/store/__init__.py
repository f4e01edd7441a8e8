"""The store: where everything is under the home folder, and how it is written so that nothing is ever half done."""
