/* What each switch of ownership.pml (`spin -D…`) takes away or adds. Without any: the protocol. */

/* Broken on purpose: each of these must be refuted. */
#ifdef NO_FENCE /* the log takes records and renewals of an epoch that is over */
#define mayAppend(n) true
#else
#define mayAppend(n) (node[n].age == 0)
#endif
#ifdef NO_LEASE_MARGIN /* to own the log is enough, for however short */
#define isOwnerLongEnough(n) (node[n].holds > 0)
#else
#define isOwnerLongEnough(n) (node[n].holds > REQUEST_MAX)
#endif
#ifdef TWO_IN_FLIGHT /* the next write does not wait for the outcome of the one before */
#define mayPlan(n) (acts(n, WATCHING) || acts(n, WAITING))
#else
#define mayPlan(n) acts(n, WATCHING)
#endif
#ifdef SEND_FIRST /* the record need not be durable */
#define mayLeave(n) (acts(n, DURABLE) || acts(n, APPENDED))
#else
#define mayLeave(n) acts(n, DURABLE)
#endif
#ifdef NO_READ_AFTER_TAKEOVER /* the new owner takes what the log tells for what is */
byte lastWish, lastShown;
#define keep(place, value) place = value
#define recall(n) node[n].wish = lastWish; node[n].ofWish = KNOWN; \
                  node[n].shown = lastShown; node[n].ofShown = KNOWN
#else
#define keep(place, value) skip
#define recall(n) skip
#endif
#ifdef NO_RENEWAL /* nobody prolongs the lease */
#define renews false
#else
#define renews true
#endif

/* Limits: what the protocol rests on, taken away. */
#ifdef PAUSE_AFTER_CHECK /* time may pass between the check and the departure; of node 0 */
#define leave(n) if :: n == 0 -> node[n].stage = CHECKED :: else -> depart(n) fi
#else
#define leave(n) depart(n)
#endif
#ifdef CLOCK_STOPS /* a paused node's clock stands still */
#define clockRuns(n) (!node[n].frozen)
#else
#define clockRuns(n) true
#endif
#ifdef EARLY_LOSS /* an answer may be lost while the request is still on its way */
#define mayLoseEarly(r) (!calm && request[r].by != NOBODY)
#else
#define mayLoseEarly(r) false
#endif
#ifdef EXCLUSIVE_LOCK /* no lease: the log belongs to a process until it dies */
#define hasLease false
#define mayCalm ((runs(0) || runs(1)) && !node[0].frozen && !node[1].frozen)
#else
#define hasLease true
#define mayCalm (runs(0) || runs(1))
#endif

/* A remedy for EARLY_LOSS and EXCLUSIVE_LOCK: a read counts when nothing can be on its way. */
#ifdef SETTLE
#define settle(n) node[n].settling = REQUEST_MAX
#else
#define settle(n) skip
#endif

/* Properties that are left out, to ask for the others where these are known to fail. */
#ifdef ALLOW_TWO
#define isSingle true
#else
#define isSingle (request[0].left == 0 && request[1].left == 0)
#endif
#ifdef ALLOW_OLD
#define isInOrder(r) true
#else
#define isInOrder(r) (request[r].age <= newest)
#endif
