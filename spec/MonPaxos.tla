----------------------------- MODULE MonPaxos ------------------------------
(***************************************************************************)
(* What is committed: Paxos between Ceph monitors, one value at a time,   *)
(* as src/paxos runs it.                                                  *)
(*                                                                        *)
(* A leader collects what an earlier quorum may have committed, offers a  *)
(* value, and commits it when every member of its quorum has it on disk.  *)
(* Leases let every member answer reads in between.                       *)
(*                                                                        *)
(* Disks. A handler orders writes and goes on; a write reaches the disk   *)
(* later, in order. Messages behind a durable write wait for it. A commit *)
(* is not durable: it is ordered behind earlier writes and nothing waits  *)
(* for it. A crash keeps any first part of what was ordered and not yet   *)
(* known to be on disk.                                                   *)
(*                                                                        *)
(* Network. One queue for each direction of each connection; messages     *)
(* arrive in order, at any later time. They survive elections: a monitor  *)
(* outside the new quorum goes on in its old epoch, so there are stale    *)
(* leaders and peons. A message whose epoch its receiver has left is      *)
(* ignored; unless KeepLate is TRUE such messages are taken out at once,  *)
(* which changes nothing but the number of states. What a dying process   *)
(* loses is what is not delivered before the next election.               *)
(*                                                                        *)
(* Elections are a stand-in: any leader with any majority, in a higher    *)
(* even epoch, at once for all members; see MonElection. A monitor that   *)
(* is down is one that stays in mode "electing".                          *)
(*                                                                        *)
(* Leases are booleans. What Ceph's timing has to provide is said at      *)
(* LeasesOutlast.                                                         *)
(*                                                                        *)
(* Every handler is a function of a monitor's state and an event: its     *)
(* next state, what it asks for in order, and the version that clients    *)
(* may be told is committed.                                              *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
  Size,          \* monitors in the map; ranks are 0 .. Size - 1
  Elections,     \* sequence of sets of <<leader, quorum>>: what each election may decide
  MaxProposals,  \* values offered by clients
  MaxCrashes,
  MaxLosses,     \* messages that a broken session swallows without anybody noticing
  MaxRenewals,   \* leases beyond the one that ends a round
  Trims,         \* TRUE: a value may trim all versions but the last
  Timeouts,      \* TRUE: timers of a quorum may run out
  Expiry,        \* TRUE: leases may run out
  KeepLate,      \* TRUE: messages of an epoch that is over stay in the queues
  LeasesOutlast, \* FALSE: when a leader is elected, no monitor outside its quorum has a lease, or gets one later
  MutantId       \* "none", or the name of a bug to put in

Ranks == 0 .. Size - 1
None == -1
Majority(set) == Cardinality(set) * 2 > Size

VARIABLES
  mon,        \* each monitor's state in memory, see Mon
  disk,       \* each monitor's store after a crash that keeps nothing more
  outbox,     \* ordered writes, and messages that wait for a durable one
  net,        \* net[m][n]: messages under way from m to n
  elections,  \* how many there were; the newest epoch is twice that
  proposals,  \* values offered so far; the next one is proposals + 1
  crashes,
  losses,
  renewals,
  \* What an observer has seen, for the properties:
  chosen,     \* the values committed by anybody, by version
  acked,      \* the last version that a client was told is committed
  exposed     \* the last version that a client can have read or was told

vars == <<mon, disk, outbox, net, elections, proposals, crashes, losses, renewals, chosen, acked, exposed>>

LeaderModes == {"leader.recovering", "leader.active", "leader.updating", "leader.updating-previous",
                "leader.writing", "leader.writing-previous", "leader.refresh"}
PeonModes == {"peon.recovering", "peon.active", "peon.updating"}
Modes == {"electing"} \cup LeaderModes \cup PeonModes

Mutant(id) == MutantId = id

\* TLC evaluates an operator's argument anew at each use, but a bound variable once: The({ F(x) : x \in {e} }) and
\* \E x \in {e} : F(x) are F(e), with e evaluated once.
The(set) == CHOOSE x \in set : TRUE

-----------------------------------------------------------------------------
(* Values, and the store *)

NoValue == 0
\* A value is its number; one that trims carries the first version to keep.
TrimValue(id, first) == first * 10000 + id
TrimOf(value) == value \div 10000

Nothing == [pn |-> 0, value |-> NoValue]

\* What Ceph does: a leader stores the number it made, and not that it has promised it, but then stores a value before
\* it sends it. Both together are safe; the first with our order of the second is not.
CephsWrites == Mutant("CephsWrites")
PromiseNotStored == CephsWrites \/ Mutant("PromiseNotStored")

\* The keys of prefix `paxos`. The log keeps trimmed values for the properties; nothing below `first` is read.
EmptyStore == [first |-> 0, lastPn |-> 0, acceptedPn |-> 0, log |-> <<>>, accepted |-> Nothing]

Last(store) == Len(store.log)
HasAccepted(store) == store.accepted.value # NoValue

Max(set) == CHOOSE n \in set : \A o \in set : n >= o

FirstAfter(first, values) ==
  Max({first, 1} \cup { TrimOf(values[i]) : i \in 1 .. Len(values) })

\* The store with committed values appended; an accepted value is overtaken by them.
Extend(store, values) ==
  IF values = <<>> THEN store
  ELSE [store EXCEPT !.log = @ \o values, !.first = FirstAfter(@, values), !.accepted = Nothing]

\* Writes. The leader's own accept is the only one whose end is an event of Paxos (`epoch`).
Promise(pn, own) == [kind |-> "promise", durable |-> TRUE, pn |-> pn, own |-> own]
Accept(pn, value, e) ==
  [kind |-> "accept", durable |-> TRUE, pn |-> pn, value |-> value, epoch |-> e]
Learn(values) == [kind |-> "learn", durable |-> FALSE, values |-> values]

IsWrite(item) == item.kind \in {"promise", "accept", "learn"}

Written(store, w) ==
  CASE w.kind = "promise" ->
         [store EXCEPT !.acceptedPn = IF w.own /\ PromiseNotStored THEN @ ELSE w.pn,
                       !.lastPn = IF w.own /\ ~ Mutant("NumberNotStored") THEN w.pn ELSE @]
    [] w.kind = "accept" -> [store EXCEPT !.accepted = [pn |-> w.pn, value |-> w.value]]
    [] w.kind = "learn" -> Extend(store, w.values)

-----------------------------------------------------------------------------
(* Monitors and messages *)

NoPeer == -1
NoUncommitted == [version |-> 0, pn |-> 0, value |-> NoValue]

\* A monitor outside of any quorum: only its store counts.
Electing(store) ==
  [mode |-> "electing", epoch |-> 0, leader |-> None, quorum |-> {}, store |-> store,
   lasts |-> {},                          \* leader.recovering: peons that accepted the number
   peers |-> [n \in Ranks |-> NoPeer],    \* leader.recovering: the last version of each
   uncommitted |-> NoUncommitted,         \* leader.recovering: the value to offer again
   acceptedBy |-> {},                     \* leader.updating, .writing: whose disks have the value
   leaseAckedBy |-> {},                   \* leader.active
   lease |-> FALSE]

Blank(op, e) ==
  [kind |-> "message", op |-> op, epoch |-> e, to |-> None, first |-> 0, last |-> 0, pn |-> 0,
   uncommittedPn |-> 0, start |-> 0, values |-> <<>>]

Ascending(set) == SelectSeq([i \in 1 .. Size |-> i - 1], LAMBDA n : n \in set)

\* One message to each rank of a set, ascending.
ToEach(set, Message(_)) ==
  The({ [i \in 1 .. Len(ranks) |-> [Message(ranks[i]) EXCEPT !.to = ranks[i]]]
        : ranks \in {Ascending(set)} })

Step(s, out) == [mon |-> s, out |-> out, ack |-> 0]

NewProposalNumber(last, m) ==
  LET round == last \div 100 IN (IF Mutant("NumberNotBumped") /\ round > 0 THEN round ELSE round + 1) * 100 + m

-----------------------------------------------------------------------------
(* Leases *)

\* Whether a lease given now in epoch e counts; see LeasesOutlast.
Granted(e, newest) == e = newest \/ LeasesOutlast

ExtendLease(m, s, newest) ==
  IF s.quorum = {m} THEN Step(s, <<>>)
  ELSE Step([s EXCEPT !.lease = Granted(s.epoch, newest), !.leaseAckedBy = {m}],
            ToEach(s.quorum \ {m},
                   LAMBDA n : [Blank("LEASE", s.epoch) EXCEPT !.first = s.store.first,
                                                              !.last = Last(s.store)]))

\* Not while a value of an earlier quorum is offered again: somebody may have seen it committed.
ReadableModes ==
  {"leader.active", "leader.updating", "leader.writing", "peon.active", "peon.updating"}
  \cup IF Mutant("P6") THEN {"leader.updating-previous", "leader.writing-previous"} ELSE {}

Readable(s) ==
  /\ s.mode \in ReadableModes
  /\ Last(s.store) > 0
  /\ s.lease \/ Cardinality(s.quorum) = 1

-----------------------------------------------------------------------------
(* Leaving a quorum *)

CommitMessages(m, s, pn, version, value) ==
  ToEach(s.quorum \ {m},
         LAMBDA n : [Blank("COMMIT", s.epoch) EXCEPT !.pn = pn, !.last = version, !.start = version,
                                                     !.values = <<value>>])

\* A commit that was ordered counts, although its completion was not heard.
Restart(m, s) ==
  CASE s.mode \in {"leader.writing", "leader.writing-previous"} /\ ~ Mutant("CommitForgotten") ->
         LET value == s.store.accepted.value
             store == Extend(s.store, <<value>>)
         IN  [mon |-> Electing(store), ack |-> Last(store),
              out |-> CommitMessages(m, s, s.store.acceptedPn, Last(store), value)]
    [] s.mode = "leader.refresh" -> [mon |-> Electing(s.store), out |-> <<>>, ack |-> Last(s.store)]
    [] OTHER -> Step(Electing(s.store), <<>>)

-----------------------------------------------------------------------------
(* First phase *)

\* The number is made and promised; nobody hears of it before it is on disk.
Collect(m, s, hint) ==
  LET store == s.store
      pn == NewProposalNumber(Max({store.lastPn, store.acceptedPn, hint}), m)
  IN  Step([s EXCEPT !.mode = "leader.recovering",
                     !.store.lastPn = pn,
                     !.store.acceptedPn = pn,
                     !.lasts = {},
                     !.peers = [n \in Ranks |-> NoPeer],
                     !.uncommitted =
                       IF HasAccepted(store) /\ ~ Mutant("OwnUncommittedDropped")
                       THEN [version |-> Last(store) + 1, pn |-> store.accepted.pn,
                             value |-> store.accepted.value]
                       ELSE NoUncommitted],
           <<Promise(pn, TRUE)>>
           \o ToEach(s.quorum \ {m},
                     LAMBDA n : [Blank("COLLECT", s.epoch) EXCEPT !.first = store.first,
                                                                  !.last = Last(store), !.pn = pn]))

PeonInit(s, e, leader, quorum) ==
  Step([s EXCEPT !.mode = "peon.recovering", !.epoch = e, !.leader = leader, !.quorum = quorum], <<>>)

\* Committed values after version `last` of somebody else: the first one's version, and the values.
Share(store, last) ==
  LET start == Max({last + 1, store.first})
  IN  IF last >= Last(store) THEN [start |-> 0, values |-> <<>>]
      ELSE [start |-> start, values |-> SubSeq(store.log, start, Last(store))]

OnCollect(m, s, from, msg) ==
  LET store == s.store
      promises == msg.pn > store.acceptedPn
      pn == IF promises THEN msg.pn ELSE store.acceptedPn
      shared == Share(store, msg.last)
      tells == /\ HasAccepted(store)
               /\ msg.last <= Last(store)
               /\ ~ (Mutant("P4") /\ msg.last < Last(store))
      told == CASE Mutant("P1") -> pn
                [] Mutant("UncommittedPnNotTold") -> 0
                [] OTHER -> store.accepted.pn
  IN  IF msg.first > Last(store) + 1 THEN Restart(m, s)
      ELSE Step([s EXCEPT !.mode = "peon.recovering", !.store.acceptedPn = pn],
                (IF promises THEN <<Promise(pn, FALSE)>> ELSE <<>>)
                \o <<[Blank("LAST", s.epoch) EXCEPT
                        !.to = from,
                        !.first = store.first,
                        !.last = Last(store),
                        !.pn = pn,
                        !.uncommittedPn = IF tells THEN told ELSE 0,
                        !.start = IF shared.values # <<>> THEN shared.start
                                  ELSE IF tells THEN Last(store) + 1 ELSE 0,
                        !.values = IF tells THEN Append(shared.values, store.accepted.value)
                                   ELSE shared.values]>>)

\* The committed values of a message that are new here, in one unbroken run.
NewValues(store, msg) ==
  IF msg.start = 0 \/ msg.start > Last(store) + 1 \/ msg.last <= Last(store) THEN <<>>
  ELSE SubSeq(msg.values, Last(store) + 2 - msg.start, msg.last + 1 - msg.start)

UncommittedOf(msg) ==
  [version |-> msg.last + 1, pn |-> msg.uncommittedPn, value |-> msg.values[Len(msg.values)]]

\* The value a peon tells of, if it can be the one that an earlier quorum committed.
Adopted(s, msg) ==
  LET known == s.uncommitted
  IN  IF /\ msg.uncommittedPn > 0
         /\ msg.last >= Last(s.store)
         /\ \/ known = NoUncommitted
            \/ /\ msg.uncommittedPn >= known.pn \/ Mutant("UncommittedPnIgnored")
               /\ msg.last + 1 >= known.version
      THEN UncommittedOf(msg)
      ELSE known

Everyone(m, s, lasts) ==
  \/ s.quorum \ {m} \subseteq lasts
  \/ Mutant("RecoveryWithoutAnswers")

Begin(m, s, value, mode) ==
  LET store == s.store
      pn == store.acceptedPn
      \* Ceph offers the first value of all with one more operation in front, each time it is offered.
      offered == IF Mutant("FirstValueTwice") /\ Last(store) = 0 /\ mode = "leader.updating-previous"
                 THEN value + 5000 ELSE value
      early == Mutant("OwnAcceptBeforeDisk")
      begins == ToEach(s.quorum \ {m},
                       LAMBDA n : [Blank("BEGIN", s.epoch) EXCEPT !.last = Last(store), !.pn = pn,
                                                                  !.start = Last(store) + 1,
                                                                  !.values = <<offered>>])
  IN  Step([s EXCEPT !.mode = mode,
                     !.store.accepted = [pn |-> pn, value |-> offered],
                     !.lasts = {},
                     !.peers = [n \in Ranks |-> NoPeer],
                     !.uncommitted = NoUncommitted,
                     !.acceptedBy = IF early THEN {m} ELSE {},
                     !.leaseAckedBy = {}],
           IF CephsWrites THEN <<Accept(pn, offered, s.epoch)>> \o begins
           ELSE begins \o <<Accept(pn, offered, s.epoch)>>)

\* Alone there is nobody to ask, and what was accepted may have been committed: a crash can lose the commit.
LeaderInit(m, s, e, quorum) ==
  LET begun == [s EXCEPT !.epoch = e, !.leader = m, !.quorum = quorum]
  IN  IF quorum # {m} THEN Collect(m, begun, 0)
      ELSE IF HasAccepted(s.store) /\ ~ Mutant("AloneWithoutRecovery")
           THEN Begin(m, begun, s.store.accepted.value, "leader.updating-previous")
      ELSE Step([begun EXCEPT !.mode = "leader.active"], <<>>)

\* Everybody has answered: offer what may have been committed, or end the round.
Recovered(m, s) ==
  IF s.uncommitted # NoUncommitted /\ s.uncommitted.version = Last(s.store) + 1
  THEN Begin(m, s, s.uncommitted.value, "leader.updating-previous")
  ELSE Step([s EXCEPT !.mode = "leader.refresh", !.lasts = {}, !.peers = [n \in Ranks |-> NoPeer],
                      !.uncommitted = NoUncommitted], <<>>)

\* After an answer whose committed values, if any, have been taken over.
Levelled(m, s, from, msg) ==
  LET store == s.store
      lasts == s.lasts \cup {from}
  IN  IF msg.pn > store.acceptedPn THEN Collect(m, s, msg.pn)
      ELSE IF msg.pn < store.acceptedPn THEN Step(s, <<>>)
      ELSE The({ IF Everyone(m, s, lasts) THEN Recovered(m, counted) ELSE Step(counted, <<>>)
                 : counted \in {[s EXCEPT !.lasts = lasts, !.uncommitted = Adopted(s, msg)]} })

\* What peons lack, to each that is known to be behind.
CatchUp(s) ==
  ToEach({ n \in Ranks : s.peers[n] # NoPeer /\ s.peers[n] < Last(s.store) },
         LAMBDA n : LET shared == Share(s.store, s.peers[n])
                    IN  [Blank("COMMIT", s.epoch) EXCEPT !.last = Last(s.store),
                                                         !.start = shared.start,
                                                         !.values = shared.values])

\* A peon needs what the leader has trimmed. Of three monitors the peon itself notices that first, in OnCollect.
IsLost(s, n) == s.store.first > 1 /\ s.peers[n] # NoPeer /\ s.peers[n] + 1 < s.store.first

Learned(s, from, msg, values) ==
  The({ [s EXCEPT !.store = store,
                  !.peers[from] = msg.last,
                  !.uncommitted = IF @.version <= Last(store) THEN NoUncommitted ELSE @]
        : store \in {Extend(s.store, values)} })

OnLast(m, s, from, msg) ==
  LET Writes(values) == IF values = <<>> THEN <<>> ELSE <<Learn(values)>>
      After(values, learned) ==
        IF \E n \in Ranks : IsLost(learned, n)
        THEN [Restart(m, learned) EXCEPT !.out = Writes(values) \o @]
        ELSE [Levelled(m, learned, from, msg) EXCEPT !.out = Writes(values) \o CatchUp(learned) \o @]
  IN  IF msg.first > Last(s.store) + 1 THEN Restart(m, s)
      ELSE The({ The({ After(values, learned) : learned \in {Learned(s, from, msg, values)} })
                 : values \in {NewValues(s.store, msg)} })

-----------------------------------------------------------------------------
(* Second phase *)

OnPropose(m, s, value) == Begin(m, s, value, "leader.updating")

\* The whole quorum has the value on disk: it is committed, and the commit is ordered.
Enough(s, acceptedBy) ==
  \/ acceptedBy = s.quorum
  \/ Mutant("P5") /\ Majority(acceptedBy)
  \/ Mutant("CommitAlone") /\ s.leader \in acceptedBy

Accepted(s, n) ==
  LET acceptedBy == s.acceptedBy \cup {n}
      writing == IF s.mode = "leader.updating" THEN "leader.writing" ELSE "leader.writing-previous"
  IN  IF ~ Enough(s, acceptedBy) THEN Step([s EXCEPT !.acceptedBy = acceptedBy], <<>>)
      ELSE Step([s EXCEPT !.mode = writing, !.acceptedBy = acceptedBy],
                <<Learn(<<s.store.accepted.value>>)>>)

OnAccept(s, from, msg) ==
  IF msg.pn = s.store.acceptedPn /\ msg.last = Last(s.store) THEN Accepted(s, from) ELSE Step(s, <<>>)

\* A peon that is not where the leader thinks leaves the quorum; Ceph's asserts that this does not happen.
OnBegin(m, s, from, msg) ==
  LET pn == IF Mutant("StaleBegin") THEN msg.pn ELSE s.store.acceptedPn
      value == msg.values[1]
      answer == [Blank("ACCEPT", msg.epoch) EXCEPT !.to = from, !.pn = pn, !.last = Last(s.store)]
      write == Accept(pn, value, 0)
  IN  IF msg.pn < pn THEN Step(s, <<>>)
      ELSE IF msg.pn # pn \/ msg.last # Last(s.store) THEN Restart(m, s)
      ELSE Step([s EXCEPT !.mode = "peon.updating",
                          !.store.accepted = [pn |-> pn, value |-> value],
                          !.lease = IF Mutant("LeaseKeptAtBegin") THEN @ ELSE FALSE],
                IF Mutant("AcceptBeforeDisk") THEN <<answer, write>> ELSE <<write, answer>>)

OnCommitWritten(m, s) ==
  LET value == s.store.accepted.value
      store == Extend(s.store, <<value>>)
  IN  Step([s EXCEPT !.mode = "leader.refresh", !.store = store, !.acceptedBy = {}, !.lease = FALSE],
           CommitMessages(m, s, s.store.acceptedPn, Last(store), value))

OnRefreshDone(m, s, newest) ==
  [ExtendLease(m, [s EXCEPT !.mode = "leader.active"], newest) EXCEPT !.ack = Last(s.store)]

OnCommit(s, msg) ==
  LET values == NewValues(s.store, msg)
  IN  Step([s EXCEPT !.store = Extend(@, values)],
           IF values = <<>> THEN <<>> ELSE <<Learn(values)>>)

OnLease(s, from, msg, newest) ==
  IF msg.last # Last(s.store) /\ ~ Mutant("LeaseForAnotherVersion") THEN Step(s, <<>>)
  ELSE Step([s EXCEPT !.mode = "peon.active", !.lease = Granted(s.epoch, newest)],
            <<[Blank("LEASE_ACK", s.epoch) EXCEPT !.to = from, !.first = s.store.first,
                                                  !.last = Last(s.store)]>>)

\* Which timers run follows from the mode.
Armed(m, timer) ==
  LET s == mon[m]
      alone == s.quorum = {m}
  IN  CASE timer = "collect" -> s.mode = "leader.recovering"
        [] timer = "accept" -> s.mode \in {"leader.updating", "leader.updating-previous"} /\ ~ alone
        [] timer = "leaseAck" -> s.mode = "leader.active" /\ ~ alone /\ s.leaseAckedBy # s.quorum
        [] timer = "leaseRenew" -> s.mode = "leader.active" /\ ~ alone
        [] timer = "lease" -> s.mode \in PeonModes /\ ~ (Mutant("LateLeaseTimer") /\ s.mode = "peon.recovering")

OnLeaseAck(m, s, from) ==
  IF Armed(m, "leaseAck") THEN Step([s EXCEPT !.leaseAckedBy = @ \cup {from}], <<>>) ELSE Step(s, <<>>)

-----------------------------------------------------------------------------
(* Running what a handler asks for *)

\* The place of the first durable write, 0 when there is none.
FirstDurable(box) ==
  IF \E i \in 1 .. Len(box) : IsWrite(box[i]) /\ box[i].durable
  THEN CHOOSE i \in 1 .. Len(box) : /\ IsWrite(box[i]) /\ box[i].durable
                                    /\ \A j \in 1 .. i - 1 : ~ (IsWrite(box[j]) /\ box[j].durable)
  ELSE 0

WritesOf(box) == SelectSeq(box, IsWrite)

\* Messages up to the first durable write, at `gate`, leave; the rest stays.
Leaving(box, gate) == IF gate = 0 THEN box ELSE SubSeq(box, 1, gate - 1)
Kept(box, gate) == WritesOf(Leaving(box, gate)) \o (IF gate = 0 THEN <<>> ELSE SubSeq(box, gate, Len(box)))
Joined(row, box, gate) ==
  [n \in Ranks |-> row[n] \o SelectSeq(Leaving(box, gate), LAMBDA item : ~ IsWrite(item) /\ item.to = n)]

\* Without the messages that their receivers ignore for ever.
Live(network, mons) ==
  IF KeepLate THEN network
  ELSE [m \in Ranks |-> [n \in Ranks |->
          SelectSeq(network[m][n], LAMBDA msg : msg.epoch = mons[n].epoch)]]

\* What an observer sees of the monitors' next states.
Observe(ack) ==
  /\ chosen' = IF \A m \in Ranks : Last(mon'[m].store) <= Len(chosen) THEN chosen
               ELSE mon'[CHOOSE m \in Ranks : Last(mon'[m].store) > Len(chosen)].store.log
  /\ acked' = IF ack > acked THEN ack ELSE acked
  /\ exposed' = Max({exposed, ack} \cup { IF Readable(mon'[m]) THEN Last(mon'[m].store) ELSE 0 : m \in Ranks })

\* Monitor m takes a step; `network` and `box` are what is left of what the event consumed.
Take(m, step, network, box) ==
  \E taken \in {step} : \E all \in {box \o taken.out} : \E gate \in {FirstDurable(all)} :
    /\ mon' = [mon EXCEPT ![m] = taken.mon]
    /\ outbox' = [outbox EXCEPT ![m] = Kept(all, gate)]
    /\ \E joined \in {[network EXCEPT ![m] = Joined(@, all, gate)]} : net' = Live(joined, mon')
    /\ Observe(taken.ack)

Bounds == <<elections, proposals, crashes, losses, renewals>>

Oldest(m, n) == Head(net[m][n])

\* The oldest message from m is one that n expects.
Arrives(m, n, op, modes) ==
  /\ net[m][n] # <<>>
  /\ Oldest(m, n).op = op
  /\ Oldest(m, n).epoch = mon[n].epoch \/ (Mutant("StaleBegin") /\ op = "BEGIN")
  /\ mon[n].mode \in modes

\* Monitor n handles it.
Handled(m, n, step) ==
  /\ Take(n, step, [net EXCEPT ![m][n] = Tail(@)], outbox[n])
  /\ UNCHANGED disk
  /\ UNCHANGED Bounds

-----------------------------------------------------------------------------
(* Actions *)

Newest == 2 * elections

Updating == {"leader.updating", "leader.updating-previous"}

HandleCollect(m, n) ==
  /\ Arrives(m, n, "COLLECT", PeonModes)
  /\ Handled(m, n, OnCollect(n, mon[n], m, Oldest(m, n)))
HandleLast(m, n) ==
  /\ Arrives(m, n, "LAST", {"leader.recovering"})
  /\ Handled(m, n, OnLast(n, mon[n], m, Oldest(m, n)))
HandleBegin(m, n) ==
  /\ Arrives(m, n, "BEGIN", PeonModes)
  /\ Handled(m, n, OnBegin(n, mon[n], m, Oldest(m, n)))
HandleAccept(m, n) ==
  /\ Arrives(m, n, "ACCEPT", Updating)
  /\ Handled(m, n, OnAccept(mon[n], m, Oldest(m, n)))
HandleCommit(m, n) ==
  /\ Arrives(m, n, "COMMIT", PeonModes)
  /\ Handled(m, n, OnCommit(mon[n], Oldest(m, n)))
HandleLease(m, n) ==
  /\ Arrives(m, n, "LEASE", PeonModes)
  /\ Handled(m, n, OnLease(mon[n], m, Oldest(m, n), Newest))
HandleLeaseAck(m, n) ==
  /\ Arrives(m, n, "LEASE_ACK", {"leader.active"})
  /\ Handled(m, n, OnLeaseAck(n, mon[n], m))

\* A message that the receiver's mode does not expect, or of another epoch, is ignored.
Expected(s, msg) ==
  /\ msg.epoch = s.epoch
  /\ CASE msg.op = "LAST" -> s.mode = "leader.recovering"
       [] msg.op = "ACCEPT" -> s.mode \in Updating
       [] msg.op = "LEASE_ACK" -> s.mode = "leader.active"
       [] OTHER -> s.mode \in PeonModes
Ignore(m, n) ==
  /\ net[m][n] # <<>>
  /\ ~ Expected(mon[n], Oldest(m, n))
  /\ net' = [net EXCEPT ![m][n] = Tail(@)]
  /\ UNCHANGED <<mon, disk, outbox, chosen, acked, exposed>>
  /\ UNCHANGED Bounds

\* Monitors' sessions are lossless; Ceph reckons with a lost BEGIN all the same.
Lose(m, n) ==
  /\ losses < MaxLosses
  /\ net[m][n] # <<>>
  /\ losses' = losses + 1
  /\ net' = [net EXCEPT ![m][n] = Tail(@)]
  /\ UNCHANGED <<mon, disk, outbox, chosen, acked, exposed>>
  /\ UNCHANGED <<elections, proposals, crashes, renewals>>

Propose(m, trims) ==
  /\ mon[m].mode = "leader.active"
  /\ proposals < MaxProposals
  /\ trims => Trims /\ Last(mon[m].store) > mon[m].store.first
  /\ proposals' = proposals + 1
  /\ LET id == proposals + 1
         value == IF trims THEN TrimValue(id, Last(mon[m].store)) ELSE id
     IN  Take(m, OnPropose(m, mon[m], value), net, outbox[m])
  /\ UNCHANGED <<disk, elections, crashes, losses, renewals>>

\* A store after all the writes among the first n items.
RECURSIVE WrittenAll(_, _, _)
WrittenAll(store, box, n) ==
  IF n = 0 THEN store
  ELSE The({ IF IsWrite(box[n]) THEN Written(before, box[n]) ELSE before
             : before \in {WrittenAll(store, box, n - 1)} })

\* Whether the end of this write is news for Paxos: the leader's own accept, of the round that it is in.
IsOwnAccept(s, w) ==
  /\ w.kind = "accept" /\ w.epoch # 0 /\ w.epoch = s.epoch
  /\ s.mode \in Updating

\* The oldest durable write, and with it all before it, is on disk.
Durable(m, own) ==
  \E box \in {outbox[m]} : \E end \in {FirstDurable(box)} :
    /\ end > 0
    /\ IsOwnAccept(mon[m], box[end]) = own
    /\ disk' = [disk EXCEPT ![m] = WrittenAll(@, box, end)]
    /\ Take(m, IF own THEN Accepted(mon[m], m) ELSE Step(mon[m], <<>>), net, SubSeq(box, end + 1, Len(box)))
    /\ UNCHANGED Bounds

\* The conjunctions here and below make TLC label the step with the action's own name.
BeginWritten(m) == outbox[m] # <<>> /\ Durable(m, TRUE)
Sync(m) == outbox[m] # <<>> /\ Durable(m, FALSE)

\* The commit is in the store, not necessarily on disk.
CommitWritten(m) ==
  /\ mon[m].mode \in {"leader.writing", "leader.writing-previous"}
  /\ Take(m, OnCommitWritten(m, mon[m]), net, outbox[m])
  /\ UNCHANGED disk
  /\ UNCHANGED Bounds

RefreshDone(m) ==
  /\ mon[m].mode = "leader.refresh"
  /\ Take(m, OnRefreshDone(m, mon[m], Newest), net, outbox[m])
  /\ UNCHANGED disk
  /\ UNCHANGED Bounds

LeaseRenewTimeout(m) ==
  /\ Armed(m, "leaseRenew")
  /\ renewals < MaxRenewals
  /\ renewals' = renewals + 1
  /\ Take(m, ExtendLease(m, mon[m], Newest), net, outbox[m])
  /\ UNCHANGED <<disk, elections, proposals, crashes, losses>>

\* A timer that calls for a bootstrap.
Bootstrap(m) ==
  /\ Take(m, Restart(m, mon[m]), net, outbox[m])
  /\ UNCHANGED disk
  /\ UNCHANGED Bounds

CollectTimeout(m) == Timeouts /\ Armed(m, "collect") /\ Bootstrap(m)
AcceptTimeout(m) == Timeouts /\ Armed(m, "accept") /\ Bootstrap(m)
LeaseAckTimeout(m) == Timeouts /\ Armed(m, "leaseAck") /\ Bootstrap(m)
LeaseTimeout(m) == Timeouts /\ Armed(m, "lease") /\ Bootstrap(m)

LeaseExpire(m) ==
  /\ Expiry
  /\ mon[m].lease
  /\ mon' = [mon EXCEPT ![m].lease = FALSE]
  /\ UNCHANGED <<disk, outbox, net, chosen, acked, exposed>>
  /\ UNCHANGED Bounds

\* The first `kept` of the ordered writes have reached the disk; the rest and all that waited is gone.
Crash(m, kept) ==
  /\ crashes < MaxCrashes
  /\ mon[m].mode # "electing" \/ outbox[m] # <<>>
  /\ kept <= Len(WritesOf(outbox[m]))
  /\ crashes' = crashes + 1
  /\ \E store \in {WrittenAll(disk[m], WritesOf(outbox[m]), kept)} :
       /\ disk' = [disk EXCEPT ![m] = store]
       /\ mon' = [mon EXCEPT ![m] = Electing(store)]
  /\ outbox' = [outbox EXCEPT ![m] = <<>>]
  /\ net' = [n \in Ranks |-> [net[n] EXCEPT ![m] = <<>>]]
  /\ Observe(0)
  /\ UNCHANGED <<elections, proposals, losses, renewals>>

\* A new leader and its quorum. Its members leave what they were doing first.
Elect(leader, quorum) ==
  /\ elections < Len(Elections)
  /\ <<leader, quorum>> \in Elections[elections + 1]
  /\ elections' = elections + 1
  /\ \E left \in {[m \in quorum |-> Restart(m, mon[m])]} :
     \E begun \in {[m \in quorum |->
                     IF m = leader THEN LeaderInit(m, left[m].mon, Newest + 2, quorum)
                     ELSE PeonInit(left[m].mon, Newest + 2, leader, quorum)]} :
     \E all \in {[m \in quorum |-> outbox[m] \o left[m].out \o begun[m].out]} :
     \E gate \in {[m \in quorum |-> FirstDurable(all[m])]} :
       /\ mon' = [m \in Ranks |-> IF m \in quorum THEN begun[m].mon
                                  ELSE [mon[m] EXCEPT !.lease = @ /\ LeasesOutlast]]
       /\ outbox' = [m \in Ranks |-> IF m \in quorum THEN Kept(all[m], gate[m]) ELSE outbox[m]]
       /\ \E joined \in {[m \in Ranks |-> IF m \in quorum THEN Joined(net[m], all[m], gate[m]) ELSE net[m]]} :
            net' = Live(joined, mon')
       /\ Observe(Max({ left[m].ack : m \in quorum }))
  /\ UNCHANGED <<disk, proposals, crashes, losses, renewals>>

-----------------------------------------------------------------------------

Init ==
  /\ mon = [m \in Ranks |-> Electing(EmptyStore)]
  /\ disk = [m \in Ranks |-> EmptyStore]
  /\ outbox = [m \in Ranks |-> <<>>]
  /\ net = [m \in Ranks |-> [n \in Ranks |-> <<>>]]
  /\ elections = 0
  /\ proposals = 0
  /\ crashes = 0
  /\ losses = 0
  /\ renewals = 0
  /\ chosen = <<>>
  /\ acked = 0
  /\ exposed = 0

\* More writes than a monitor ever has under way; see WritesAreFew.
MaxWrites == 4

Quorums == { q \in SUBSET Ranks : Majority(q) }

Next ==
  \/ \E m \in Ranks : \E q \in Quorums : Elect(m, q)
  \/ \E m, n \in Ranks : HandleCollect(m, n)
  \/ \E m, n \in Ranks : HandleLast(m, n)
  \/ \E m, n \in Ranks : HandleBegin(m, n)
  \/ \E m, n \in Ranks : HandleAccept(m, n)
  \/ \E m, n \in Ranks : HandleCommit(m, n)
  \/ \E m, n \in Ranks : HandleLease(m, n)
  \/ \E m, n \in Ranks : HandleLeaseAck(m, n)
  \/ \E m, n \in Ranks : Ignore(m, n)
  \/ \E m, n \in Ranks : Lose(m, n)
  \/ \E m \in Ranks : \E trims \in BOOLEAN : Propose(m, trims)
  \/ \E m \in Ranks : BeginWritten(m)
  \/ \E m \in Ranks : Sync(m)
  \/ \E m \in Ranks : CommitWritten(m)
  \/ \E m \in Ranks : RefreshDone(m)
  \/ \E m \in Ranks : LeaseRenewTimeout(m)
  \/ \E m \in Ranks : CollectTimeout(m)
  \/ \E m \in Ranks : AcceptTimeout(m)
  \/ \E m \in Ranks : LeaseAckTimeout(m)
  \/ \E m \in Ranks : LeaseTimeout(m)
  \/ \E m \in Ranks : LeaseExpire(m)
  \/ \E m \in Ranks : \E kept \in 0 .. MaxWrites : Crash(m, kept)

Spec == Init /\ [][Next]_vars
=============================================================================
