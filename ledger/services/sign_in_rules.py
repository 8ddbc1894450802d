"""How people may sign in to this installation: what the settings say, handed to the services as values."""

from dataclasses import dataclass

from ledger.services.provider import Provider
from ledger.services.seal import Sealer


@dataclass(frozen=True, slots=True)
class SignInRules:
    """Links always work. The rest is as the settings have it."""

    #: Without a key no second factor can be kept, so none can be set up.
    sealer: Sealer | None = None
    is_factor_required: bool = True
    #: Where people of the agencies sign in with OpenID Connect.
    provider: Provider | None = None
    #: The address at which people reach the pages; the provider sends them back to it.
    base_url: str = ""
    #: How many proxies of ours stand before the web: each adds one address to X-Forwarded-For.
    proxies: int = 0

    @property
    def takes_passwords(self) -> bool:
        """Whether a password can open a session here: not where the second factor that it needs cannot be kept."""
        return self.sealer is not None or not self.is_factor_required


#: Where nothing is set.
LINKS_ALONE = SignInRules()
