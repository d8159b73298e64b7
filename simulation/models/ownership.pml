/*
 * Ownership of a tenant's log and single flight, for one account: two nodes, one log with a lease,
 * a vendor, a person, and whatever can go wrong. README.md says which line stands for which code;
 * switches.pml says what is taken away with -DNO_FENCE and the like.
 *
 * A d_step of a node is one synchronous turn; the node can be paused between any two of them.
 * Time is counted in steps of the clock. `age` counts take-overs: 0 is the log's present epoch.
 */
#ifndef VALUES
#define VALUES 3 /* what a person may wish and the account may show */
#endif
#ifndef REQUEST_MAX
#define REQUEST_MAX 2 /* steps after which a request has had its effect or never will */
#endif
#ifndef LEASE
#define LEASE 4
#endif
#define OLD 2 /* ages are not told apart from here on */
#define NOBODY 2

mtype:stage = { CRASHED, STANDBY, WATCHING, APPENDED, DURABLE, CHECKED, WAITING };
mtype:known = { KNOWN, NEWS, UNKNOWN };
mtype:reply = { NONE, ACCEPTED, NO_EFFECT, AMBIGUOUS };

typedef Node {
  mtype:stage stage = STANDBY;
  bool frozen;
  byte age = OLD;                /* of the epoch in which it acts */
  byte holds;                    /* how long it surely still owns the log, by its own clock */
  byte wish, shown;              /* what it knows of the two platforms */
  mtype:known ofWish = UNKNOWN, ofShown = UNKNOWN;
  byte settling;                 /* with SETTLE: steps until a read of the account counts */
  byte command;                  /* the value of its one write */
  mtype:reply reply = NONE
}
typedef Request { byte left, value, age, by = NOBODY } /* by: the node that waits for its answer */

Node node[2];
Request request[2];              /* places for two on their way, where one is right */
byte lease;                      /* of the log */
bool recorded[2];                /* the log durably holds the `sent` of the node's present write */
byte wish, shown;                /* what the person does, what the account shows */
byte newest = OLD;               /* age of the newest epoch of which a request was applied */
bool strayed[2];                 /* an owner sent something after it had been replaced */
bool calm;                       /* wishes and faults have stopped */
hidden byte i, j;

#define runs(n) (node[n].stage != CRASHED && !node[n].frozen)
#define isOwner(n) (node[n].stage != CRASHED && node[n].stage != STANDBY)
#define acts(n, what) (runs(n) && node[n].stage == what)
#define isKnown(n) (node[n].ofWish != UNKNOWN && node[n].ofShown != UNKNOWN)
#define isDue(n) (runs(n) && isOwner(n) && node[n].age == 0 && node[n].holds <= REQUEST_MAX + 1)
/* When all is calm, renewals and answers come in time. */
#define mayPass (!calm || (request[0].left != 1 && request[1].left != 1 && !isDue(0) && !isDue(1)))
#define grow(a) a = (a < OLD -> a + 1 : OLD)
#define less(t) t = (t > 0 -> t - 1 : 0)
/* Only what differs from what is known is news. */
#define compare(n, is, what) if :: node[n].is != UNKNOWN -> \
    node[n].is = (node[n].what == what -> KNOWN : NEWS) :: else fi
#define tell(is, what) for (j : 0 .. 1) { if :: isOwner(j) -> compare(j, is, what) :: else fi }

#include "switches.pml"

inline ready(n) { node[n].stage = WATCHING; node[n].command = 0; recorded[n] = false }
inline stop(n, how) {            /* all that the process knew is gone; its request is not */
  ready(n); node[n].stage = how; node[n].age = OLD; node[n].holds = 0; node[n].reply = NONE;
  node[n].wish = 0; node[n].ofWish = UNKNOWN; node[n].shown = 0; node[n].ofShown = UNKNOWN;
  node[n].settling = 0; strayed[n] = false;
  for (i : 0 .. 1) { request[i].by = (request[i].by == n -> NOBODY : request[i].by) }
}
inline takeOver(n) {             /* all known is UNKNOWN then */
  grow(node[1 - n].age); grow(newest);
  for (i : 0 .. 1) { if :: request[i].left > 0 -> grow(request[i].age) :: else fi }
  node[n].age = 0; node[n].holds = LEASE; lease = LEASE; node[n].stage = WATCHING;
  settle(n); recall(n)
}
inline depart(n) {
  assert(isSingle);              /* (a) one request on its way */
  assert(recorded[n]);           /* (c) the record is durable before the request leaves */
  assert(node[n].age == 0 || !strayed[n]); /* (f) at most one of an owner that was replaced */
  strayed[n] = node[n].age > 0;
  i = (request[0].left == 0 -> 0 : 1);
  request[i].left = REQUEST_MAX; request[i].value = node[n].command; request[i].age = node[n].age;
  request[i].by = n; node[n].stage = WAITING
}
inline over(r) { request[r].left = 0; request[r].value = 0; request[r].age = 0 }
inline answer(r, what) {
  if :: request[r].by != NOBODY -> node[request[r].by].reply = what :: else fi;
  request[r].by = NOBODY
}
inline apply(r) {
  assert(isInOrder(r));          /* (b) nothing of an older epoch after a newer one (I12) */
  newest = request[r].age; shown = request[r].value; tell(ofShown, shown); over(r)
}
inline serve(r) {
  if
  :: apply(r); answer(r, ACCEPTED)
  :: !calm -> apply(r); answer(r, AMBIGUOUS) /* the answer is lost */
  :: !calm -> over(r); answer(r, NO_EFFECT)
  :: mayLoseEarly(r) -> answer(r, AMBIGUOUS)
  fi
}

active [2] proctype Turns() {
  do
  :: d_step { acts(_pid, STANDBY) && lease == 0 -> takeOver(_pid) }
  :: d_step { runs(_pid) && isOwner(_pid) && node[_pid].ofWish != KNOWN ->
       if
       :: mayAppend(_pid) -> node[_pid].wish = wish; node[_pid].ofWish = KNOWN; keep(lastWish, wish)
       :: else -> stop(_pid, STANDBY)
       fi }
  :: d_step { runs(_pid) && isOwner(_pid) && node[_pid].ofShown != KNOWN && node[_pid].settling == 0 ->
       if
       :: mayAppend(_pid) -> node[_pid].shown = shown; node[_pid].ofShown = KNOWN; keep(lastShown, shown)
       :: else -> stop(_pid, STANDBY)
       fi }
  :: d_step { mayPlan(_pid) && isKnown(_pid) && node[_pid].wish != node[_pid].shown ->
       node[_pid].command = node[_pid].wish; node[_pid].stage = APPENDED }
  :: d_step { acts(_pid, APPENDED) ->
       if
       :: mayAppend(_pid) ->
            recorded[_pid] = true; node[_pid].stage = DURABLE; keep(lastShown, node[_pid].command)
       :: else -> stop(_pid, STANDBY)
       fi }
  :: d_step { mayLeave(_pid) ->
       if
       :: isOwnerLongEnough(_pid) -> leave(_pid)
       :: else -> ready(_pid)
       fi }
  :: d_step { acts(_pid, CHECKED) && (request[0].left == 0 || request[1].left == 0) -> depart(_pid) }
  :: d_step { acts(_pid, WAITING) && node[_pid].reply != NONE ->
       if
       :: node[_pid].reply == ACCEPTED -> node[_pid].shown = node[_pid].command; compare(_pid, ofShown, shown)
       :: node[_pid].reply == AMBIGUOUS -> node[_pid].ofShown = UNKNOWN; node[_pid].shown = 0; settle(_pid)
       :: node[_pid].reply == NO_EFFECT -> skip
       fi;
       node[_pid].reply = NONE; ready(_pid);
       if :: mayAppend(_pid) :: else -> stop(_pid, STANDBY) fi }
  od
}

active [2] proctype Renewal() {  /* of the node _pid - 2 */
  do
  :: d_step { renews && runs(_pid - 2) && isOwner(_pid - 2) && node[_pid - 2].holds < LEASE ->
       if
       :: mayAppend(_pid - 2) -> node[_pid - 2].holds = LEASE; lease = LEASE
       :: else -> stop(_pid - 2, STANDBY)
       fi }
  od
}

active proctype Vendor() {
end:
  do
  :: atomic { request[0].left > 0 -> serve(0) }
  :: atomic { request[1].left > 0 -> serve(1) }
  od
}

active proctype Clock() {
  do
  :: d_step { mayPass ->
       for (i : 0 .. 1) {
         less(node[i].settling);
         if :: hasLease && clockRuns(i) -> less(node[i].holds) :: else fi;
         if :: request[i].left == 1 -> over(i); answer(i, AMBIGUOUS) :: else -> less(request[i].left) fi
       }
       if :: hasLease -> less(lease) :: else fi }
  od
}

inline strike(n) {               /* crash and restart, pause and wake */
  if
  :: node[n].stage == CRASHED -> node[n].stage = STANDBY
  :: isOwner(n) -> node[n].frozen = !node[n].frozen
  :: node[n].stage != CRASHED ->
       if :: !hasLease && isOwner(n) -> lease = 0 :: else fi;
       stop(n, CRASHED); node[n].frozen = false
  fi
}

active proctype World() {
end:
  do
  :: d_step { !calm -> wish = (wish + 1) % VALUES; tell(ofWish, wish) }
  :: atomic { !calm -> strike(0) }
  :: atomic { !calm -> strike(1) }
  :: d_step { !calm && mayCalm -> calm = true }
  od
}

/* (d) */
ltl settles { (<> calm) -> <> [] (shown == wish) }
