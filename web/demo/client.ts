// A GraphQL client as small as the contract allows: queries over fetch, subscriptions over one websocket
// (graphql-transport-ws) that comes back by itself. Any client library does the same; this one shows how little is needed.
import type { Json } from './types';

export interface Answer<T> {
  readonly data?: T | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** The server could not be reached, or what answered was not the server. */
export class Unreachable extends Error {}

export async function query<T>(document: string, variables: Record<string, unknown>, signal?: AbortSignal): Promise<Answer<T>> {
  let answer: Response;
  try {
    answer = await fetch('/graphql', {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json;q=0.9' },
      body: JSON.stringify({ query: document, variables }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Unreachable('no connection');
  }
  if (answer.status >= 500 || answer.status === 429) throw new Unreachable(`status ${answer.status}`);
  try {
    return (await answer.json()) as Answer<T>;
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Unreachable('not an answer');
  }
}

export interface Sink<T> {
  next(data: T): void;
  /** The server refused this subscription; it is not tried again on this connection. */
  refused(code: string): void;
}

interface Subscription {
  readonly document: string;
  /** Asked at every (re)subscription, so that `since` is where the reader is now. */
  readonly variables: () => Record<string, unknown>;
  readonly sink: Sink<never>;
  id: string;
}

export type Connection = 'connecting' | 'open' | 'away';

const MAX_WAIT = 5_000;
// The server pings every 20 s. Twice that without a word means that the line is dead, whatever the socket believes.
const SILENCE = 45_000;
const ACK_WAIT = 10_000;

export class Live {
  #socket: WebSocket | undefined;
  #acked = false;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #nextId = 1;
  readonly #subscriptions = new Set<Subscription>();
  readonly #listeners = new Set<(state: Connection, again: boolean) => void>();
  #everOpen = false;
  state: Connection = 'connecting';

  start(): void {
    window.addEventListener('online', this.#now);
    document.addEventListener('visibilitychange', this.#now);
    this.#connect();
  }

  /** Tells about the connection; `again` is true when it is a reconnection, so that what was missed can be read. */
  onState(listener: (state: Connection, again: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  subscribe<T>(document: string, variables: () => Record<string, unknown>, sink: Sink<T>): () => void {
    const s: Subscription = { document, variables, sink: sink as Sink<never>, id: '' };
    this.#subscriptions.add(s);
    if (this.#acked) this.#open(s);
    return () => {
      this.#subscriptions.delete(s);
      if (this.#acked && s.id) this.#send({ id: s.id, type: 'complete' });
    };
  }

  readonly #now = (): void => {
    if (document.visibilityState === 'hidden' || this.#socket) return;
    clearTimeout(this.#timer);
    this.#connect();
  };

  #set(state: Connection, again = false): void {
    if (this.state === state) return;
    this.state = state;
    for (const listener of this.#listeners) listener(state, again);
  }

  #connect(): void {
    const address = new URL('/graphql', location.href);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(address, 'graphql-transport-ws');
    this.#socket = socket;
    this.#acked = false;
    this.#heard(ACK_WAIT);
    socket.onopen = () => this.#send({ type: 'connection_init' });
    socket.onmessage = (event) => this.#receive(event.data);
    socket.onclose = () => {
      if (this.#socket === socket) this.#lost();
    };
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

  #send(message: Json): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #open(s: Subscription): void {
    s.id = String(this.#nextId++);
    this.#send({ id: s.id, type: 'subscribe', payload: { query: s.document, variables: s.variables() as Json } });
  }

  #receive(data: unknown): void {
    let message: { type?: string; id?: string; payload?: unknown };
    try {
      message = JSON.parse(String(data)) as typeof message;
    } catch {
      return;
    }
    this.#heard();
    switch (message.type) {
      case 'connection_ack': {
        const again = this.#everOpen;
        this.#acked = true;
        this.#everOpen = true;
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
        for (const s of this.#subscriptions) if (s.id !== '' && s.id === message.id) this.#deliver(s, message.type, message.payload);
    }
  }

  #deliver(s: Subscription, type: 'next' | 'error' | 'complete', payload: unknown): void {
    if (type === 'complete') {
      // The server ended a stream that has no end: it drains, or it moved on. Ask again in a moment.
      s.id = '';
      setTimeout(() => {
        if (this.#acked && s.id === '' && this.#subscriptions.has(s)) this.#open(s);
      }, 500 + Math.random() * 1_500);
      return;
    }
    const answer = (type === 'next' ? payload : { errors: payload }) as Answer<never>;
    if (answer.data && !answer.errors) s.sink.next(answer.data);
    else s.sink.refused(answer.errors?.[0]?.extensions?.code ?? 'UNKNOWN');
  }
}
