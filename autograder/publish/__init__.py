"""What goes out before anything is handed in: notebooks, the students' repository, the site."""
