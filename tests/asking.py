"""Is a question answered as it should be, and a turn of a conversation?"""

from collections.abc import Iterator

from bot import Bot, Kind, Reply

REFUSALS = (Kind.FALLBACK, Kind.HANDOFF, Kind.CLINICIAN)


def is_answered(reply: Reply, refs: list[str]) -> bool:
    """Say whether one of the refs is among the answers; "fallback" stands for none."""
    if refs == ["fallback"]:
        return reply.kind in REFUSALS
    return not {answer.ref for answer in reply.answers}.isdisjoint(refs)


def is_met(reply: Reply, turn: dict) -> bool:
    """Say whether a reply is what stands under a turn."""
    refs = {answer.ref for answer in reply.answers}
    if "kind" in turn and reply.kind.value not in turn["kind"].split(" | "):
        return False
    if "says" in turn and turn["says"] not in reply.context.said:
        return False
    wanted = turn.get("all", [turn["answers"]] if "answers" in turn else [])
    return all(refs & set(group.split(" | ")) for group in wanted)


def hold(bot: Bot, turns: list[dict]) -> Iterator[tuple[dict, Reply]]:
    """Hold a conversation."""
    context = None
    for turn in turns:
        reply = bot.reply(turn["user"], context)
        yield turn, reply
        context = reply.context
