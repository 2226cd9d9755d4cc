"""The course's site: static pages of lectures, homework, documents and docstrings, without a script that is needed."""

from autograder.publish.site.build import build_site
