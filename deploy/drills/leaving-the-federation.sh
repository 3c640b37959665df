#!/usr/bin/env bash
# Kanazawa leaves: what it granted ends, what is others' is erased with receipts, what is theirs of its own is handed over,
# and the trustees issue a roster without it.
. "$(dirname "$0")/federation.sh"
founded
serve wajima
serve kanazawa
meet() { exchange wajima --with 172014; }
# Somebody from Wajima who stays in Kanazawa, and a neighbour: Wajima wrote one of them down, Kanazawa the other.
theirs=$(write_down wajima 門前 --birth 19480503)
quietly wajima consent give "$theirs" --to 172014
guest=$(write_down kanazawa 河井 --municipality 172049 --address 輪島市1)
meet
knows kanazawa "$theirs" || failed "Kanazawa does not know whom Wajima let it know"
application=$(on wajima agreement apply --to 172014 --facets identity,stay --purpose 訓練 --json | value application)
meet
quietly kanazawa agreement grant "$application" --days 30
own=$(write_down kanazawa 金石 --address 金沢市1)
meet
knows wajima "$own" || failed "Wajima does not know whom Kanazawa granted"

stop kanazawa
is "nothing is erased before it is asked for" "$(refused kanazawa leave-federation erase --yes)" LEAVING_NOT_BEGUN
quietly kanazawa leave-federation begin --yes
standing() { on kanazawa leave-federation show --json || true; }
is "grants that are left" "$(standing | value granted)" 0
is "before others have what is theirs nothing is erased" "$(refused kanazawa leave-federation erase --yes)" LEAVING_NOT_HANDED_OVER
serve kanazawa
meet
meet
if knows wajima "$own"; then failed "Wajima keeps what it got on the grant"; fi
ok "Wajima has erased what it got on the grant"
is "and has confirmed it" "$(($(standing | value confirmed) > 0))" 1
knows wajima "$guest" || failed "Wajima was not given what is about its own resident"
ok "Wajima has been given what is about its own resident"
quietly kanazawa leave-federation erase --yes
if knows kanazawa "$theirs"; then failed "Kanazawa keeps what is Wajima's"; fi
ok "Kanazawa has erased what is Wajima's"
meet
quietly kanazawa leave-federation erase --yes
meet
now=$(standing)
is "records of others that are left" "$(printf '%s' "$now" | value records)" 0
is "receipts, one for each person and ground" "$(($(printf '%s' "$now" | value receipts) > 0))" 1
is "the step" "$(printf '%s' "$now" | value step)" done
is "who has confirmed to Wajima" "$(on wajima consent list "$theirs" --json | value consents.0.confirmed.0)" 172014
knows kanazawa "$own" || failed "Kanazawa has lost its own resident"
ok "Kanazawa keeps its own residents"

rm "$place/cards/kanazawa.json"
draft "$place/roster-2" --after "$place/roster"
quietly wajima roster install "$place/roster-2"
if on wajima sync --with 172014 >/dev/null 2>&1; then failed "Wajima still speaks with Kanazawa"; fi
ok "the trustees' roster is without Kanazawa, and nobody speaks with it"
knows wajima "$guest" || failed "Wajima has lost its own resident"
ok "Wajima keeps what was handed over"
