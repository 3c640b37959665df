#!/usr/bin/env bash
# A laptop's disk dies, and its key with it: the old node is revoked, a new one joins and has everything that had been sent.
. "$(dirname "$0")/federation.sh"
founded
serve wajima
join laptop
exchange laptop
person=$(write_down laptop 門前)
exchange laptop
lost=$(node_id laptop)

rm -rf "$place/laptop" "$place/laptop.key"
is "its records stand up to number" "$(($(on wajima enrol revoke "$lost" --reason lost --json | value last_counter) > 0))" 1
join laptop-again
exchange laptop-again
knows laptop-again "$person" || failed "the new laptop does not know whom the old one wrote down"
ok "the new laptop knows whom the old one wrote down"
[ "$(node_id laptop-again)" != "$lost" ] || failed "the new laptop has the old one's key"
ok "the new laptop has a key of its own"
another=$(write_down laptop-again 河井)
exchange laptop-again
knows wajima "$another" || failed "the town hall does not know whom the new laptop wrote down"
ok "the town hall takes what the new laptop writes"
is "set aside at the town hall" "$(on wajima status --json | value quarantined)" 0
