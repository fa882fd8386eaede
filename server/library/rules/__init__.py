"""What makes a text good enough for somebody's worst hour, one small pure function a rule.

A rule takes passages, files or content and yields findings; `server.library.check` says which rule looks at what.
"""
