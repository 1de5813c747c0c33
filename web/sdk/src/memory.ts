// The last good state of each screen, kept in the browser, so that a reload while the server is away still shows it.

/** What is needed of `localStorage`. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

// The number is the version of what is stored: an entry of another version is nobody's, and is dropped with time.
const PREFIX = 'sonata/1 ';
const KEEP = 24;
const LONGEST = 512 * 1024;

export class Memory {
  readonly #store: Store | undefined;

  constructor(store: Store | null | undefined) {
    try {
      this.#store = store === undefined ? globalThis.localStorage : (store ?? undefined);
    } catch {
      // The browser may refuse even to name it. Remembering is a convenience.
    }
  }

  write(name: string, value: unknown): void {
    const text = `${Date.now()} ${JSON.stringify(value)}`;
    if (!this.#store || text.length > LONGEST) return;
    for (const keep of [KEEP - 1, KEEP >> 2]) {
      try {
        this.#forget(keep, PREFIX + name);
        this.#store.setItem(PREFIX + name, text);
        return;
      } catch {
        // Full, or forbidden: once more with less beside it, then not at all.
      }
    }
  }

  /** What was written last, or undefined. What is not JSON counts as nothing. */
  read(name: string): unknown {
    try {
      const text = this.#store?.getItem(PREFIX + name) ?? '';
      return JSON.parse(text.slice(text.indexOf(' ')));
    } catch {
      return undefined;
    }
  }

  #forget(keep: number, except: string): void {
    const store = this.#store;
    const others: string[] = [];
    for (let i = 0; store && i < store.length; i++) {
      const name = store.key(i);
      if (name?.startsWith('sonata/') && name !== except) others.push(name);
    }
    if (others.length <= keep) return;
    const age = (name: string): number => (name.startsWith(PREFIX) && parseInt(store?.getItem(name) ?? '', 10)) || 0;
    others.sort((a, b) => age(b) - age(a));
    for (const name of others.slice(keep)) store?.removeItem(name);
  }
}
