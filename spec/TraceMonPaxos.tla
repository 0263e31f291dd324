--------------------------- MODULE TraceMonPaxos ---------------------------
(***************************************************************************)
(* A trace of real monitors, judged by MonPaxos alone.                    *)
(*                                                                        *)
(* conformance/ walks traces with the production handlers. This module is *)
(* the second opinion: TLC looks for a behaviour of MonPaxos that takes   *)
(* the lines one after the other, each with the state that its monitor    *)
(* reported after it. Steps that leave no line, a write that reaches a    *)
(* disk, are tried wherever they can happen; so is what a death leaves of *)
(* the writes under way.                                                  *)
(*                                                                        *)
(* Two things are said here that MonPaxos does not speak of: a monitor    *)
(* far behind empties its store and copies another's, and a value may     *)
(* keep more versions than the last.                                      *)
(*                                                                        *)
(* conformance/paxos-lines.ts makes the lines: in one order, in which     *)
(* every message is received after it was sent and the members of a       *)
(* quorum begin it together; epochs, values and numbers made small.       *)
(* Nothing here knows time: a lease that was given lasts.                 *)
(***************************************************************************)
EXTENDS MonPaxos, TLC

CONSTANT Lines  \* records of `action`, the monitor `node`, what the action needs, and `after`

VARIABLES
  at,     \* how many lines have been taken
  onWay   \* onWay[m]: stores, copied or emptied, that have not reached the disk of m

\* Monitor m is, after this step, what its line says. The log is compared by its length: its values are compared when
\* they are accepted and when they travel.
Shows(m, after) ==
  LET s == mon'[m] IN
  /\ s.mode = after.mode /\ s.epoch = after.epoch /\ s.leader = after.leader /\ s.quorum = after.quorum
  /\ s.store.first = after.first /\ Last(s.store) = after.last
  /\ s.store.lastPn = after.lastPn /\ s.store.acceptedPn = after.acceptedPn
  /\ s.store.accepted = after.accepted
  /\ s.lasts = after.lasts /\ s.uncommitted = after.uncommitted
  /\ \A n \in Ranks : s.peers[n] = after.peers[n + 1]
  /\ s.acceptedBy = after.acceptedBy /\ s.leaseAckedBy = after.leaseAckedBy /\ s.lease = after.lease

\* The oldest message is the one that the line says was received.
Brings(m, n, message) ==
  /\ net[m][n] # <<>>
  /\ [Oldest(m, n) EXCEPT !.kind = "message", !.to = None] = [message EXCEPT !.to = None]

Receives(m, n, op) ==
  CASE op = "COLLECT" -> HandleCollect(m, n)
    [] op = "LAST" -> HandleLast(m, n)
    [] op = "BEGIN" -> HandleBegin(m, n)
    [] op = "ACCEPT" -> HandleAccept(m, n)
    [] op = "COMMIT" -> HandleCommit(m, n)
    [] op = "LEASE" -> HandleLease(m, n)
    [] op = "LEASE_ACK" -> HandleLeaseAck(m, n)

\* A monitor hears that an election is called and leaves its quorum before the next is decided. MonPaxos has this as a
\* part of Elect, and of the timers.
Leave(m) == Bootstrap(m)

\* As Propose, of a value that keeps the versions from `first`; 0 when it keeps all.
Offers(m, first) ==
  /\ mon[m].mode = "leader.active"
  /\ first <= Last(mon[m].store)
  /\ proposals' = proposals + 1
  /\ LET id == proposals + 1
         value == IF first = 0 THEN id ELSE TrimValue(id, first)
     IN  Take(m, OnPropose(m, mon[m], value), net, outbox[m])
  /\ UNCHANGED <<disk, elections, crashes, losses, renewals>>

\* The process of m goes on with another store; its disk has it before anybody else hears of that.
Gets(m, store) ==
  /\ mon[m].mode = "electing"
  /\ mon' = [mon EXCEPT ![m].store = store]
  /\ onWay' = [onWay EXCEPT ![m] = Append(@, store)]
  /\ UNCHANGED <<disk, outbox, net, chosen, acked, exposed>>
  /\ UNCHANGED Bounds

\* All is gone but the promises.
StoreDropped(m) ==
  Gets(m, [EmptyStore EXCEPT !.lastPn = mon[m].store.lastPn, !.acceptedPn = mon[m].store.acceptedPn])

\* What some other monitor has committed, but for m's own promises.
StoreReplaced(m, after) ==
  \E n \in Ranks \ {m} :
    /\ Last(mon[m].store) <= after.last /\ after.last <= Last(mon[n].store)
    /\ Gets(m, [mon[m].store EXCEPT !.first = after.first,
                                    !.log = SubSeq(mon[n].store.log, 1, after.last),
                                    !.accepted = Nothing])

\* Such a store is on disk, and all that was written before it.
OnDisk(m) ==
  /\ onWay[m] # <<>>
  /\ FirstDurable(outbox[m]) = 0
  /\ disk' = [disk EXCEPT ![m] = Head(onWay[m])]
  /\ outbox' = [outbox EXCEPT ![m] = <<>>]
  /\ onWay' = [onWay EXCEPT ![m] = Tail(@)]
  /\ UNCHANGED <<mon, net, chosen, acked, exposed>>
  /\ UNCHANGED Bounds

\* A death that MonPaxos has no use for: of a monitor in no quorum, with no write of Paxos under way.
Died(m) ==
  /\ mon[m].mode = "electing" /\ outbox[m] = <<>>
  /\ mon' = [mon EXCEPT ![m] = Electing(disk[m])]
  /\ net' = [n \in Ranks |-> [net[n] EXCEPT ![m] = <<>>]]
  /\ UNCHANGED <<disk, outbox, chosen, acked, exposed>>
  /\ UNCHANGED Bounds

Settled(m) == onWay[m] = <<>> /\ UNCHANGED onWay

Takes(line) ==
  LET m == line.node IN
  CASE line.action = "Elect" ->
         /\ \A n \in line.quorum : onWay[n] = <<>>
         /\ Elect(m, line.quorum)
         /\ \A n \in line.quorum : Shows(n, line.after[n + 1])
         /\ UNCHANGED onWay
    [] line.action = "Receive" ->
         /\ Brings(line.from, m, line.message)
         /\ \/ Settled(m) /\ Receives(line.from, m, line.message.op)
            \/ Ignore(line.from, m) /\ UNCHANGED onWay
         /\ Shows(m, line.after)
    [] line.action = "Crash" ->
         /\ \/ \E kept \in 0 .. Len(WritesOf(outbox[m])) : Crash(m, kept)
            \/ Died(m)
         /\ onWay' = [onWay EXCEPT ![m] = <<>>]
    [] line.action = "Leave" -> Leave(m) /\ Shows(m, line.after) /\ UNCHANGED onWay
    [] line.action = "StoreDropped" -> StoreDropped(m) /\ Shows(m, line.after)
    [] line.action = "StoreReplaced" -> StoreReplaced(m, line.after) /\ Shows(m, line.after)
    [] line.action = "Propose" -> Settled(m) /\ Offers(m, line.first) /\ Shows(m, line.after)
    [] line.action = "BeginWritten" -> Settled(m) /\ BeginWritten(m) /\ Shows(m, line.after)
    [] line.action = "CommitWritten" -> Settled(m) /\ CommitWritten(m) /\ Shows(m, line.after)
    [] line.action = "RefreshDone" -> Settled(m) /\ RefreshDone(m) /\ Shows(m, line.after)
    [] line.action = "LeaseRenewTimeout" -> Settled(m) /\ LeaseRenewTimeout(m) /\ Shows(m, line.after)

TraceInit == Init /\ at = 0 /\ onWay = [m \in Ranks |-> <<>>]

\* The choice from one line makes TLC compute it once.
TakeLine == at < Len(Lines) /\ (\E line \in {Lines[at + 1]} : Takes(line)) /\ at' = at + 1
Silent == /\ at < Len(Lines)
          /\ \E m \in Ranks : (Sync(m) /\ UNCHANGED onWay) \/ OnDisk(m)
          /\ UNCHANGED at

TraceSpec == TraceInit /\ [][TakeLine \/ Silent]_<<vars, at, onWay>>

\* Always true: TLC prints how many lines some behaviour has taken, whenever that grows.
ASSUME TLCSet(1, -1)
Progress == at <= TLCGet(1) \/ (TLCSet(1, at) /\ PrintT(ToString(at)))
=============================================================================
