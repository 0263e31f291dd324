--------------------------- MODULE MCMonElection ---------------------------
(* What must hold of MonElection, and what must be reachable in it. *)
EXTENDS MonElection, TLC

CONSTANT Absent  \* monitors that never start; only LiveSpec reads it

Kinds == {"propose", "ack", "victory"}

\* P(sender, receiver, message) of every message that has left its sender.
EveryInFlight(P(_, _, _)) ==
  \A m, n \in Ranks : \A i \in DOMAIN net[m][n] : P(m, n, net[m][n][i])

\* The same of those that wait behind a write too.
Every(P(_, _, _)) ==
  /\ EveryInFlight(P)
  /\ \A m \in Ranks : \A i \in DOMAIN outbox[m] :
       ~ IsWrite(outbox[m][i]) => P(m, outbox[m][i].to, outbox[m][i])

Electing(m) == mon[m].mode \in {"candidate", "deferring"}
Stable(m) == mon[m].mode \in {"leader", "peon"}

-----------------------------------------------------------------------------
(* Safety *)

TypeOK ==
  /\ mon \in [Ranks -> Mon]
  /\ disk \in [Ranks -> Nat]
  /\ \A m \in Ranks : \A i \in 1 .. Len(outbox[m]) : outbox[m][i].kind \in Kinds \cup {"write"}
  /\ Every(LAMBDA from, to, msg : msg.kind \in Kinds /\ to \in Ranks \ {from})

\* Whoever leads in an epoch, as far as anybody alive knows.
LeadersOf(e) == { mon[m].leader : m \in { n \in Ranks : Stable(n) /\ mon[n].epoch = e } }

\* S4. It does not hold, in Ceph as here: a voter may change its vote for a lower rank in the same
\* epoch, and both candidates may count it. Such leaders share no peon (OneLeaderEach), and Paxos,
\* whose numbers are unique to an owner, lets only one of them commit. The manifest expects the
\* violation.
AtMostOneLeader == \A e \in 0 .. MaxEpoch : Cardinality(LeadersOf(e)) <= 1

\* S9: odd while electing, even while a quorum stands.
OddWhileElecting ==
  Size > 1 => \A m \in Ranks : /\ Electing(m) => IsOdd(mon[m].epoch)
                               /\ Stable(m) => ~ IsOdd(mon[m].epoch)

\* S9: what has left a monitor is on its disk.
SentIsStored == EveryInFlight(LAMBDA from, to, msg : msg.epoch <= disk[from])

\* S9: the store is never ahead of the monitor, and holds what it was last given.
StoreFollowsEpoch ==
  \A m \in Ranks : mon[m].mode # "down" =>
    /\ disk[m] <= mon[m].epoch
    /\ mon[m].stored \in {0, mon[m].epoch}
    /\ Writes(outbox[m]) = <<>> => disk[m] = mon[m].stored

\* S7: the candidate asserts that a vote is not for an epoch beyond its own.
VoteNeverAhead ==
  Every(LAMBDA from, to, msg : msg.kind = "ack" => IsOdd(msg.epoch) /\ msg.epoch <= disk[to])

\* S7: proposals carry odd epochs.
ProposalsAreOdd == Every(LAMBDA from, to, msg : msg.kind = "propose" => IsOdd(msg.epoch))

\* S7: the receiver of a victory asserts that the winner's rank is lower than its own.
VictoryFromLowerRank ==
  Every(LAMBDA from, to, msg :
          msg.kind = "victory" => /\ from < to
                                  /\ {from, to} \subseteq msg.quorum
                                  /\ ~ IsOdd(msg.epoch))

\* S7: a vote goes to a lower rank, and an election has exactly one of the two parts.
ModesAreWhole ==
  \A m \in Ranks :
    LET s == mon[m]
    IN  /\ s.mode = "deferring" <=> s.leaderAcked # None
        /\ s.mode = "deferring" => s.leaderAcked < m /\ s.ackedMe = {}
        /\ s.mode = "candidate" <=> s.ackedMe # {}
        /\ s.mode = "candidate" => m \in s.ackedMe
        /\ s.mode = "leader" <=> s.leader = m
        /\ s.mode = "peon" <=> s.leader \notin {None, m}
        /\ Stable(m) <=> s.quorum # {}

\* S5: two quorums share a monitor, and a quorum holds its leader and its member.
QuorumIsMajority ==
  \A m \in Ranks : Stable(m) => /\ Majority(mon[m].quorum)
                                /\ {m, mon[m].leader} \subseteq mon[m].quorum

\* A candidate's voters have voted in its epoch: none of them can have forgotten it.
VotersHaveStored ==
  \A m \in Ranks : \A n \in mon[m].ackedMe \ {m} : mon[m].epoch <= disk[n]

\* S9, as a property of steps: neither the store nor a running monitor goes back.
EpochsGrow ==
  [][ \A m \in Ranks : /\ disk[m] <= disk'[m]
                       /\ (mon[m].mode # "down" /\ mon'[m].mode # "down")
                            => mon[m].epoch <= mon'[m].epoch ]_vars

\* A monitor that serves in an epoch has one leader and one quorum in it, until it is down.
OneLeaderEach ==
  [][ \A m \in Ranks :
        (Stable(m) /\ Stable(m)' /\ mon[m].epoch = mon'[m].epoch)
           => mon[m] = mon'[m] ]_vars

\* A vote changes within an epoch only for a lower rank.
VotesImprove ==
  [][ \A m \in Ranks :
        (mon[m].mode = "deferring" /\ mon'[m].mode = "deferring" /\ mon[m].epoch = mon'[m].epoch)
           => mon'[m].leaderAcked <= mon[m].leaderAcked ]_vars

\* S9: whoever stands, stands in an epoch that its store has never held.
CandidaciesAreNew ==
  [][ \A m \in Ranks :
        (mon'[m].mode = "candidate" /\ mon[m].mode # "candidate")
           => mon'[m].stored > mon[m].stored ]_vars

-----------------------------------------------------------------------------
(* Reachability: each of these must be violated by the models that name it, or they are empty *)

Witness_QuorumOfAll == ~ \E m \in Ranks : mon[m].mode = "leader" /\ mon[m].quorum = Ranks
Witness_QuorumOfSome == ~ \E m \in Ranks : mon[m].mode = "leader" /\ mon[m].quorum # Ranks
Witness_HighestRankButOneLeads == ~ \E m \in Ranks : mon[m].mode = "leader" /\ m = Size - 2
\* A leader that does not know that its epoch is over, beside the new one.
Witness_StaleLeader ==
  ~ \E m, n \in Ranks : /\ mon[m].mode = "leader" /\ mon[n].mode = "leader"
                        /\ mon[m].epoch < mon[n].epoch
\* A peon of an older quorum than the leader's.
Witness_StalePeon ==
  ~ \E m, n \in Ranks : /\ mon[m].mode = "peon" /\ mon[n].mode = "leader"
                        /\ mon[m].epoch < mon[n].epoch /\ m \notin mon[n].quorum
Witness_LateVictory ==
  ~ \E m, n \in Ranks : /\ mon[n].mode # "down" /\ net[m][n] # <<>>
                        /\ Head(net[m][n]).kind = "victory"
                        /\ Head(net[m][n]).epoch < mon[n].epoch
Witness_StrangeVictory ==
  ~ \E m, n \in Ranks : /\ mon[n].mode \in {"candidate", "deferring", "leader", "peon"}
                        /\ net[m][n] # <<>>
                        /\ Head(net[m][n]).kind = "victory"
                        /\ Head(net[m][n]).epoch > mon[n].epoch + 1
Witness_LateAck ==
  ~ \E m, n \in Ranks : /\ mon[n].mode = "candidate" /\ net[m][n] # <<>>
                        /\ Head(net[m][n]).kind = "ack"
                        /\ Head(net[m][n]).epoch < mon[n].epoch
Witness_CallFromOutside ==
  ~ \E m, n \in Ranks : /\ Stable(n) /\ net[m][n] # <<>>
                        /\ Head(net[m][n]).kind = "propose"
                        /\ Head(net[m][n]).epoch < mon[n].epoch
                        /\ m \notin mon[n].quorum
Witness_VoteChanged ==
  ~ \E m \in Ranks : /\ mon[m].mode = "deferring" /\ mon[m].leaderAcked = 0
                     /\ \E n \in Ranks \ {0} : mon[n].mode = "candidate" /\ m \in mon[n].ackedMe
                                               /\ mon[n].epoch = mon[m].epoch
\* A restart in the middle of an election.
Witness_RestartElecting == ~ \E m \in Ranks : mon[m].mode = "down" /\ IsOdd(disk[m])

\* One run finds them all: TLC prints the name of each in the first state that violates it.
ASSUME \A i \in 1 .. 11 : TLCSet(i, FALSE)
Reached(i, name, never) == never \/ TLCGet(i) \/ (TLCSet(i, TRUE) /\ PrintT(name))
Reachability ==
  /\ Reached(1, "Witness_QuorumOfAll", Witness_QuorumOfAll)
  /\ Reached(2, "Witness_QuorumOfSome", Witness_QuorumOfSome)
  /\ Reached(3, "Witness_HighestRankButOneLeads", Witness_HighestRankButOneLeads)
  /\ Reached(4, "Witness_StaleLeader", Witness_StaleLeader)
  /\ Reached(5, "Witness_StalePeon", Witness_StalePeon)
  /\ Reached(6, "Witness_LateVictory", Witness_LateVictory)
  /\ Reached(7, "Witness_StrangeVictory", Witness_StrangeVictory)
  /\ Reached(8, "Witness_LateAck", Witness_LateAck)
  /\ Reached(9, "Witness_CallFromOutside", Witness_CallFromOutside)
  /\ Reached(10, "Witness_VoteChanged", Witness_VoteChanged)
  /\ Reached(11, "Witness_RestartElecting", Witness_RestartElecting)

-----------------------------------------------------------------------------
(* Liveness *)

\* The assumptions. Whoever is not absent starts and keeps running, and is heard by all others; timers are longer
\* than messages and writes take, and a voter's is longer than its candidate's. Then timers are no troubles.
Present == Ranks \ Absent
Quiet ==
  /\ \A m \in Present : Electing(m) \/ Stable(m)
  /\ \A m \in Present : outbox[m] = <<>> /\ \A n \in Present : net[m][n] = <<>>
PatienceEnds(m) ==
  /\ Quiet
  /\ mon[m].mode = "candidate" \/ \A n \in Present : mon[n].mode # "candidate"
  /\ ElectionTimeout(m, TRUE)

LiveNext ==
  \/ \E m \in Present : Restart(m) \/ EpochPersisted(m) \/ StartElection(m) \/ PatienceEnds(m)
  \/ \E from, to \in Present : ReceivePropose(from, to) \/ ReceiveAck(from, to) \/ ReceiveVictory(from, to)
  \/ \E from \in Present : \E to \in Absent : LoseConnection(from, to)

LiveSpec == Init /\ [][LiveNext]_vars /\ WF_vars(LiveNext)

\* L1, L2: in the end all that are there are one quorum, led by the lowest of them.
OneQuorumInTheEnd ==
  <>[] \E leader \in Present :
         /\ \A m \in Present : leader <= m /\ mon[m].leader = leader /\ mon[m].quorum = Present
         /\ mon[leader].mode = "leader"
=============================================================================
