#!/usr/bin/env bash
# No trustee can be reached for weeks: the exchange goes on, the roster's age is shown, and when it is over those who know
# one another still speak.
. "$(dirname "$0")/federation.sh"
founded --days 28
serve wajima
serve kanazawa
exchange wajima --with 172014
stop wajima
stop kanazawa

export days=21
serve wajima
serve kanazawa
person=$(write_down wajima 門前 --municipality 172014 --address 金沢市1)
exchange wajima --with 172014
knows kanazawa "$person" || failed "after three weeks nothing arrives"
ok "after three weeks the exchange works"
is "the roster's age in days, as everybody sees it" "$(on wajima status --json | value roster_age_days)" 21
is "expired" "$(on wajima status --json | value roster_expired)" False
stop wajima
stop kanazawa

export days=35
serve wajima
serve kanazawa
another=$(write_down wajima 河井 --municipality 172014 --address 金沢市2)
exchange wajima --with 172014
knows kanazawa "$another" || failed "with an expired roster nothing arrives"
ok "with an expired roster those who know one another still speak"
is "expired" "$(on wajima status --json | value roster_expired)" True
on wajima status | grep -q "35" || failed "the status does not say how old the roster is"
ok "the status says how old it is"
draft "$place/roster-2" --after "$place/roster"
quietly wajima roster install "$place/roster-2"
exchange wajima --with 172014
is "when trustees are back, the new roster reaches the other town by itself: version" "$(on kanazawa roster show --json | value version)" 2
is "expired" "$(on kanazawa status --json | value roster_expired)" False
