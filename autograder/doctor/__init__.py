"""Can this machine keep the promises of grading? Looked up where it is written down, and tried where it is not."""

from autograder.doctor.finding import Finding, Standing, broken, refusal
from autograder.doctor.machine import machine
from autograder.doctor.trial import open_sandbox, trial
