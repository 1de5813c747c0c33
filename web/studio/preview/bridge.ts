// The studio's end of the preview bridge. Nothing is listened to but ports that were made here and handed to the frame
// itself, under its exact origin; of these the first over which somebody says `ready` counts.
import type { Snapshot } from '@sonata/sdk';
import { fromGuest, PROTOCOL, type FromGuest, type Rect, type ToGuest, type Who } from './messages';

/** `silent`: nobody answered for a while. It is still asked, ever less often. */
export type BridgeState = 'connecting' | 'connected' | 'silent';

export interface BridgeEvents {
  state(state: BridgeState, who: Who | null): void;
  rects(rects: readonly Rect[]): void;
  click(key: string): void;
  hover(key: string | null): void;
  renderError(key: string, message: string): void;
  scrolled(ratio: number): void;
}

/** Whom to speak with: a page of this origin, or the one that knows the nonce, which has none. */
export type Address = { readonly origin: string } | { readonly nonce: string };

const HELLO_MS = 200;
const SLOWEST_HELLO_MS = 10_000;
/** After this it is said that nobody answers. */
export const PATIENCE_MS = 4_000;
/** Most that are waited for at once: a page that takes ports without a word must not collect them. */
const MAX_PENDING = 30;
/** Messages that are looked at between two turns of the event loop: more is noise. */
const MAX_BURST = 200;
export const PATCH_MS = 50;

export class Bridge {
  readonly #frame: HTMLIFrameElement;
  readonly #address: Address;
  readonly #events: BridgeEvents;
  #port: MessagePort | undefined;
  #pending: MessagePort[] = [];
  #state: BridgeState = 'connecting';
  #since = performance.now();
  #greeting: ReturnType<typeof setTimeout> | undefined;
  #loads = 0;
  #closed = false;

  #snapshot: Snapshot | null | undefined;
  #manifest: string | null = null;
  #patching: ReturnType<typeof setTimeout> | undefined;
  #patched = Number.NEGATIVE_INFINITY;

  #rects: readonly Rect[] | undefined;
  #frameRequest = 0;
  #burst = 0;

  constructor(frame: HTMLIFrameElement, address: Address, events: BridgeEvents) {
    this.#frame = frame;
    this.#address = address;
    this.#events = events;
    this.#greeting = setTimeout(() => this.#greet(), 0);
  }

  /** What the guest shows. States that come faster than every 50 ms are skipped, never the last one. */
  patch(snapshot: Snapshot | null): void {
    this.#snapshot = snapshot;
    if (this.#patching !== undefined) return;
    this.#patching = setTimeout(() => this.#sendPatch(), Math.max(0, PATCH_MS - (performance.now() - this.#patched)));
  }

  /** What the guest asks the server for: what the build with this manifest would be served. */
  context(manifest: string | null): void {
    if (manifest === this.#manifest) return;
    this.#manifest = manifest;
    this.#post({ type: 'context', manifest });
  }

  select(key: string | null): void {
    this.#post({ type: 'select', key });
  }

  scroll(ratio: number): void {
    this.#post({ type: 'scroll', ratio });
  }

  /** To be called at each `load` of the frame: after the first one it is another document, and the port leads nowhere. */
  loaded(): void {
    this.#loads++;
    if (this.#loads > 1) this.#reconnect();
    // Whoever answered may have been a document that was gone before it was loaded.
    else if (this.#state === 'connected') this.#hello();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#greeting);
    clearTimeout(this.#patching);
    cancelAnimationFrame(this.#frameRequest);
    this.#port?.close();
    for (const port of this.#pending.splice(0)) port.close();
  }

  #reconnect(): void {
    this.#port?.close();
    this.#port = undefined;
    this.#rects = undefined;
    this.#since = performance.now();
    this.#set('connecting', null);
    clearTimeout(this.#greeting);
    this.#greet();
  }

  #greet(): void {
    if (this.#closed || this.#state === 'connected') return;
    if (this.#state === 'connecting' && performance.now() - this.#since >= PATIENCE_MS) this.#set('silent', null);
    this.#hello();
    // Then ever less often: each call into a page that is not there is a line in the browser's console.
    const waited = performance.now() - this.#since;
    this.#greeting = setTimeout(() => this.#greet(), this.#state === 'silent' ? Math.min(SLOWEST_HELLO_MS, waited / 4) : HELLO_MS);
  }

  #hello(): void {
    // Until the page is there the frame holds an empty document of our own, which would only complain.
    const target = this.#frame.contentDocument === null ? this.#frame.contentWindow : null;
    if (!target) return;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<unknown>) => this.#hear(port1, data);
    this.#pending.push(port1);
    if (this.#pending.length > MAX_PENDING) this.#pending.shift()?.close();
    const hello = { sonata: 'preview', type: 'hello', protocol: PROTOCOL };
    if ('nonce' in this.#address) target.postMessage({ ...hello, nonce: this.#address.nonce }, '*', [port2]);
    else target.postMessage(hello, this.#address.origin, [port2]);
  }

  #hear(port: MessagePort, data: unknown): void {
    if (this.#closed) return;
    const known = port === this.#port;
    if (++this.#burst === 1) setTimeout(() => (this.#burst = 0), 0);
    if (this.#burst > MAX_BURST) return;
    const message = fromGuest(data);
    if (!message) return;
    if (message.type === 'ready') {
      if (!known && this.#pending.includes(port)) this.#connect(port, message);
    } else if (known) {
      this.#tell(message);
    }
  }

  #connect(port: MessagePort, { frontend, build, manifest }: Who): void {
    for (const other of this.#pending.splice(0)) if (other !== port) other.close();
    this.#port?.close();
    this.#port = port;
    clearTimeout(this.#greeting);
    this.#set('connected', { frontend, build, manifest });
    if (this.#manifest !== null) this.#post({ type: 'context', manifest: this.#manifest });
    if (this.#snapshot !== undefined) this.#sendPatch();
  }

  #tell(message: FromGuest): void {
    switch (message.type) {
      case 'rects':
        this.#rects = message.rects;
        this.#frameRequest ||= requestAnimationFrame(() => {
          this.#frameRequest = 0;
          if (this.#rects) this.#events.rects(this.#rects);
        });
        return;
      case 'click': return this.#events.click(message.key);
      case 'hover': return this.#events.hover(message.key);
      case 'renderError': return this.#events.renderError(message.key, message.message);
      case 'scrolled': return this.#events.scrolled(message.ratio);
      default: // a guest that does not know a message goes on without it
    }
  }

  #sendPatch(): void {
    clearTimeout(this.#patching);
    this.#patching = undefined;
    this.#patched = performance.now();
    if (this.#snapshot !== undefined) this.#post({ type: 'patch', snapshot: this.#snapshot });
  }

  #post(message: ToGuest): void {
    this.#port?.postMessage(message);
  }

  #set(state: BridgeState, who: Who | null): void {
    this.#state = state;
    this.#events.state(state, who);
  }
}
