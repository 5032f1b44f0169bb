import { AUTHORISATION_REASONS, INTERLOCKS, STATION_REASONS } from './reason-code.ts';

const codes = (list: readonly string[]) => `\`${list.join(' ')}\``;

/**
 * The prose of `/asyncapi.json`: with it and the schemas alone a person can write a gateway. Markdown, one constant per
 * place in the document. Schemas say what a message is; this says when it is sent and what has to hold.
 */
export const INTRODUCTION = `The messages between the stations, trucks and the twin of a battery-swap corridor, over NATS.

Operations are described from the view of the **station gateway** (or truck T-box): \`send\` = the gateway publishes,
\`receive\` = the gateway subscribes. Payloads are UTF-8 JSON of at most 256 KiB; every object is closed: a field the schema
does not name is refused. Units are part of the names (\`energyWh powerW socPercent atMs\`), base units without prefixes;
powers and currents are positive **into** the pack. An unknown sensor value is \`null\`, never 0. Times are RFC 3339.

## 1. Enrol and connect

1. \`POST /api/v1/stations/{id}/credentials\` (trucks: \`/api/v1/trucks/{id}/credentials\`) with an operator's bearer token
   returns a NATS creds file, once. The HTTP API describes itself at \`/openapi.json\` and \`/docs\`.
2. Connect to the NATS server with these creds and the inbox prefix \`_INBOX.<id>\` (option \`inboxPrefix\` of the NATS clients):
   no other inbox is allowed. Reconnect for ever.
3. The credential lets you publish \`…<id>.tele.>\`, \`…<id>.evt.>\`, \`…<id>.res.>\`, answer requests, and subscribe to
   \`…<id>.cmd.>\`, \`…<id>.ack\` and your inbox: nothing else. There is no right to \`$JS.API\`, and none is needed.
4. Subscribe to \`cmd.>\` and \`ack\` **before** you publish the first event.

One gateway speaks for a station. A second enrolment does not end the first: two that use the same id at a time number their messages
over each other, and \`ack\` jumps between them. \`DELETE\` on the same path revokes all credentials of the station. \`npm start\` runs gateways
of its own for every station; \`TRAFFIC=off npm start\` leaves them, the trucks and the faster time out.

A subject token is 1 to 64 of \`A-Z a-z 0-9 _ -\`. The id of the station or truck is always the fifth token and must equal
\`src\` of the envelope. Slot \`n\` of a station has the id \`<stationId>-<n>\` and the \`evseId\` \`n\`, bay \`n\` the id \`<stationId>-B<n>\`; \`GET /api/v1/slots\`
and \`/api/v1/stations/{id}\` list them. The scope is \`live\`, or \`sim-<runId>\` for a simulation.

## 2. Time

All times of a message are **scope time**. In a live network that is the time of day; a demonstration may run faster. The twin
tells a gateway by the command \`time.sync {scopeAt, factor}\` after its \`gateway.online\` and whenever the factor changes: from
then on scope time = \`scopeAt\` + (wall time since receipt) × \`factor\`. Before the first \`time.sync\` use your own clock.

A wrong clock loses nothing and stops nothing: an event that would lie in the future, or that comes live and more than half an hour late, is
dated with its receipt, and what live telemetry (\`tsSend\`) shows three times in a row corrects the rest. It is flagged \`SKEW\`. But the
tariff period of a bill is then the twin's guess: keep the clock right.

## 3. Identity of a message, and exactly once

\`(src, bootId, lane, seq)\` identifies a message. \`bootId\` is a counter that you persist and increment at every start. \`seq\`
starts at 1 in each boot and counts by 1 in each of two lanes: \`tele\` (subjects \`tele.>\`) and \`evt\` (\`evt.>\` **and** \`res.>\`
together). Publish to JetStream: a NATS request on the subject, answered by a PubAck, with the header
\`Nats-Msg-Id: <src>:<bootId>:<lane>:<seq>\`.

**Lane \`evt\`: nothing is lost, nothing counts twice.**
- Write each event into a local journal and sync it to disk **before** you publish it. Publish strictly in the order of the
  journal; one event at a time in doubt is enough.
- The PubAck is not the end: keep the event until \`ack {bootId, evtSeq}\` covers it. \`ack\` is cumulative and sent only after the
  twin committed to its database: every event of that boot up to \`evtSeq\`, and of all earlier boots, is safe. Drop those.
- The twin takes the events of a source without a gap. An \`ack\` that repeats a position below what you
  sent says that something is missing: go back and send everything from \`evtSeq + 1\` again, in order. Send unacknowledged events again every few seconds too, backing off to a
  minute, and not more than some hundreds at a time. Duplicates are harmless: they are recognised, dropped and acknowledged again.
- JetStream itself drops a message whose id it has seen. So that a repeat reaches the twin, give it an id of its own from the second
  repetition on: \`<src>:<bootId>:evt:<seq>:r2\`, \`:r3\` …
- An \`ack\` that names a higher \`bootId\` than yours means that your counter was lost: go on with \`bootId + 1\`, renumbering what was
  never acknowledged, from 1.
- The first event of each boot (seq 1) is \`gateway.online\` (truck: \`online\`). Its \`previous\` names the last event journalled
  before this boot, \`{bootId, evtSeq}\`, or null when there is none: the twin takes the new boot only when it has that one. So
  unacknowledged events of an earlier boot are sent first, with their own \`bootId\` and \`seq\`.
- A truck's T-box follows the same rules; its \`online\` has no \`previous\`, so it finishes an old boot before it begins a new one.

**Lane \`tele\`: losing is allowed, counting twice is not.** State takes only what is newer by \`(bootId, seq)\`; history takes
everything once. A reading of a pack counts from who holds it: the truck that carries it, the station in whose slot it is; from others it is kept with the
flag \`FOREIGN\` and changes nothing. After an outage live data goes first; the buffer follows with \`backfill: true\`, at most ten times the live rate,
between \`gateway.backfill_begin\` and \`gateway.backfill_end\`.

**Refused messages.** The stream knows no schema: the PubAck of a message that is refused comes all the same, \`ack\` goes on, and nothing follows (an
\`identified\` that is refused is never answered by \`swap.start\`). So validate against the schemas of this document before you publish. What is refused
nevertheless you are told on \`…<id>.cmd.notify.refused\`, with the subject, the \`Nats-Msg-Id\`, the reason and what was wrong: the first of each
reason at once, then at most one a minute with the number of others. It is a notice among the commands, without a reply subject: log it, count it, answer nothing.
The platform's operator sees the first of each source and reason in the twin's log, with the subject, the \`Nats-Msg-Id\` and what was wrong, and
\`corridor_refused_total{reason}\` at \`/metrics\`. The message itself is kept on \`evs.v1.<scope>.twin.refused.<source>.<lane>\` (stream \`REFUSED\`, for the twin's credential) with a reason
(\`SUBJECT_UNKNOWN MESSAGE_TOO_LARGE NOT_JSON SCHEMA_VERSION_UNKNOWN SCHEMA_VIOLATION SOURCE_MISMATCH NUMBER_NOT_FINITE
SOURCE_UNKNOWN BOOT_WENT_BACK BOOT_IMPLAUSIBLE SEQ_IMPLAUSIBLE\`; \`TIME_IMPLAUSIBLE\`: only its time is refused, it counts at the time of receipt; \`ASSET_UNKNOWN VALUE_REFUSED\`: readings that cannot be kept, the others of the message are; \`INPUT_FAILED\`: the platform
itself failed on it). A refused event still uses up its \`seq\`, read from its body or from its \`Nats-Msg-Id\`; the
first event of a boot has to be readable.

## 4. Commands

A command is a NATS request on \`cmd.<topic>.<verb>\`, answered twice.
- **Stage 1**, within 5 s: reply \`{commandId, result: ACCEPTED | REJECTED | NOT_SUPPORTED, statusInfo?, timeoutMs}\`. Refuse what has
  expired (\`expiresAt\`, scope time; never \`time.sync\`, which repairs the clock). Unanswered, the command is sent again until it expires.
- **Stage 2**, within \`timeoutMs\`: what became of it, on \`res.<commandId>\`, as an enveloped message of the \`evt\` lane (journalled,
  numbered and acknowledged like an event): \`ACCEPTED\` = done, \`FAILED\`, \`TIMEOUT\`, \`CANCELLED\` with a reason. A command
  answered \`REJECTED\` or \`NOT_SUPPORTED\` in stage 1 has no stage 2.
- The same \`commandId\` again gets the same answer and is executed once, also after a restart: persist both.

## 5. One swap

\`requestId\` numbers the swap at its station; all its messages carry it. **Odd** numbers are given by the station (a swap begun by
the truck's arrival), **even** ones by the platform (begun by an order). Persist your counter; never use a number twice.

Begun at the station (local):
1. A truck stands in the bay: \`swap.arrived\` (step 0), then \`swap.identified\` (step 1: plate, RFID, VIN, pack on the truck;
   \`initiation: LOCAL\`, a new odd \`requestId\`; \`arrived\` carries that number already). \`idToken\` is what the driver's card or phone
   shows, \`drivers[].idToken\` of the network file (the default corridor: \`data/corridor/network.json\`); it is published nowhere, and an unknown one is refused as \`TOKEN_INVALID\`. \`stepSeq\` counts the
   events of the swap from 1, \`durationMs\` is that of the step that just ended, and \`completed\` names step 14 again.
2. The twin checks, quotes and holds money, then commands \`swap.start\` with the same \`requestId\`, an \`orderId\`, the pack to issue
   and its slot — or \`swap.reject\` with a \`reasonCode\`: then publish \`swap.rejected\` with that reason and let the truck go. No
   answer within a minute of scope time (when time runs fast: but not before 20 s of wall time): reject it yourself with \`PLATFORM_UNREACHABLE\`.
3. Answer stage 1. Then publish, as each step ends: \`authorized\` (2) \`positioned\` (3) \`made_safe\` (4) \`unlocked\` (5) \`lifted\` (6)
   \`moved_in\` (7) \`battery_in\` (8) \`picked\` (9) \`moved_out\` (10) \`seated\` (11) \`locked\` (12) \`battery_out\` (13) \`released\` (14) and
   \`completed\`.
4. \`battery_in\` carries in \`batteryData\` the pack taken from the truck and the slot it was put into, \`battery_out\` the pack given
   to the truck and the slot it came from, with \`soC\` and \`soH\` as the BMS reports them **at hand-over**. The bill is made from these
   two, at \`battery_out\`.
5. Stage 2 of \`swap.start\` on \`res.<commandId>\`: \`ACCEPTED\` when completed, else \`FAILED\` with the reason.

Begun by the platform (remote): \`swap.start\` arrives first, with an even \`requestId\` and \`initiation: REMOTE\`. Keep it as an
authorisation until \`expiresAt\` (then stage 2 is \`TIMEOUT\`; \`swap.abort\` or a newer one for the same truck makes it \`CANCELLED\`). When that truck docks, \`arrived\` and \`identified\` carry that number and \`initiation: REMOTE\`, and
\`authorized\` follows at once.

Not every swap ends well. Exactly one of these ends it: \`completed\`; \`rejected\` (before the start); \`aborted_safe\` (the truck leaves
on its old pack); \`aborted_no_pack\` (the truck stands without a pack); \`battery_out_timeout\` (no pack could be given; \`batteryData\`
names the pack not handed over); \`failed\`, unless it is \`recoverable\`. \`rejected\`, \`suspended\`, \`aborted_…\` and \`failed\` carry
\`reasonCode\`, \`interlock\`, \`recoverable\` and \`detail\`, all four of them: \`null\` is for none, and \`recoverable\` is \`false\` where nothing goes on. \`suspended\` and \`resumed\` stand in between: a global interlock freezes motion, and only
a confirmation at the station resumes it.

## 6. Charging

\`charge.started\`, \`charge.updated\` and \`charge.ended\` report each charging transaction of a slot with two cumulative registers,
DC energy into the pack from the grid and from the PV of the site. They are the only source of what the energy in a pack cost: send
\`updated\` at every boundary of the tariff (\`config.set tariffBoundariesMinute\`, minutes of the local day, Asia/Shanghai) and
at least every 15 min. After a restart, running transactions get new ids.

## 7. Telemetry and inventory

| Message | Rate |
|---|---|
| \`tele.station\` (also the heartbeat) | 5 s; silent for 15 s = offline |
| \`tele.slots\` | 10 s and on change, all slots in one message |
| \`tele.packs\` | 10 s while active, 60 s idle, all packs in one message |
| \`tele.bay\` | on change, 1 s during a swap |
| \`tele.meter\` | 10 s |
| \`tele.pv\` | 60 s |
| \`tele.truck\`, \`tele.pack\` of a truck | 10 s moving, 60 s parked |

Send \`gateway.inventory\` after \`gateway.online\` and on \`inventory.report\`: what stands in which slot. The twin compares it with its
custody ledger. Equipment faults are \`gateway.fault_raised\` and \`gateway.fault_cleared\` with a \`faultId\` of their own.

## 8. Reason codes

- The twin refuses a swap (\`swap.reject\`): ${codes(AUTHORISATION_REASONS)}.
- Interlocks of a station: ${codes(INTERLOCKS)}.
- A station refuses, suspends or ends a swap, or refuses a command: ${codes(STATION_REASONS)}; the two lists above as well.`;

export const SERVER_DESCRIPTION =
  'NATS with JetStream (2.9 or newer). Streams: TELE holds tele.>, EVT holds evt.> and res.>; commands, acks and the clock are plain NATS.';

export const CREDENTIALS_DESCRIPTION =
  'NATS user JWT and nkey seed in a creds file, given out once by POST /api/v1/stations/{id}/credentials or /api/v1/trucks/{id}/credentials. It expires or is revoked by the operator; a revoked connection is closed.';

export const REFUSAL_NOTICE_DESCRIPTION =
  'A message of this source was refused. No command: it has no commandId and no reply subject, and nothing is answered.';

export const ACK_DESCRIPTION =
  'Everything of this boot’s evt lane up to evtSeq, and all earlier boots, is committed: drop it from the journal. Lower than what was sent means: go back to evtSeq + 1.';

export const CLOCK_DESCRIPTION =
  'Published each wall second by whoever drives the scope. A gateway’s credential does not cover it: gateways get time.sync instead.';
