"""How often a stranger may guess at the public look-up before having to wait."""

from django.core.cache import cache

ATTEMPTS_PER_ADDRESS = 20
ADDRESS_SECONDS = 10 * 60
MISSES_PER_NUMBER = 10
NUMBER_SECONDS = 60 * 60
"""Four digits have ten thousand combinations: at ten misses an hour, half of them take three weeks."""


def too_many_attempts(address: str) -> bool:
    """Count one attempt from that network address; whether it is one too many."""
    return count_up(f"lookup:address:{address}", ADDRESS_SECONDS) > ATTEMPTS_PER_ADDRESS


def is_closed(number: str) -> bool:
    """Whether that case number was missed so often that even the right digits are not looked at for now."""
    return int(cache.get(_missed(number), 0)) >= MISSES_PER_NUMBER


def count_miss(number: str) -> None:
    """Remember a wrong guess at that case number."""
    count_up(_missed(number), NUMBER_SECONDS)


def _missed(number: str) -> str:
    # Whatever was typed must neither be too long for a key nor hold a space.
    return f"lookup:number:{number.encode().hex()[:200]}"


def count_up(key: str, seconds: int) -> int:
    """A counter that starts again `seconds` after its first count."""
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key)
    except ValueError:
        # It ran out between the two calls.
        cache.set(key, 1, seconds)
        return 1
