"""
A witness (C2SP tlog-witness): it has its own key and memory, and nothing of ours.

It needs the standard library and `cryptography`, so it can run where no framework is.
"""
