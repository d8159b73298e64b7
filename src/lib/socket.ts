/** The WebSocket seam: text frames both ways. `connectors/kit/socket.ts` puts it on `ws`. */

export interface SocketHandlers {
  onOpen(): void;
  onText(text: string): void;
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
}

export type OpenSocket = (request: SocketRequest, handlers: SocketHandlers) => Socket;
