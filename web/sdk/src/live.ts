// Subscriptions: one websocket (graphql-transport-ws) for all of them, which comes back by itself.
import type { Answer } from './graphql.js';

/** `connecting` before the first time, `open`, or `away`: it comes back by itself. */
export type Connection = 'connecting' | 'open' | 'away';

export interface Sink<T> {
  next(data: T): void;
  /** The server refused this subscription; it is not tried again on this connection. */
  refused(code: string): void;
}

interface Subscription {
  readonly document: string;
  /** Asked at every (re)subscription, so that `since` is where the reader is now. */
  readonly variables: () => object;
  readonly sink: Sink<never>;
  id: string;
}

const MAX_WAIT = 5_000;
// The server pings every 20 s. Twice that without a word means that the line is dead, whatever the socket believes.
const SILENCE = 45_000;
const ACK_WAIT = 10_000;

export class Live {
  readonly #url: string;
  #socket: WebSocket | undefined;
  #acked = false;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #nextId = 1;
  #started = false;
  #everOpen = false;
  readonly #subscriptions = new Set<Subscription>();
  readonly #listeners = new Set<(state: Connection, again: boolean) => void>();
  state: Connection = 'connecting';

  constructor(url: string) {
    this.#url = url.replace(/^http/, 'ws');
  }

  /** Tells about the connection; `again` is true when it is a reconnection, so that what was missed can be read. */
  onState(listener: (state: Connection, again: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  subscribe<T>(document: string, variables: () => object, sink: Sink<T>): () => void {
    const s: Subscription = { document, variables, sink: sink as Sink<never>, id: '' };
    this.#subscriptions.add(s);
    if (this.#acked) this.#open(s);
    return () => {
      this.#subscriptions.delete(s);
      if (this.#acked && s.id) this.#send({ id: s.id, type: 'complete' });
    };
  }

  /** Opens the line when it is not open yet. */
  start(): void {
    if (this.#started || typeof WebSocket === 'undefined') return;
    this.#started = true;
    globalThis.addEventListener?.('online', this.#now);
    globalThis.document?.addEventListener('visibilitychange', this.#now);
    this.#connect();
  }

  close(): void {
    globalThis.removeEventListener?.('online', this.#now);
    globalThis.document?.removeEventListener('visibilitychange', this.#now);
    this.#subscriptions.clear();
    this.#listeners.clear();
    clearTimeout(this.#watch);
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  readonly #now = (): void => {
    if (globalThis.document?.visibilityState === 'hidden' || this.#socket) return;
    clearTimeout(this.#timer);
    this.#connect();
  };

  #set(state: Connection, again = false): void {
    if (this.state === state) return;
    this.state = state;
    for (const listener of [...this.#listeners]) listener(state, again);
  }

  #connect(): void {
    const socket = new WebSocket(this.#url, 'graphql-transport-ws');
    this.#socket = socket;
    this.#acked = false;
    this.#heard(ACK_WAIT);
    socket.onopen = () => this.#send({ type: 'connection_init' });
    socket.onmessage = (event) => this.#socket === socket && this.#receive(event.data);
    socket.onclose = () => this.#socket === socket && this.#lost();
  }

  #lost(): void {
    clearTimeout(this.#watch);
    const socket = this.#socket;
    this.#socket = undefined;
    this.#acked = false;
    for (const s of this.#subscriptions) s.id = '';
    this.#set('away');
    if (socket && socket.readyState < WebSocket.CLOSING) socket.close();
    // Full jitter over a doubling wait: a thousand open tabs must not come back in the same instant.
    const most = Math.min(MAX_WAIT, 250 * 2 ** this.#attempt++);
    this.#timer = setTimeout(() => this.#connect(), 100 + Math.random() * (most - 100));
  }

  #heard(patience = SILENCE): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#lost(), patience);
  }

  #send(message: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #open(s: Subscription): void {
    s.id = String(this.#nextId++);
    this.#send({ id: s.id, type: 'subscribe', payload: { query: s.document, variables: s.variables() } });
  }

  #receive(data: unknown): void {
    let message: { type?: string; id?: string; payload?: unknown };
    try {
      message = JSON.parse(String(data)) as typeof message;
    } catch {
      return;
    }
    this.#heard();
    switch (message?.type) {
      case 'connection_ack': {
        const again = this.#everOpen;
        this.#acked = this.#everOpen = true;
        this.#attempt = 0;
        for (const s of this.#subscriptions) this.#open(s);
        this.#set('open', again);
        return;
      }
      case 'ping':
        this.#send({ type: 'pong' });
        return;
      case 'next':
      case 'error':
      case 'complete':
        for (const s of [...this.#subscriptions]) if (s.id && s.id === message.id) this.#deliver(s, message.type, message.payload);
    }
  }

  #deliver(s: Subscription, type: 'next' | 'error' | 'complete', payload: unknown): void {
    // The server ended a stream that has no end: it drains, or it moved on. Ask again in a moment.
    if (type === 'complete') return this.#later(s, 500);
    const answer = (type === 'next' ? payload : { errors: payload }) as Answer<never>;
    if (answer.data && !answer.errors) return s.sink.next(answer.data);
    const { code, retryAfterSeconds } = answer.errors?.[0]?.extensions ?? {};
    if (type === 'error' && retryAfterSeconds) this.#later(s, retryAfterSeconds * 1_000);
    else s.sink.refused(code ?? 'UNKNOWN');
  }

  /** Asks again after some milliseconds, and up to 1.5 s more: not all tabs at once. */
  #later(s: Subscription, wait: number): void {
    s.id = '';
    setTimeout(() => {
      if (this.#acked && !s.id && this.#subscriptions.has(s)) this.#open(s);
    }, wait + Math.random() * 1_500);
  }
}
