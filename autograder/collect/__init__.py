"""From what a learning platform, an exchange folder or an inbox holds to submitted/STUDENT/NAME/."""

from autograder.collect.archive import Refused
from autograder.collect.attempt import hand_ins
from autograder.collect.owners import CollectError, known_class
from autograder.collect.person import Person, RosterError
from autograder.collect.roster import Roster
from autograder.collect.run import Collected, Policy, Row, collect
