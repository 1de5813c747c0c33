// The framed side of the preview bridge: the studio holds the other end. It shows what is being edited, tells where the
// blocks are, and makes a click choose instead of act.
import { blockAt, blocksIn, boxesOf } from './dom.js';
import { watchRects } from './rects.js';
import { isSnapshot, type Snapshot } from './types.js';

interface GuestSetup {
  /** Origin of the only page that may speak to this one. Null: whoever frames it and knows the nonce. */
  readonly origin: string | null;
  readonly nonce?: string;
  /** Who is here; it may take a moment to find out. */
  ready(): Who | Promise<Who>;
  /** A state that is not saved yet; null: what the server has counts again. */
  patch(snapshot: Snapshot | null): void;
  /** Show what the build with this manifest would be served; null: this one. */
  context?(manifest: string | null): void;
}

interface Who { readonly frontend: string | null; readonly build: string | null; readonly manifest: string | null }

/** The bridge of this page. */
export interface Guest {
  /** A block could not be rendered. */
  failed(blockKey: string, message: string): void;
  close(): void;
}

const MOST_WAITING = 50;

/** Waits for the studio's hello and answers the first one that is right. Nothing is listened to outside a frame. */
export function openGuest(setup: GuestSetup): Guest {
  let accepted: MessagePort | undefined;
  let port: MessagePort | undefined; // the same, once it was told who is here
  const waiting: object[] = [];
  const ends: (() => void)[] = [];
  const listen = (target: EventTarget, types: readonly string[], listener: (event: Event) => void): void => {
    for (const type of types) {
      target.addEventListener(type, listener, { capture: true });
      ends.push(() => target.removeEventListener(type, listener, { capture: true }));
    }
  };
  const post = (message: object): void => {
    if (port) port.postMessage(message);
    else if (waiting.length < MOST_WAITING) waiting.push(message);
  };

  const hello = (event: Event): void => {
    const { data, source, origin, ports } = event as MessageEvent<{ sonata?: unknown; type?: unknown; protocol?: unknown; nonce?: unknown } | null>;
    if (accepted || source !== window.parent || typeof data !== 'object' || data?.sonata !== 'preview' || data.type !== 'hello' || data.protocol !== 1) return;
    if (setup.origin === null ? !setup.nonce || data.nonce !== setup.nonce : origin !== setup.origin) return;
    const studio = (accepted = ports[0]);
    if (!studio) return;
    studio.onmessage = ({ data: message }: MessageEvent<unknown>) => receive(message);
    void Promise.resolve(setup.ready()).then((who) => {
      port = studio;
      post({ type: 'ready', ...who });
      for (const message of waiting.splice(0)) post(message);
      watch();
    });
  };

  const receive = (message: unknown): void => {
    const { type, key, snapshot, manifest, ratio } = (message ?? {}) as { readonly [name: string]: unknown };
    switch (type) {
      case 'select':
        if (typeof key === 'string') reveal(key);
        return;
      case 'patch':
        if (snapshot === null || isSnapshot(snapshot)) setup.patch(snapshot);
        return;
      case 'context':
        setup.context?.(typeof manifest === 'string' ? manifest : null);
        return;
      case 'scroll':
        if (typeof ratio === 'number' && Number.isFinite(ratio)) scrollTo({ top: Math.min(1, Math.max(0, ratio)) * scrollable(), behavior: 'instant' });
        told = ratioNow();
        return;
      default:
        post({ type: 'unknown', received: typeof type === 'string' ? type : '' });
    }
  };

  const scrollable = (): number => document.documentElement.scrollHeight - innerHeight;
  const ratioNow = (): number => (scrollable() > 0 ? scrollY / scrollable() : 0);
  let told = ratioNow();

  const reveal = (key: string): void => {
    const element = [...blocksIn(document)].find((block) => block.dataset['block'] === key);
    const box = element && boxesOf(element)[0];
    if (!box) return;
    const { top, bottom } = box.getBoundingClientRect();
    if (top >= 0 && bottom <= innerHeight) return;
    box.scrollIntoView({ block: bottom - top > innerHeight ? 'start' : 'center', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth' });
  };

  function watch(): void {
    ends.push(watchRects(post));
    listen(window, ['scroll'], (event) => {
      if (event.target !== document) return;
      const ratio = ratioNow();
      if (Math.abs(ratio - told) < 0.001) return; // the studio's own doing
      told = ratio;
      post({ type: 'scrolled', ratio });
    });

    let over: string | null = null;
    const hover = (key: string | null): void => {
      if (key === over) return;
      over = key;
      post({ type: 'hover', key });
    };
    listen(document, ['pointerover'], ({ target }) => hover(blockAt(target)?.key ?? null));
    listen(document.documentElement, ['pointerleave'], ({ target }) => {
      if (target === document.documentElement) hover(null);
    });
    // Choosing, not doing: no link leads away, no form is sent, no menu opens.
    listen(window, ['click', 'auxclick', 'submit', 'dragstart'], (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      const key = event.type === 'click' ? blockAt(event.target)?.key : undefined;
      if (key !== undefined) post({ type: 'click', key });
    });
  }

  if (window.parent !== window) listen(window, ['message'], hello);
  return {
    failed: (key, message) => post({ type: 'renderError', key, message: message.slice(0, 1_000) }),
    close() {
      for (const end of ends.splice(0)) end();
      accepted?.close();
    },
  };
}
