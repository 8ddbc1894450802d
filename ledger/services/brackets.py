"""Which cosigned checkpoints bracket an entry: those that as many witnesses cosigned as can make the policy's quorum.

An entry came after the last of them that does not cover it, and before the first that does. Checkpoints that fewer
cosigned say nothing to whoever asks for the quorum, and would stand in the way of those that do.
"""

from ledger.domain.log.policy import NONE, Policy


def least_witnesses(policy: Policy | None) -> int:
    """The fewest cosignatures that can meet a policy; 1 where it asks for none, for one is still a bracket."""
    if policy is None or policy.quorum == NONE:
        return 1
    least = dict.fromkeys(policy.witnesses, 1)
    # A group names only what stands before it, and nobody stands in two.
    for name, group in policy.groups.items():
        least[name] = sum(sorted(least[member] for member in group.members)[: group.threshold])
    return least[policy.quorum]
