/** The WebSocket seam: text frames both ways. `connectors/kit/socket.ts` puts it on `ws`. */

export interface SocketHandlers {
  onOpen(): void;
  onText(text: string): void;
  /**
   * A text of `bytesFrom` bytes or more as valid UTF-8, in place of `onText`. The bytes are the
   * handler's alone and fill their buffer, so that they can be handed on without a copy.
   */
  onBytes?(bytes: Uint8Array<ArrayBuffer>): void;
  /** Called exactly once, also when the socket never opened. */
  onClose(code: number, reason: string): void;
}

export interface Socket {
  send(text: string): void;
  /** Asks for a close; `onClose` follows. */
  close(code?: number, reason?: string): void;
}

export interface SocketRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Longest text frame accepted, bytes; a longer one closes the socket. */
  readonly maxPayloadBytes: number;
  /** From which size on a text comes as bytes, where the socket can give it so; absent: never. */
  readonly bytesFrom?: number;
}

export type OpenSocket = (request: SocketRequest, handlers: SocketHandlers) => Socket;
