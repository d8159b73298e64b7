/** Every promise that is checked, in the order of their numbers. */
import type { CheckerKind } from '../court.ts';
import { BLAST } from './blast.ts';
import { BOUNDED } from './bounded.ts';
import { BOUNDED_WORK } from './bounded-work.ts';
import { CALLS } from './calls.ts';
import { CHAIN } from './chain.ts';
import { CHOICES } from './choices.ts';
import { CLOSED } from './closed.ts';
import { DURABLE } from './durable.ts';
import { EGRESS } from './egress.ts';
import { ERASED } from './erased.ts';
import { EXPLAINED } from './explained.ts';
import { FENCED } from './fenced.ts';
import { FLIGHT } from './flight.ts';
import { FOUNDED } from './founded.ts';
import { FRESH } from './fresh.ts';
import { HONEST } from './honest.ts';
import { IDENTITY } from './identity.ts';
import { IN_STEP } from './in-step.ts';
import { KNOWN } from './known.ts';
import { LEDGER } from './ledger.ts';
import { QUARANTINED } from './quarantined.ts';
import { QUOTA } from './quota.ts';
import { READY } from './ready.ts';
import { REPLAYED } from './replayed.ts';
import { RESTORED } from './restored.ts';
import { SECRET } from './secrets.ts';
import { SERVED } from './served.ts';
import { SHOWN } from './shown.ts';
import { STOP_IN_TIME } from './stop-in-time.ts';
import { UNKNOWN } from './unknown.ts';

export const CHECKERS: readonly CheckerKind[] = [
  DURABLE,
  KNOWN,
  BOUNDED,
  CHOICES,
  QUOTA,
  CLOSED,
  FRESH,
  READY,
  CALLS,
  REPLAYED,
  FLIGHT,
  UNKNOWN,
  FENCED,
  LEDGER,
  EGRESS,
  QUARANTINED,
  SERVED,
  BLAST,
  EXPLAINED,
  BOUNDED_WORK,
  CHAIN,
  ERASED,
  SECRET,
  HONEST,
  IN_STEP,
  STOP_IN_TIME,
  SHOWN,
  RESTORED,
  FOUNDED,
  IDENTITY,
];
