# What every drill begins with: two towns and a laptop of the first, of a federation that is marked as a drill, in a folder
# that is taken away at the end. Sourced by the drills beside it; needs `moyai` on the PATH.
set -euo pipefail

drills=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
python=$(dirname "$(command -v moyai)")/python
[ -x "$python" ] || python=python3
place=$(mktemp -d)
daemons=()

ok() { printf 'ok  %s\n' "$*"; }
failed() { printf 'FAILED  %s\n' "$*" >&2; exit 1; }
is() { [ "$2" = "$3" ] || failed "$1: expected $3, got $2"; ok "$1: $2"; }

# The value under a path such as `peers.0.waiting` of the JSON on standard input.
value() {
  "$python" -c 'import json, sys
said = json.load(sys.stdin)
for name in sys.argv[1].split("."):
    said = said[int(name)] if name.lstrip("-").isdigit() else said[name]
print(said)' "$1"
}

# `on NODE COMMAND...`: a command of one node. `days=30 on NODE COMMAND...`: the same with a clock that is so many days off.
days=0
on() {
  local node=$1
  shift
  if [ "$days" = 0 ]; then
    moyai "$@" --node "$place/$node" --operator drill --lang "${MOYAI_LANG:-en}"
  else
    "$python" "$drills/at.py" "$days" "$@" --node "$place/$node" --operator drill --lang "${MOYAI_LANG:-en}"
  fi
}

# The same, of which only a failure is shown.
quietly() {
  local said
  said=$(on "$@" 2>&1) || failed "moyai ${*:2} at $1: $said"
}

# An exchange of one node, until nothing is left over: the daemons speak as well, and new things may come up meanwhile.
exchange() { # NODE MORE...
  local said
  for _ in $(seq 15); do
    if said=$(on "$1" sync "${@:2}" 2>&1); then return; fi
    sleep 1
  done
  failed "moyai sync ${*:2} at $1: $said"
}

# A command that must be refused; prints the reason.
refused() {
  local said
  if said=$(on "$@" --json 2>&1 >/dev/null); then failed "$* was not refused"; fi
  printf '%s' "$said" | tail -1 | value reason
}

free_port() { "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

town() { # NODE CODE NAME
  local port enrolment
  port=$(free_port)
  enrolment=$(free_port)
  on "$1" init --drill --organisation "$2" --name "$3" --label "$1-home" --listen "127.0.0.1:$port" \
    --enrolment-listen "127.0.0.1:$enrolment" --key-file "$place/$1.key" >/dev/null
  printf '%s' "$port" >"$place/$1.port"
  printf '%s' "$enrolment" >"$place/$1.enrolment"
}

draft() { # OUT MORE...: a roster of all member cards in cards/, signed by both trustees
  local out=$1 words=() card
  shift
  for card in "$place"/cards/*.json; do words+=(--member "$card"); done
  on wajima roster draft --name 訓練 --threshold 2 --drill --trustee "$place/t1.json" --trustee "$place/t2.json" \
    "${words[@]}" --out "$out" "$@" >/dev/null
  quietly wajima roster sign "$out" --trustee-key "$place/t1"
  quietly wajima roster sign "$out" --trustee-key "$place/t2"
}

serve() { # NODE
  local words=(serve --node "$place/$1" --operator drill --lang en)
  # Without a shell between, so that what is stopped is the daemon itself.
  if [ "$days" = 0 ]; then moyai "${words[@]}" >>"$place/$1.log" 2>&1 & else
    "$python" "$drills/at.py" "$days" "${words[@]}" >>"$place/$1.log" 2>&1 &
  fi
  daemons+=($!)
  printf '%s' $! >"$place/$1.pid"
  for _ in $(seq 300); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$(cat "$place/$1.port")") 2>/dev/null; then return; fi
    sleep 0.1
  done
  failed "$1 does not answer: $(tail -3 "$place/$1.log")"
}

stop() { # NODE
  kill "$(cat "$place/$1.pid")" 2>/dev/null || true
  wait "$(cat "$place/$1.pid")" 2>/dev/null || true
}

join() { # LAPTOP: a laptop of Wajima, by a one-time code
  local code
  code=$(on wajima enrol code --json | value code)
  on "$1" enrol join --home "127.0.0.1:$(cat "$place/wajima.enrolment")" --code "$code" --roster "$place/roster" \
    --organisation 172049 --label "$1" --key-file "$place/$1.key" >/dev/null
}

node_id() { on wajima enrol list --json | "$python" -c 'import json, sys
print(next(one["node"] for one in json.load(sys.stdin)["nodes"] if one["label"] == sys.argv[1]))' "$1"; }

write_down() { # NODE NAME MORE...: prints the person's id
  local node=$1 name=$2
  shift 2
  on "$node" register --family "$name" --given 訓練 --json "$@" | value subjects.0
}

knows() { on "$1" person "$2" --purpose drill --json >/dev/null 2>&1; }

founded() {
  mkdir "$place/cards"
  town wajima 172049 輪島市
  town kanazawa 172014 金沢市
  for one in t1 t2; do
    quietly wajima roster trustee "$place/$one" --office "受託者 $one" --without-passphrase
  done
  cp "$place/wajima/member.json" "$place/cards/wajima.json"
  cp "$place/kanazawa/member.json" "$place/cards/kanazawa.json"
  draft "$place/roster" "$@"
  quietly wajima roster install "$place/roster"
  quietly kanazawa roster install "$place/roster"
}

finish() {
  local code=$?
  for one in ${daemons[@]+"${daemons[@]}"}; do kill "$one" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$place"
  exit "$code"
}
trap finish EXIT
