"""Who is who: a key for each terminal, the workshop's root, pairing by code, pinned TLS and signed requests.

Imports nothing else of core but language. The cryptography is that of ``cryptography`` and ``spake2``; here is only
what is signed, bound and compared. Start reading at ``identity``.
"""
