#!/usr/bin/env bash
# A laptop's clock is a year ahead, another's a year behind: nothing is lost, nothing wins by the clock, and the one that
# was ahead is brought back when somebody has set it right.
. "$(dirname "$0")/federation.sh"
founded
serve wajima
join ahead
join behind
exchange ahead
exchange behind

slow=$(days=-365; write_down behind 河井)
days=-365; on behind sync >/dev/null || true; days=0
exchange behind
knows wajima "$slow" || failed "what was written with a slow clock did not arrive"
ok "what was written with a clock a year behind is at the town hall"

fast=$(days=365; write_down ahead 門前)
exchange ahead
if knows wajima "$fast"; then failed "a record from next year was taken"; fi
ok "what was written with a clock a year ahead is set aside at the town hall: $(on wajima status --json | value quarantined)"
[ "$(on ahead status --json | value clock_ahead_ms)" -gt 31000000000 ] || failed "the status does not say that the clock was ahead"
ok "the status of the laptop says so"
quietly ahead doctor --repair
is "after doctor --repair it is ahead by" "$(on ahead status --json | value clock_ahead_ms)" 0
exchange ahead
knows wajima "$fast" || failed "what it said meanwhile is not said again"
ok "what it wrote meanwhile is at the town hall"
now=$(write_down ahead 鳳至)
exchange ahead
knows wajima "$now" || failed "what it writes now does not arrive"
ok "it goes on with the right time"
