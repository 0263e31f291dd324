---------------------------- MODULE MCMonPaxos -----------------------------
(* What must hold of MonPaxos, and what must be reachable in it. *)
EXTENDS MonPaxos, TLC

CONSTANT Schedule  \* which elections there are

AnyElection == { <<l, q>> \in Ranks \X Quorums : l \in q }
Pairs == { <<l, q>> \in AnyElection : Cardinality(q) = 2 }
Full == { <<l, Ranks>> : l \in Ranks }

MCElections ==
  CASE Schedule = "one" -> << { <<0, Ranks>> } >>
    [] Schedule = "single" -> << { <<0, {0}>> }, { <<0, {0}>> } >>
    [] Schedule = "two" -> << { <<0, Ranks>> }, AnyElection >>
    [] Schedule = "any" -> << AnyElection, AnyElection >>
    [] Schedule = "pairs" -> << { <<0, {0, 1}>>, <<1, {0, 1}>> }, Pairs >>
    [] Schedule = "three" ->
         << { <<0, {0, 1}>> }, { <<1, {1, 2}>>, <<2, {1, 2}>>, <<2, {0, 2}>> }, AnyElection >>
    [] Schedule = "rivals" -> << { <<0, {0, 1}>> }, { <<2, {1, 2}>> }, { <<1, {0, 1}>>, <<1, Ranks>> } >>
    [] Schedule = "overtaken" -> << { <<0, {0, 1}>> }, { <<0, Ranks>>, <<0, {0, 2}>> } >>
    [] Schedule = "interrupted" -> << { <<0, {0, 1}>> }, { <<1, {0, 1}>> }, { <<0, {0, 1}>> } >>
    [] Schedule = "outnumbered" -> << { <<1, {1, 2}>> }, { <<0, Ranks>> } >>
    [] Schedule = "laggard" -> << { <<0, {0, 1}>> }, { <<0, {0, 2}>>, <<2, {1, 2}>> } >>
    [] Schedule = "forgotten" -> << { <<2, {0, 2}>> }, { <<1, {1, 2}>> }, { <<2, {0, 2}>> } >>

-----------------------------------------------------------------------------
(* Safety *)

Stores == [first : Nat, lastPn : Nat, acceptedPn : Nat, log : Seq(Nat), accepted : [pn : Nat, value : Nat]]
Mons ==
  [mode : Modes, epoch : Nat, leader : Ranks \cup {None}, quorum : SUBSET Ranks, store : Stores,
   lasts : SUBSET Ranks, peers : [Ranks -> Nat \cup {NoPeer}],
   uncommitted : [version : Nat, pn : Nat, value : Nat],
   acceptedBy : SUBSET Ranks, leaseAckedBy : SUBSET Ranks, lease : BOOLEAN]
Messages ==
  [kind : {"message"}, op : {"COLLECT", "LAST", "BEGIN", "ACCEPT", "COMMIT", "LEASE", "LEASE_ACK"}, epoch : Nat,
   to : Ranks, first : Nat, last : Nat, pn : Nat, uncommittedPn : Nat, start : Nat, values : Seq(Nat)]

TypeOK ==
  \A m \in Ranks :
    /\ mon[m] \in Mons
    /\ disk[m] \in Stores
    /\ \A i \in DOMAIN outbox[m] : IsWrite(outbox[m][i]) \/ outbox[m][i] \in Messages
    /\ \A n \in Ranks : \A i \in DOMAIN net[m][n] : net[m][n][i] \in Messages /\ net[m][n][i].to = n
    /\ mon[m].store.first <= Last(mon[m].store)
    /\ disk[m].first <= Last(disk[m])
    /\ mon[m].lasts \subseteq mon[m].quorum
    /\ mon[m].acceptedBy \subseteq mon[m].quorum
    /\ mon[m].leaseAckedBy \subseteq mon[m].quorum

\* Crash takes every possible number of them into account.
WritesAreFew == \A m \in Ranks : Len(WritesOf(outbox[m])) <= MaxWrites

\* A mode and its working sets.
ModesAreWhole ==
  \A m \in Ranks :
    LET s == mon[m]
        updates == {"leader.updating", "leader.updating-previous",
                    "leader.writing", "leader.writing-previous"}
    IN  /\ s.mode = "electing" => s = Electing(s.store)
        /\ s.mode # "electing" => m \in s.quorum /\ s.leader \in s.quorum /\ Majority(s.quorum)
        /\ s.mode \in LeaderModes <=> s.leader = m
        /\ s.mode # "leader.recovering" =>
             s.lasts = {} /\ s.peers = [n \in Ranks |-> NoPeer] /\ s.uncommitted = NoUncommitted
        /\ s.mode \notin updates => s.acceptedBy = {}
        /\ s.mode \in updates => HasAccepted(s.store)
        /\ s.mode # "leader.active" => s.leaseAckedBy = {}

IsPrefix(a, b) == Len(a) <= Len(b) /\ a = SubSeq(b, 1, Len(a))

\* S1: one value for a version, whoever committed it, whenever.
OneValue == \A m \in Ranks : IsPrefix(mon[m].store.log, chosen) /\ IsPrefix(disk[m].log, chosen)

Holds(store, v, value) ==
  \/ Last(store) >= v /\ store.log[v] = value
  \/ Last(store) = v - 1 /\ store.accepted.value = value

\* S2: what is committed is on the disks of a majority, whatever the rest of the memories forgets.
CommittedIsOnDisks ==
  \A v \in 1 .. Len(chosen) : Majority({ m \in Ranks : Holds(disk[m], v, chosen[v]) })

Recovered_ == {"leader.refresh", "leader.active", "leader.updating", "leader.writing"}

\* S2, S5: whoever leads the newest quorum and has recovered has all that was ever committed.
LeaderHasAll ==
  \A m \in Ranks : (mon[m].mode \in Recovered_ /\ mon[m].epoch = Newest) =>
    /\ mon[m].store.log = chosen
    /\ Last(mon[m].store) >= acked

\* S3: who may answer reads has everything that anybody has seen.
NoStaleRead == \A m \in Ranks : Readable(mon[m]) => Last(mon[m].store) >= exposed

OwnerOf(pn) == pn % 100

\* S6: a leader's number is its own and the last it made; nobody has promised a number that its maker may forget.
NumbersAreOwned ==
  \A m \in Ranks :
    /\ mon[m].mode \in LeaderModes /\ mon[m].quorum # {m} =>
         OwnerOf(mon[m].store.acceptedPn) = m /\ mon[m].store.acceptedPn = mon[m].store.lastPn
    /\ \A n \in Ranks \ {m} :
         OwnerOf(mon[n].store.acceptedPn) = m => mon[n].store.acceptedPn <= disk[m].lastPn

\* S6: a value is accepted under a number that was promised, also after a crash.
AcceptedUnderPromise ==
  \A m \in Ranks : /\ mon[m].store.accepted.pn <= mon[m].store.acceptedPn
                   /\ disk[m].accepted.pn <= disk[m].acceptedPn

\* S6: of two leaders none has the other's number.
NumbersDiffer ==
  \A m, n \in Ranks : (m # n /\ mon[m].mode \in LeaderModes /\ mon[n].mode \in LeaderModes) =>
    mon[m].store.acceptedPn # mon[n].store.acceptedPn \/ mon[m].store.acceptedPn = 0

\* Messages that are about to be handled.
Arriving(m, n, op) ==
  net[m][n] # <<>> /\ Head(net[m][n]).op = op /\ Head(net[m][n]).epoch = mon[n].epoch

Led(m, n) == mon[n].mode \in PeonModes /\ mon[n].leader = m

\* S7: leaders' messages reach their peons only, and peons' their leader only.
MessagesFitRoles ==
  \A m, n \in Ranks : (net[m][n] # <<>> /\ Head(net[m][n]).epoch = mon[n].epoch) =>
    IF Head(net[m][n]).op \in {"COLLECT", "BEGIN", "COMMIT", "LEASE"} THEN Led(m, n)
    ELSE mon[n].mode \in LeaderModes /\ m \in mon[n].quorum

\* S7: what Ceph's peon asserts of a BEGIN that it does not ignore.
BeginFits ==
  \A m, n \in Ranks : Arriving(m, n, "BEGIN") =>
    LET msg == Head(net[m][n]) IN
      \/ msg.pn < mon[n].store.acceptedPn
      \/ msg.pn = mon[n].store.acceptedPn /\ msg.last = Last(mon[n].store)

\* S7, G13: what Ceph's leader asserts of an ACCEPT that it does not ignore: it is updating, not writing, and the
\* sender has not accepted before.
AcceptFits ==
  \A m, n \in Ranks : Arriving(m, n, "ACCEPT") =>
    LET msg == Head(net[m][n])
        s == mon[n]
    IN  \/ msg.pn # s.store.acceptedPn
        \/ msg.last < Last(s.store) - 1
        \/ /\ s.mode \in {"leader.updating", "leader.updating-previous"}
           /\ msg.last = Last(s.store)
           /\ m \notin s.acceptedBy

\* An answer comes while it is awaited, also one for an earlier number.
LastFits == \A m, n \in Ranks : Arriving(m, n, "LAST") => mon[n].mode = "leader.recovering"

\* S10: what a COMMIT brings continues what the peon has.
CommitFits ==
  \A m, n \in Ranks : Arriving(m, n, "COMMIT") => Head(net[m][n]).start <= Last(mon[n].store) + 1

\* S6, of steps: no store forgets a promise or a number.
PromisesGrow ==
  [][ \A m \in Ranks : disk[m].acceptedPn <= disk'[m].acceptedPn /\ disk[m].lastPn <= disk'[m].lastPn ]_vars

\* S1, S2, of steps: what was committed stays.
ChosenGrows == [][ IsPrefix(chosen, chosen') ]_vars

-----------------------------------------------------------------------------
(* Reachability: each of these must be violated by the models that name it, or they are empty *)

Witness_TwoVersions == ~ \E m \in Ranks : mon[m].mode = "leader.active" /\ Last(mon[m].store) = 2
Witness_AllReadable == ~ \A m \in Ranks : Readable(mon[m])
Witness_OfferedAgain == ~ \E m \in Ranks : mon[m].mode = "leader.writing-previous"
\* A leader that has not heard of its successor commits.
Witness_StaleLeaderCommits == ~ \E m \in Ranks : mon[m].mode = "leader.refresh" /\ mon[m].epoch < Newest
\* Two leaders at work.
Witness_TwoLeaders ==
  ~ \E m, n \in Ranks : /\ mon[m].mode = "leader.updating" /\ mon[n].mode \in Recovered_
                        /\ mon[m].epoch < mon[n].epoch
Witness_CatchUp == ~ \E m, n \in Ranks : Arriving(m, n, "COMMIT") /\ Head(net[m][n]).pn = 0
Witness_NothingNewInCommit ==
  ~ \E m, n \in Ranks : Arriving(m, n, "COMMIT") /\ Head(net[m][n]).last <= Last(mon[n].store)
Witness_LeaderLearns ==
  ~ \E m, n \in Ranks : Arriving(m, n, "LAST") /\ Head(net[m][n]).last > Last(mon[n].store)
Witness_HigherNumber ==
  ~ \E m, n \in Ranks : Arriving(m, n, "LAST") /\ Head(net[m][n]).pn > mon[n].store.acceptedPn
Witness_AnswerToOldNumber ==
  ~ \E m, n \in Ranks : Arriving(m, n, "LAST") /\ Head(net[m][n]).pn < mon[n].store.acceptedPn
Witness_UncommittedTold ==
  ~ \E m, n \in Ranks : Arriving(m, n, "LAST") /\ Head(net[m][n]).uncommittedPn > 0
\* A committed value that its leader's disk knows only as accepted.
Witness_CommitLost ==
  ~ \E m \in Ranks : /\ mon[m].mode = "electing" /\ Last(mon[m].store) < acked
                     /\ mon[m].store.accepted.value = chosen[acked]
Witness_OwnDiskLast ==
  ~ \E m \in Ranks : mon[m].mode = "leader.updating" /\ mon[m].acceptedBy = mon[m].quorum \ {m}
Witness_LeaseOfAnotherVersion ==
  ~ \E m, n \in Ranks : Arriving(m, n, "LEASE") /\ Head(net[m][n]).last # Last(mon[n].store)
\* Somebody is so far behind that the values it needs are gone.
Witness_TooFarBehind ==
  ~ \E m, n \in Ranks :
      \/ Arriving(m, n, "COLLECT") /\ Head(net[m][n]).first > Last(mon[n].store) + 1
      \/ Arriving(m, n, "LAST") /\ Head(net[m][n]).first > Last(mon[n].store) + 1

\* One run finds them all: TLC prints the name of each in the first state that violates it.
ASSUME \A i \in 1 .. 15 : TLCSet(i, FALSE)
Reached(i, name, never) == never \/ TLCGet(i) \/ (TLCSet(i, TRUE) /\ PrintT(name))
Reachability ==
  /\ Reached(1, "Witness_TwoVersions", Witness_TwoVersions)
  /\ Reached(2, "Witness_AllReadable", Witness_AllReadable)
  /\ Reached(3, "Witness_OfferedAgain", Witness_OfferedAgain)
  /\ Reached(4, "Witness_StaleLeaderCommits", Witness_StaleLeaderCommits)
  /\ Reached(5, "Witness_TwoLeaders", Witness_TwoLeaders)
  /\ Reached(6, "Witness_CatchUp", Witness_CatchUp)
  /\ Reached(7, "Witness_NothingNewInCommit", Witness_NothingNewInCommit)
  /\ Reached(8, "Witness_LeaderLearns", Witness_LeaderLearns)
  /\ Reached(9, "Witness_HigherNumber", Witness_HigherNumber)
  /\ Reached(10, "Witness_AnswerToOldNumber", Witness_AnswerToOldNumber)
  /\ Reached(11, "Witness_UncommittedTold", Witness_UncommittedTold)
  /\ Reached(12, "Witness_CommitLost", Witness_CommitLost)
  /\ Reached(13, "Witness_OwnDiskLast", Witness_OwnDiskLast)
  /\ Reached(14, "Witness_LeaseOfAnotherVersion", Witness_LeaseOfAnotherVersion)
  /\ Reached(15, "Witness_TooFarBehind", Witness_TooFarBehind)

-----------------------------------------------------------------------------
(* Liveness: something that can happen does, until nothing can *)

LiveSpec == Spec /\ WF_vars(Next)

Members == { m \in Ranks : mon[m].epoch = Newest }

\* L3: the newest quorum comes to rest, all level, every member reading, every value of its own acknowledged.
AtRest ==
  /\ Majority(Members)
  /\ \A m \in Members : /\ mon[m].mode \in {"leader.active", "peon.active"}
                         /\ mon[m].store.log = chosen
                         /\ chosen # <<>> => Readable(mon[m])
  /\ acked = Len(chosen)
Settles == <>[] AtRest

\* L3: in a quorum that nothing ends, what is offered is committed and acknowledged.
Commits == \A n \in 1 .. MaxProposals : (proposals >= n) ~> (acked >= n)

\* L6: peons of the one quorum there is leave it when its leader has died.
PeonsNotice ==
  (elections = 1 /\ mon[0].mode = "electing") ~> (\A m \in Ranks : mon[m].mode = "electing")
=============================================================================
