"""What other features may want to hear of. Receivers run inside the transaction of the change."""

from blinker import Namespace

#: Sent with the account's id; `session` is the open transaction, `timezone` the new zone.
timezone_changed = Namespace().signal("timezone-changed")
