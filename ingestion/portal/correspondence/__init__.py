"""What goes to and fro about a file: receipts and their proof, its story, answers to warnings, messages, mail."""
