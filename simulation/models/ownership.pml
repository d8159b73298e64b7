/*
 * Ownership of a tenant's log and single flight, for one account: two nodes, one log with a lease,
 * a vendor, a person, and whatever can go wrong. README.md says which line stands for which code,
 * and what the switches (NO_FENCE and the like) take away.
 *
 * An atomic block of a node is one synchronous turn; it can be paused between any two of them.
 * Time is counted in steps of the clock. `age` counts take-overs: 0 is the log's present epoch.
 */
#ifndef VALUES
#define VALUES 3 /* what a person may wish and the account may show */
#endif
#define REQUEST_MAX 2 /* steps after which a request has had its effect or never will */
#define LEASE 4
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
bool calm;                       /* wishes and faults have stopped */
hidden byte i, j;
#ifdef NO_READ_AFTER_TAKEOVER
byte lastWish, lastShown;        /* the state as the log tells it */
#endif

#define runs(n) (node[n].stage != CRASHED && !node[n].frozen)
#define isOwner(n) (node[n].stage != CRASHED && node[n].stage != STANDBY)
#define acts(n, what) (runs(n) && node[n].stage == what)
#ifdef NO_FENCE
#define mayAppend(n) true
#else
#define mayAppend(n) (node[n].age == 0)
#endif
#ifdef NO_LEASE_MARGIN
#define isOwnerLongEnough(n) (node[n].holds > 0)
#else
#define isOwnerLongEnough(n) (node[n].holds > REQUEST_MAX)
#endif
#ifdef TWO_IN_FLIGHT
#define mayPlan(n) (acts(n, WATCHING) || acts(n, WAITING))
#else
#define mayPlan(n) acts(n, WATCHING)
#endif
#define isKnown(n) (node[n].ofWish != UNKNOWN && node[n].ofShown != UNKNOWN)
#define isDue(n) (runs(n) && isOwner(n) && node[n].age == 0 && node[n].holds <= REQUEST_MAX + 1)
#define mayPass (!calm || (request[0].left != 1 && request[1].left != 1 && !isDue(0) && !isDue(1)))

#define grow(a) a = (a < OLD -> a + 1 : OLD)
#define less(t) t = (t > 0 -> t - 1 : 0)
/* Only what differs from what is known is news. */
#define compare(n, is, what) if :: node[n].is != UNKNOWN -> \
    node[n].is = (node[n].what == what -> KNOWN : NEWS) :: else fi
#define tell(is, what) for (j : 0 .. 1) { if :: isOwner(j) -> compare(j, is, what) :: else fi }
#ifdef NO_READ_AFTER_TAKEOVER
#define keep(place, value) place = value
#else
#define keep(place, value) skip
#endif
#ifdef SETTLE
#define settle(n) node[n].settling = REQUEST_MAX
#else
#define settle(n) skip
#endif
inline ready(n) { node[n].stage = WATCHING; node[n].command = 0; recorded[n] = false }
inline stop(n, how) {            /* all that the process knew is gone; its request is not */
  ready(n); node[n].stage = how; node[n].age = OLD; node[n].holds = 0; node[n].reply = NONE;
  node[n].wish = 0; node[n].ofWish = UNKNOWN; node[n].shown = 0; node[n].ofShown = UNKNOWN;
  node[n].settling = 0;
  for (i : 0 .. 1) { request[i].by = (request[i].by == n -> NOBODY : request[i].by) }
}
inline takeOver(n) {
  grow(node[1 - n].age); grow(newest);
  for (i : 0 .. 1) { if :: request[i].left > 0 -> grow(request[i].age) :: else fi }
  node[n].age = 0; node[n].holds = LEASE; lease = LEASE; node[n].stage = WATCHING; settle(n);
#ifdef NO_READ_AFTER_TAKEOVER
  node[n].wish = lastWish; node[n].ofWish = KNOWN; node[n].shown = lastShown; node[n].ofShown = KNOWN
#endif
}
inline depart(n) {
#ifndef ALLOW_TWO
  assert(request[0].left + request[1].left == 0); /* (a) one request on its way */
#endif
  assert(recorded[n]);           /* (c) the record is durable before the request leaves */
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
#ifndef ALLOW_OLD
  assert(request[r].age <= newest); /* (b) nothing of an older epoch after a newer one (I12) */
#endif
  newest = request[r].age; shown = request[r].value; tell(ofShown, shown); over(r)
}
inline serve(r) {
  if
  :: apply(r); answer(r, ACCEPTED)
  :: !calm -> apply(r); answer(r, AMBIGUOUS) /* the answer is lost */
  :: !calm -> over(r); answer(r, NO_EFFECT)
#ifdef EARLY_LOSS
  :: !calm && request[r].by != NOBODY -> answer(r, AMBIGUOUS) /* and it is still on its way */
#endif
  fi
}

active [2] proctype Turns() {
  do
  :: atomic { acts(_pid, STANDBY) && lease == 0 -> takeOver(_pid) }
  :: atomic { runs(_pid) && isOwner(_pid) && node[_pid].ofWish != KNOWN ->
       if :: mayAppend(_pid) -> node[_pid].wish = wish; node[_pid].ofWish = KNOWN; keep(lastWish, wish)
          :: else -> stop(_pid, STANDBY) fi }
  :: atomic { runs(_pid) && isOwner(_pid) && node[_pid].ofShown != KNOWN && node[_pid].settling == 0 ->
       if :: mayAppend(_pid) -> node[_pid].shown = shown; node[_pid].ofShown = KNOWN; keep(lastShown, shown)
          :: else -> stop(_pid, STANDBY) fi }
  :: atomic { mayPlan(_pid) && isKnown(_pid) && node[_pid].wish != node[_pid].shown ->
       node[_pid].command = node[_pid].wish; node[_pid].stage = APPENDED }
  :: atomic { acts(_pid, APPENDED) ->
       if :: mayAppend(_pid) -> recorded[_pid] = true; node[_pid].stage = DURABLE; keep(lastShown, node[_pid].command)
          :: else -> stop(_pid, STANDBY) fi }
#ifdef SEND_FIRST
  :: atomic { acts(_pid, APPENDED) -> depart(_pid) }
#endif
  :: atomic { acts(_pid, DURABLE) ->
       if
#ifdef PAUSE_AFTER_CHECK
       :: isOwnerLongEnough(_pid) -> node[_pid].stage = CHECKED
#else
       :: isOwnerLongEnough(_pid) -> depart(_pid)
#endif
       :: else -> ready(_pid)
       fi }
#ifdef PAUSE_AFTER_CHECK
  :: atomic { acts(_pid, CHECKED) && (request[0].left == 0 || request[1].left == 0) -> depart(_pid) }
#endif
  :: atomic { acts(_pid, WAITING) && node[_pid].reply != NONE ->
       if :: node[_pid].reply == ACCEPTED -> node[_pid].shown = node[_pid].command; compare(_pid, ofShown, shown)
          :: node[_pid].reply == AMBIGUOUS -> node[_pid].ofShown = UNKNOWN; node[_pid].shown = 0; settle(_pid)
          :: else fi;
       node[_pid].reply = NONE; ready(_pid);
       if :: mayAppend(_pid) :: else -> stop(_pid, STANDBY) fi }
  od
}

active [2] proctype Renewal() {
  do
  :: atomic { runs(_pid - 2) && isOwner(_pid - 2) && node[_pid - 2].holds < LEASE ->
       if :: mayAppend(_pid - 2) -> node[_pid - 2].holds = LEASE; lease = LEASE
          :: else -> stop(_pid - 2, STANDBY) fi }
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
  :: atomic { mayPass ->
       for (i : 0 .. 1) {
         less(node[i].settling);
#ifdef CLOCK_STOPS
         if :: !node[i].frozen -> less(node[i].holds) :: else fi;
#elif !defined(EXCLUSIVE_LOCK)
         less(node[i].holds);
#endif
         if :: request[i].left == 1 -> over(i); answer(i, AMBIGUOUS) :: else -> less(request[i].left) fi
       }
#ifndef EXCLUSIVE_LOCK
       less(lease)
#endif
     }
  od
}

inline strike(n) {
  if
  :: node[n].stage == CRASHED -> node[n].stage = STANDBY
  :: isOwner(n) -> node[n].frozen = !node[n].frozen
  :: node[n].stage != CRASHED ->
#ifdef EXCLUSIVE_LOCK
       if :: isOwner(n) -> lease = 0 :: else fi;
#endif
       stop(n, CRASHED); node[n].frozen = false
  fi
}
#ifdef EXCLUSIVE_LOCK
#define mayCalm (!node[0].frozen && !node[1].frozen && (runs(0) || runs(1)))
#else
#define mayCalm (runs(0) || runs(1))
#endif

active proctype World() {
end:
  do
  :: atomic { !calm -> wish = (wish + 1) % VALUES; tell(ofWish, wish) }
  :: atomic { !calm -> strike(0) }
  :: atomic { !calm -> strike(1) }
  :: atomic { !calm && mayCalm -> calm = true }
  od
}

ltl settles { (<> calm) -> <> [] (shown == wish) }
