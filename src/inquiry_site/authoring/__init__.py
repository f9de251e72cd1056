"""What an author does at the desk: new files from a question, new ids. Values and edits only; adapters write them."""
