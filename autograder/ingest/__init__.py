"""From the bytes of a submission to a notebook that can be graded: the course's own, with the student's work in it."""

from autograder.ingest.read import Ungradable
from autograder.ingest.rebuild import Ingested, ingest
from autograder.ingest.recognise import beside, recognise, recognise_among
