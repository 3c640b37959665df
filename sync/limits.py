"""Everything a stranger can push against, as numbers with their reasons; the specification's table 8 says the same."""

BODY_BYTES_MAX = 65_536
"""One record's body: a note of 20,000 characters fits; a photograph does not, on purpose."""

CONTENT_DEPTH_MAX = 8
"""Nesting of messages in a body: the schema needs 3."""

VERSION_ENTRIES_MAX = 256
"""Authors in one version vector: every node of the largest town, with room."""

SLOT_BYTES_MAX = 16
"""A slot is a random id or a node id."""

OPERATOR_CHARACTERS_MAX = 32
"""An operator is a staff code, not a name."""

PARCELS_PER_FRAME_MAX = 256
"""Larger batches gain nothing: 256 a message already moves 800,000 records a second."""

FRAME_BYTES_MAX = 4_194_304
"""One message on the wire; also gRPC's own bound, set explicitly on both sides."""

UNPACKED_BYTES_MAX = 1_048_576
"""The parcels of one frame unpacked: four times what anybody sends, so that a few bytes do not become gigabytes."""

SYMBOLS_PER_FRAME_MAX = 65_536
"""Symbols of a sketch in one frame: 786 kB; what is sent is cut finer, for slow lines."""

SYMBOLS_PER_SKETCH_MAX = 1_048_576
"""Symbols of one sketch: 700,000 differences; beyond that the ids themselves are listed."""

MORES_PER_SKETCH_MAX = 24
"""Requests for more symbols of one sketch: each that goes past the kept ones costs both sides a scan."""

SCANS_PER_CONVERSATION_MAX = 24
"""Scans of a whole view that the other side may cause in one conversation: up to 2 s each at a million records."""

RECORDS_PER_SCAN = 250
"""Records moved in a conversation that earn it one scan more: it may last a day, and large differences need some."""

IDS_PER_FRAME_MAX = 65_536
"""Ids in one frame: two mebibytes."""

IDS_PER_VIEW_MAX = 4_000_000
"""Ids one peer may have in one view: the Nankai Trough estimate for the largest prefecture, with room."""

ROUNDS_PER_VIEW_MAX = 6
"""Comparisons of one view in one turn: each way of naming ids twice; after that something is wrong."""

SESSIONS_PER_PEER_MAX = 4
"""Conversations at once with one peer: in each direction one by itself and one that an operator asks for."""

SESSIONS_MAX = 512
"""Conversations at once on one node, most of them resting: a prefecture's 179 municipalities twice, and its laptops."""

CALLS_PER_CALLER_MAX = 8
"""Calls at once of one certificate, or at the second door of all who have none: its conversations, and as many over."""

REQUEST_S_MAX = 30
"""From connection to call, from call to question, from answer or goodbye to its being read: as long as a dialler tries
an endpoint."""

CONNECTIONS_MAX = 640
"""Connections at once at one door: those of all conversations, and some more; below the files a process may have open,
which the ledger needs some of."""

SILENCE_S_MAX = 120
"""A peer that says nothing for this long is gone: twice what a satellite link with stalls was seen to need."""

CLOCK_AHEAD_MS_MAX = 300_000
"""A record from further in the future is set aside until its time comes."""

ROSTER_BYTES_MAX = 3_145_728
"""1,788 local governments with two certificates each are 2 MB; a roster travels in one frame."""

ENROLMENT_TRIES_MAX = 5
"""Wrong one-time codes before the code is spent."""

GREETING_BYTES_MAX = 16_384
"""A greeting: a certificate of some hundred bytes, with room for what newer versions add."""

FRAMES_IN_VAIN_MAX = 4_000
"""Frames in a row that lead to nothing, of unknown kind, news or hello: an honest day of checks that fail has 2,880."""

BUNDLE_PARTS_MAX = 999
"""Parts of one bundle: more sticks than anybody carries."""

RECORDS_PER_SUBJECT_MAX = 1_000
"""Records of one person, or heads of anything else, one organisation may hand over: years of roll-calls."""

SET_ASIDE_PER_PEER_MAX = 20_000
"""Records of one peer kept in quarantine; of what comes above it the id and the reason are kept."""

TURNED_AWAY_PER_PEER_MAX = 100_000
"""Ids and reasons kept of one peer's records that are not held: 100 MB with the log; of what comes above it nothing
is kept."""
