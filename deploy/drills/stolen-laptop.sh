#!/usr/bin/env bash
# A laptop is stolen: what it held is listed, it is revoked, the revocation reaches everybody, and nobody speaks with it.
. "$(dirname "$0")/federation.sh"
founded
serve wajima
serve kanazawa
join laptop
exchange laptop
write_down laptop 門前 --municipality 172014 --address 金沢市1 --phone 0768-00-0000 >/dev/null
write_down laptop 河井 --protect >/dev/null
exchange laptop
stolen=$(node_id laptop)
cp -r "$place/laptop" "$place/thief"

is "people it held something about" "$(on wajima enrol held "$stolen" --report "$place/held.csv" --json | value people)" 2
is "of them protected" "$(on wajima enrol held "$stolen" --json | value protected)" 1
is "lines of the list for whoever must tell them" "$(wc -l <"$place/held.csv" | tr -d ' ')" 3
quietly wajima enrol revoke "$stolen" --reason stolen
exchange wajima --with 172014
ok "it is revoked, and the other town has heard of it"
if on thief sync >/dev/null 2>&1; then failed "the thief's copy is spoken to"; fi
ok "the town hall does not speak with it any more"
mv "$place/laptop.key" "$place/apart.key"
is "without its key its ledger does not open" "$(refused thief status)" KEY_FILE_MALFORMED
mv "$place/apart.key" "$place/laptop.key"
write_down thief 偽者 --municipality 172014 --address 金沢市9 >/dev/null
quietly thief bundle write "$place/forged.moyai" --to 172049
is "a bundle from it is refused" "$(refused wajima bundle read "$place/forged.moyai")" NODE_REVOKED
is "nodes that are left" "$(on wajima enrol list --json | "$python" -c 'import json, sys; print(len(json.load(sys.stdin)["nodes"]))')" 1
