"""The portal: where national contacts upload files, see the answer, see what it would change, send, and get proof."""
