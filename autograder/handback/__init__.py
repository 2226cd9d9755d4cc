"""What goes back to students, to the teacher and to the learning platform."""
