"""A rule said no. The middleware turns it into a banner on a page or an RFC 9457 problem in the API."""


class Refused(Exception):
    """`code` is for programs, `message` for the person, `field` names the input it belongs to, `status` is for HTTP."""

    def __init__(self, code: str, message: str, *, field: str = "", status: int = 409) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.field = field
        self.status = status
