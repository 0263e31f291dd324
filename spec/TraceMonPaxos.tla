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
(* conformance/paxos-lines.ts makes the lines: in one order, in which     *)
(* every message is received after it was sent and the members of a       *)
(* quorum begin it together; epochs, values and numbers made small.       *)
(* Nothing here knows time: a lease that was given lasts.                 *)
(***************************************************************************)
EXTENDS MonPaxos, TLC

CONSTANT Lines  \* records of `action`, the monitor `node`, what the action needs, and `after`

VARIABLE at     \* how many lines have been taken

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

\* A monitor far behind has copied another's store, but for its own promises. MonPaxos leaves this to store sync.
StoreReplaced(m, after) ==
  /\ \E n \in Ranks \ {m} :
       /\ after.last <= Last(mon[n].store)
       /\ \E store \in {[mon[m].store EXCEPT !.first = after.first,
                                             !.log = SubSeq(mon[n].store.log, 1, after.last),
                                             !.accepted = Nothing]} :
            /\ mon' = [mon EXCEPT ![m].store = store]
            /\ disk' = [disk EXCEPT ![m] = store]
  /\ outbox' = [outbox EXCEPT ![m] = <<>>]
  /\ UNCHANGED <<net, chosen, acked, exposed>>
  /\ UNCHANGED Bounds

Takes(line) ==
  LET m == line.node IN
  CASE line.action = "Elect" ->
         /\ Elect(m, line.quorum)
         /\ \A n \in line.quorum : Shows(n, line.after[n + 1])
    [] line.action = "Receive" ->
         /\ Brings(line.from, m, line.message)
         /\ Receives(line.from, m, line.message.op) \/ Ignore(line.from, m)
         /\ Shows(m, line.after)
    [] line.action = "Crash" -> \E kept \in 0 .. Len(WritesOf(outbox[m])) : Crash(m, kept)
    [] line.action = "Leave" -> Leave(m) /\ Shows(m, line.after)
    [] line.action = "StoreReplaced" -> StoreReplaced(m, line.after) /\ Shows(m, line.after)
    [] line.action = "Propose" ->
         /\ Propose(m, FALSE)
         /\ Shows(m, line.after)
    [] line.action = "BeginWritten" -> BeginWritten(m) /\ Shows(m, line.after)
    [] line.action = "CommitWritten" -> CommitWritten(m) /\ Shows(m, line.after)
    [] line.action = "RefreshDone" -> RefreshDone(m) /\ Shows(m, line.after)
    [] line.action = "LeaseRenewTimeout" -> LeaseRenewTimeout(m) /\ Shows(m, line.after)

TraceInit == Init /\ at = 0

\* The choice from one line makes TLC compute it once.
TakeLine == at < Len(Lines) /\ (\E line \in {Lines[at + 1]} : Takes(line)) /\ at' = at + 1
Silent == at < Len(Lines) /\ (\E m \in Ranks : Sync(m)) /\ UNCHANGED at

TraceSpec == TraceInit /\ [][TakeLine \/ Silent]_<<vars, at>>

\* Always true: TLC prints how many lines some behaviour has taken, whenever that grows.
ASSUME TLCSet(1, -1)
Progress == at <= TLCGet(1) \/ (TLCSet(1, at) /\ PrintT(ToString(at)))
=============================================================================
