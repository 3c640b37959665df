#!/usr/bin/env bash
# The organisation's key is gone: a new one is made, the trustees issue a roster with it, every node is certified anew, and
# all of them go on, also a laptop that was away.
. "$(dirname "$0")/federation.sh"
founded
serve wajima
serve kanazawa
join laptop
exchange laptop
person=$(write_down laptop 門前 --municipality 172014 --address 金沢市1)
exchange laptop
exchange wajima --with 172014
knows kanazawa "$person" || failed "Kanazawa does not know its own resident"

rm "$place/wajima/organisation.key"
is "without the key nothing is revoked" "$(refused wajima enrol revoke "$(node_id laptop)" --reason lost)" KEY_FILE_MALFORMED
quietly wajima organisation-key replace --old-days 0 --without-passphrase
ok "a new key is made, and the old one ends now"
is "before the roster lists it, it signs nothing" "$(refused wajima organisation-key renew --days 3650)" ORGANISATION_KEY_NOT_LISTED
cp "$place/wajima/member.json" "$place/cards/wajima.json"
draft "$place/roster-2" --after "$place/roster"
quietly wajima roster install "$place/roster-2"
is "the trustees' roster" "$(on wajima roster show --json | value version)" 2
is "certified anew" "$(on wajima organisation-key renew --json | "$python" -c 'import json, sys; print(len(json.load(sys.stdin)["renewed"]))')" 2
stop wajima
serve wajima
exchange wajima --with 172014
ok "Kanazawa has the new roster by the exchange itself, and speaks on: version $(on kanazawa roster show --json | value version)"
exchange laptop
exchange laptop
ok "the laptop that was away goes on"
another=$(write_down laptop 河井 --municipality 172014 --address 金沢市2)
exchange laptop
exchange wajima --with 172014
knows kanazawa "$another" || failed "what the laptop writes now does not reach Kanazawa"
ok "what it writes now is believed by everybody"
knows kanazawa "$person" || failed "what it wrote before does not verify any more"
ok "what it wrote before stands"
for node in wajima kanazawa laptop; do is "set aside at $node" "$(on "$node" status --json | value quarantined)" 0; done
join laptop-2
ok "a new laptop joins under the new key"
