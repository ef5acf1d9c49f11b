"""RULE: the powers a post can carry."""

from enum import StrEnum


class Power(StrEnum):
    """What an official may do at an office. Values are stored in the database."""

    RECEIVE = "receive"
    PROCESS = "process"
    LEAD = "lead"
    APPROVE = "approve"
    REGISTER = "register"
    SUPERVISE = "supervise"
    EDIT_CATALOGUE = "edit_catalogue"
    ADMINISTER = "administer"


CASE_POWERS = frozenset({Power.RECEIVE, Power.PROCESS, Power.LEAD, Power.APPROVE, Power.REGISTER})
"""Powers that make a person handle cases of the post's office."""
