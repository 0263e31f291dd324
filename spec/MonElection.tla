---------------------------- MODULE MonElection ----------------------------
(***************************************************************************)
(* Who leads: the classic election between Ceph monitors, as             *)
(* src/election runs it.                                                  *)
(*                                                                        *)
(* Monitors are their ranks. The lowest rank that reaches a majority      *)
(* leads. Epochs are odd while an election runs and even while its quorum *)
(* stands. An epoch is written to the store before a message that carries *)
(* it leaves; the write is a step of its own, and a monitor goes on       *)
(* handling events while it is under way.                                 *)
(*                                                                        *)
(* The network is one queue for each direction of each connection:        *)
(* messages arrive in order, at any later time, and survive elections, so *)
(* there are late messages and stale leaders here. They are lost when a   *)
(* process at either end dies; otherwise monitors resend what a broken    *)
(* connection swallowed, and a loss counts among the troubles.            *)
(*                                                                        *)
(* Every handler below is a pure function of a monitor and an event that  *)
(* gives the monitor's next state and what it asks for, in order, as the  *)
(* code's `step` does. Probing, Paxos and leases are stood in for by      *)
(* Bootstrap and StartElection, which may happen at any time.             *)
(***************************************************************************)
EXTENDS Integers, Sequences, FiniteSets

CONSTANTS
  Size,        \* monitors in the map; ranks are 0 .. Size - 1
  MaxEpoch,    \* no action leads beyond this epoch
  MaxQueue,    \* messages under way from one monitor to another
  MaxWrites,   \* writes under way in one monitor
  MaxTroubles, \* deaths, returns to probing and timeouts, together
  MutantId     \* "none", or the name of a bug to put in

Ranks == 0 .. Size - 1
None == -1
Majority(voters) == Cardinality(voters) * 2 > Size

VARIABLES
  mon,     \* each monitor's volatile state, see Mon
  disk,    \* each monitor's epoch in the store, 0 when there is none
  outbox,  \* what each monitor has asked for and what has to wait for a write
  net,     \* net[m][n]: messages under way from m to n
  troubles \* how many of MaxTroubles have happened; only the bound reads it

vars == <<mon, disk, outbox, net, troubles>>

Modes == {"down", "probing", "candidate", "deferring", "leader", "peon"}
Mon == [mode : Modes,
        epoch : Nat,
        stored : Nat,            \* the last epoch handed to the store
        leaderAcked : Ranks \cup {None},
        ackedMe : SUBSET Ranks,
        leader : Ranks \cup {None},
        quorum : SUBSET Ranks]

Down == [mode |-> "down", epoch |-> 0, stored |-> 0, leaderAcked |-> None,
         ackedMe |-> {}, leader |-> None, quorum |-> {}]

IsOdd(e) == e % 2 = 1

\* What is asked for: writes, and messages with their receiver.
Write(e) == [kind |-> "write", epoch |-> e]
Message(kind, to, e, quorum) == [kind |-> kind, to |-> to, epoch |-> e, quorum |-> quorum]

RECURSIVE Ascending(_)
Ascending(set) ==
  IF set = {} THEN <<>>
  ELSE LET least == CHOOSE n \in set : \A o \in set : n <= o
       IN  <<least>> \o Ascending(set \ {least})

\* The sequence of F(n) for the ranks n in a set, ascending.
Each(set, F(_)) ==
  LET ranks == Ascending(set) IN [i \in 1 .. Len(ranks) |-> F(ranks[i])]

-----------------------------------------------------------------------------
(* Epochs *)

InitialEpoch(persisted) ==
  IF persisted = 0 THEN 1
  ELSE IF IsOdd(persisted) THEN persisted + 1
  ELSE persisted

\* The epoch in which a monitor stands that has seen `seen`.
CandidateEpoch(seen) ==
  IF MutantId = "StandAgainInSameEpoch" /\ IsOdd(seen) THEN seen
  ELSE LET e == InitialEpoch(seen) IN IF IsOdd(e) THEN e ELSE e + 1

-----------------------------------------------------------------------------
(* Handlers: [mon |-> next state of the monitor, out |-> what it asks for] *)

Same(s) == [mon |-> s, out |-> <<>>]

Bump(s, e) ==
  [s EXCEPT !.epoch = e, !.stored = e, !.ackedMe = {}, !.leader = None, !.quorum = {}]

\* Bumps and votes for itself.
Stand(m, s, seen) ==
  LET e == CandidateEpoch(seen)
      first == MutantId = "FirstEpochNotStored" /\ seen = 0
  IN  [mon |-> [Bump(s, e) EXCEPT !.mode = "candidate", !.leaderAcked = None, !.ackedMe = {m},
                                  !.stored = IF first THEN 0 ELSE e],
       out |-> (IF first THEN <<>> ELSE <<Write(e)>>)
               \o Each(Ranks \ {m}, LAMBDA n : Message("propose", n, e, {}))]

Defer(s, to, writes) ==
  [mon |-> [s EXCEPT !.mode = "deferring", !.leaderAcked = to, !.ackedMe = {}],
   out |-> writes \o <<Message("ack", to, s.epoch, {})>>]

\* A candidate that hears another's lesser proposal proposes to it once more, unless it has voted: a
\* monitor that was probing when the first proposal came has let it pass. While the epoch is on its
\* way to the disk, so is the first proposal.
Remind(m, s, from) ==
  IF s.mode # "candidate" \/ from \in s.ackedMe \/ disk[m] # s.epoch \/ MutantId = "ProposesOnce"
  THEN Same(s)
  ELSE [mon |-> s, out |-> <<Message("propose", from, s.epoch, {})>>]

\* What a monitor does with a proposal that is not old.
Vote(m, s, from, e) ==
  LET joined == IF e > s.epoch THEN Bump(s, e) ELSE s
      writes == IF e > s.epoch THEN <<Write(e)>> ELSE <<>>
      better == s.leaderAcked = None \/ from <= s.leaderAcked \/ MutantId = "VoteForAnybody"
  IN  IF m < from
      THEN IF s.leaderAcked # None THEN [mon |-> joined, out |-> writes]
           ELSE IF s.mode = "candidate" /\ e <= s.epoch THEN Remind(m, s, from)
           ELSE Stand(m, s, IF e > s.epoch THEN e ELSE s.stored)
      ELSE IF better THEN Defer(joined, from, writes)
           ELSE [mon |-> joined, out |-> writes]

OnPropose(m, s, from, e) ==
  LET calls == ~ IsOdd(s.epoch) /\ from \notin s.quorum
  IN  IF s.mode = "probing" THEN Same(s)
      ELSE IF e < s.epoch
      THEN IF ~ calls THEN Remind(m, s, from)
           ELSE IF MutantId = "OldProposeIsAnsweredToo" /\ from < m
           THEN LET stood == Stand(m, s, s.stored)
                IN  [mon |-> Defer(stood.mon, from, <<>>).mon,
                     out |-> stood.out \o Defer(s, from, <<>>).out]
           ELSE Stand(m, s, s.stored)
      ELSE Vote(m, s, from, e)

Lead(m, s) ==
  LET e == s.epoch + 1
      q == s.ackedMe
  IN  [mon |-> [Bump(s, e) EXCEPT !.mode = "leader", !.leaderAcked = None,
                                  !.leader = m, !.quorum = q],
       out |-> <<Write(e)>> \o Each(q \ {m}, LAMBDA n : Message("victory", n, e, q))]

OnAck(m, s, from, e) ==
  LET counts == e = s.epoch \/ (MutantId = "LateAckCounts" /\ e < s.epoch)
      voters == s.ackedMe \cup {from}
      counted == [s EXCEPT !.ackedMe = voters]
  IN  IF s.mode # "candidate" \/ ~ counts THEN Same(s)
      ELSE IF voters = Ranks THEN Lead(m, counted)
      ELSE Same(counted)

OnVictory(m, s, from, e, q) ==
  IF s.mode = "probing" \/ e < s.epoch \/ from > m THEN Same(s)
  ELSE IF e = s.epoch + 1 \/ MutantId = "AnyVictoryIsFollowed"
  THEN [mon |-> [Bump(s, e) EXCEPT !.mode = "peon", !.leaderAcked = None,
                                   !.leader = from, !.quorum = q],
        out |-> <<Write(e)>>]
  ELSE Stand(m, s, e)

Left(s) == [s EXCEPT !.mode = "probing", !.leaderAcked = None, !.ackedMe = {},
                     !.leader = None, !.quorum = {}]

OnTimeout(m, s, hasEverJoined) ==
  LET enough == IF MutantId = "MinorityLeads" THEN TRUE ELSE Majority(s.ackedMe)
  IN  IF s.mode = "candidate" /\ enough THEN Lead(m, s)
      ELSE IF hasEverJoined THEN Stand(m, s, s.stored)
      ELSE Same(Left(s))

OnRestart(persisted) ==
  LET p == IF MutantId = "RestartForgetsEpoch" THEN 0 ELSE persisted
      e == InitialEpoch(p)
  IN  [mon |-> [Down EXCEPT !.mode = "probing", !.epoch = e,
                            !.stored = IF p = 0 THEN 0 ELSE e],
       out |-> IF p # 0 /\ p # e THEN <<Write(e)>> ELSE <<>>]

OnStandaloneVictory(m, s) ==
  LET e == InitialEpoch(s.stored) + 1
  IN  [mon |-> [Bump(s, e) EXCEPT !.mode = "leader", !.leader = m, !.quorum = {m}],
       out |-> <<Write(e)>>]

-----------------------------------------------------------------------------
(* The store and the network *)

IsWrite(item) == item.kind = "write"

Writes(box) == SelectSeq(box, IsWrite)

RECURSIVE Ready(_)
\* The messages of an outbox that no write is before.
Ready(box) ==
  IF box = <<>> \/ (IsWrite(Head(box)) /\ MutantId # "SendBeforeStored") THEN <<>>
  ELSE IF IsWrite(Head(box)) THEN Ready(Tail(box))
  ELSE <<Head(box)>> \o Ready(Tail(box))

RECURSIVE Waiting(_)
Waiting(box) ==
  IF MutantId = "SendBeforeStored" THEN Writes(box)
  ELSE IF box = <<>> \/ IsWrite(Head(box)) THEN box
  ELSE Waiting(Tail(box))

Deliverable(m, queues, box) ==
  [n \in Ranks |->
     queues[n] \o LET for(item) == item.to = n
                      mine == SelectSeq(Ready(box), for)
                  IN  [i \in 1 .. Len(mine) |->
                         [kind |-> mine[i].kind, epoch |-> mine[i].epoch,
                          quorum |-> mine[i].quorum]]]

\* m takes the step `done`, with `queues` as the network before its messages join it. The choices
\* from one value make TLC compute that value once.
Take(m, done, queues) ==
  \E step \in {done} : \E box \in {outbox[m] \o step.out} : \E sent \in {Deliverable(m, queues[m], box)} :
    /\ step.mon.epoch <= MaxEpoch
    /\ Len(Writes(box)) <= MaxWrites
    /\ \A n \in Ranks : Len(sent[n]) <= MaxQueue
    /\ mon' = [mon EXCEPT ![m] = step.mon]
    /\ outbox' = [outbox EXCEPT ![m] = Waiting(box)]
    /\ net' = [queues EXCEPT ![m] = sent]

Received(from, to) == [net EXCEPT ![from][to] = Tail(net[from][to])]

IsNext(from, to, kind) ==
  /\ mon[to].mode # "down"
  /\ net[from][to] # <<>>
  /\ Head(net[from][to]).kind = kind

\* One more of what MaxTroubles bounds.
Trouble ==
  /\ troubles < MaxTroubles
  /\ troubles' = troubles + 1

-----------------------------------------------------------------------------
(* Actions *)

Restart(m) ==
  /\ mon[m].mode = "down"
  /\ Take(m, OnRestart(disk[m]), net)
  /\ UNCHANGED <<disk, troubles>>

\* The process ends, politely or not. Of its writes under way the first `done` are on disk
\* although nobody was told.
Shutdown(m, done) ==
  /\ mon[m].mode # "down"
  /\ Trouble
  /\ done <= Len(Writes(outbox[m]))
  /\ mon' = [mon EXCEPT ![m] = Down]
  /\ disk' = IF done = 0 THEN disk
             ELSE [disk EXCEPT ![m] = Writes(outbox[m])[done].epoch]
  /\ outbox' = [outbox EXCEPT ![m] = <<>>]
  /\ UNCHANGED net

EpochPersisted(m) ==
  /\ outbox[m] # <<>>
  /\ disk' = [disk EXCEPT ![m] = Head(outbox[m]).epoch]
  /\ \E box \in {Tail(outbox[m])} : \E sent \in {Deliverable(m, net[m], box)} :
       /\ \A n \in Ranks : Len(sent[n]) <= MaxQueue
       /\ outbox' = [outbox EXCEPT ![m] = Waiting(box)]
       /\ net' = [net EXCEPT ![m] = sent]
  /\ UNCHANGED <<mon, troubles>>

Bootstrap(m) ==
  /\ mon[m].mode \notin {"down", "probing"}
  /\ Trouble
  /\ Take(m, Same(Left(mon[m])), net)
  /\ UNCHANGED disk

StartElection(m) ==
  /\ Size > 1
  /\ mon[m].mode = "probing"
  /\ Take(m, Stand(m, mon[m], mon[m].stored), net)
  /\ UNCHANGED <<disk, troubles>>

StandaloneVictory(m) ==
  /\ Size = 1
  /\ mon[m].mode = "probing"
  /\ Take(m, OnStandaloneVictory(m, mon[m]), net)
  /\ UNCHANGED <<disk, troubles>>

ReceivePropose(from, to) ==
  /\ IsNext(from, to, "propose")
  /\ Take(to, OnPropose(to, mon[to], from, Head(net[from][to]).epoch), Received(from, to))
  /\ UNCHANGED <<disk, troubles>>

ReceiveAck(from, to) ==
  /\ IsNext(from, to, "ack")
  /\ Take(to, OnAck(to, mon[to], from, Head(net[from][to]).epoch), Received(from, to))
  /\ UNCHANGED <<disk, troubles>>

ReceiveVictory(from, to) ==
  /\ IsNext(from, to, "victory")
  /\ LET head == Head(net[from][to])
     IN  Take(to, OnVictory(to, mon[to], from, head.epoch, head.quorum), Received(from, to))
  /\ UNCHANGED <<disk, troubles>>

ElectionTimeout(m, hasEverJoined) ==
  /\ mon[m].mode \in {"candidate", "deferring"}
  /\ Trouble
  /\ Take(m, OnTimeout(m, mon[m], hasEverJoined), net)
  /\ UNCHANGED disk

\* What was under way on a connection may never arrive when a process at either end has died; and
\* sometimes, when the survivor learns of it late, messages that were sent after the restart go too.
LoseConnection(from, to) ==
  /\ net[from][to] # <<>>
  /\ IF mon[from].mode = "down" \/ mon[to].mode = "down" THEN UNCHANGED troubles ELSE Trouble
  /\ net' = [net EXCEPT ![from][to] = <<>>]
  /\ UNCHANGED <<mon, disk, outbox>>

Init ==
  /\ mon = [m \in Ranks |-> Down]
  /\ disk = [m \in Ranks |-> 0]
  /\ outbox = [m \in Ranks |-> <<>>]
  /\ net = [m \in Ranks |-> [n \in Ranks |-> <<>>]]
  /\ troubles = 0

Next ==
  \/ \E m \in Ranks : Restart(m)
  \/ \E m \in Ranks : \E done \in 0 .. MaxWrites : Shutdown(m, done)
  \/ \E m \in Ranks : EpochPersisted(m)
  \/ \E m \in Ranks : Bootstrap(m)
  \/ \E m \in Ranks : StartElection(m)
  \/ \E m \in Ranks : StandaloneVictory(m)
  \/ \E from, to \in Ranks : ReceivePropose(from, to)
  \/ \E from, to \in Ranks : ReceiveAck(from, to)
  \/ \E from, to \in Ranks : ReceiveVictory(from, to)
  \/ \E m \in Ranks : \E hasEverJoined \in BOOLEAN : ElectionTimeout(m, hasEverJoined)
  \/ \E from, to \in Ranks : LoseConnection(from, to)

Spec == Init /\ [][Next]_vars

=============================================================================
