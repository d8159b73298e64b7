/**
 * Frames of the supervisor WebSocket as text. Shapes follow the captured frames
 * (https://github.com/equalsgibson/five9-go, five9/test/webSocketFrames) and, for 1002 and 73,
 * https://github.com/Five9DeveloperProgram/Five9-Agent-Sup-REST-API-Starter-Kit
 * (Websockets_and_MGR_events.md). Event 70 is published nowhere and is a guess.
 */

export interface Rows {
  readonly dataSource: string;
  readonly data: readonly object[];
}

export interface Difference {
  readonly dataSource: string;
  readonly added: readonly object[];
  readonly updated: readonly object[];
  readonly removed: readonly string[];
}

/** Whom and when a frame is from. */
interface FrameOrigin {
  readonly tenantId: string;
  readonly userId: string;
  readonly userName: string;
  readonly now: number;
}

interface FrameContext {
  readonly eventReason?: string | null;
  readonly messageId?: string | null;
  readonly userId?: string | null;
  readonly userName?: string | null;
  readonly correlationId?: string | null;
  readonly broadCast?: boolean;
}

function frame(
  eventId: string,
  origin: FrameOrigin,
  context: FrameContext,
  payLoad: unknown,
): string {
  return JSON.stringify({
    context: {
      eventId,
      eventReason: context.eventReason ?? null,
      messageId: context.messageId ?? null,
      userId: context.userId ?? null,
      correlationId: context.correlationId ?? null,
      userName: context.userName ?? null,
      timeStamp: origin.now,
      tenantId: origin.tenantId,
      broadCast: context.broadCast ?? false,
    },
    payLoad,
  });
}

/** Makes frames and counts their messages. */
export class FrameMaker {
  private readonly origin: () => FrameOrigin;
  private messages = 0;

  constructor(origin: () => FrameOrigin) {
    this.origin = origin;
  }

  connected(): string {
    const origin = this.origin();
    const eventReason = 'Successful WebSocket Connection';
    return frame('1010', origin, { eventReason, userId: origin.userId }, null);
  }

  duplicate(): string {
    const origin = this.origin();
    const eventReason = 'Duplicate WebSocket Connection';
    return frame('1020', origin, { eventReason, userId: origin.userId }, null);
  }

  pong(): string {
    const origin = this.origin();
    return frame('1202', origin, { userId: origin.userId }, 'pong');
  }

  full(payLoad: readonly Rows[]): string {
    const origin = this.origin();
    const { userId, userName, tenantId } = origin;
    const messageId = `${this.next()}:3:4:5:${userId}:${tenantId}`;
    return frame('5000', origin, { eventReason: 'UPDATED', messageId, userId, userName }, payLoad);
  }

  difference(payLoad: readonly Difference[]): string {
    const messageId = `${this.next()}:3:4:5:152:${this.messages}`;
    const context = { eventReason: 'UPDATED', messageId, broadCast: true };
    return frame('5012', this.origin(), context, payLoad);
  }

  /** 5006 users changed, 5007 reason codes changed. */
  invalidated(eventId: '5006' | '5007'): string {
    const messageId = `${this.next()}:3:4:5:152:${this.messages}`;
    const context = { eventReason: 'INVALIDATED', messageId, broadCast: true };
    return frame(eventId, this.origin(), context, null);
  }

  maintenanceAnnounced(inMs: number): string {
    return frame('37', this.origin(), { messageId: this.next(), broadCast: true }, inMs);
  }

  migrationStarted(): string {
    const context = { eventReason: 'STARTED', messageId: this.next(), broadCast: true };
    return frame('70', this.origin(), context, null);
  }

  /** 1001 when there is time, 1002 when there is none; of 1001 no capture exists. */
  migrated(metadata: unknown, eventId: '1001' | '1002' = '1002'): string {
    const origin = this.origin();
    const { userId, userName } = origin;
    const eventReason = 'Domain Migrated, please use MetadataAPI to reload client.';
    const correlationId = '00000000-0000-4000-8000-000000001002';
    const context = { eventReason, messageId: this.next(), userId, userName, correlationId };
    return frame(eventId, origin, context, metadata);
  }

  migrationCompleted(): string {
    const correlationId = '00000000-0000-4000-8000-000000000073';
    const context = { eventReason: 'COMPLETED', messageId: this.next(), correlationId };
    return frame('73', this.origin(), { ...context, broadCast: true }, 'IDLE_MAINTENANCE');
  }

  /** Something that is no proper frame: which one, by number. */
  garbage(kind: number): string {
    const context = { eventReason: 'UPDATED', broadCast: true };
    const kinds: readonly (() => string)[] = [
      (): string => '{"context":{"eventId":"5012","time',
      (): string => frame('987654', this.origin(), context, { what: 'ever' }),
      (): string => '[]',
      (): string => frame('5012', this.origin(), context, 'not an array'),
      (): string => frame('5012', this.origin(), context, [{ dataSource: 'AGENT_STATE' }]),
      (): string => '{"__proto__":{"polluted":true},"context":{"eventId":"5000"},"payLoad":[]}',
      (): string => frame('5012', this.origin(), context, 'x'.repeat(10_000_000)),
    ];
    return (kinds[kind % kinds.length] ?? ((): string => ''))();
  }

  private next(): string {
    this.messages += 1;
    return String(200_000 + this.messages);
  }
}
