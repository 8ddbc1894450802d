"""For requests over plain HTTP by httpx, which else reads every certificate of the machine anew for each of them."""

import ssl

#: Given as `verify`: trusts nobody, and is not asked.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
