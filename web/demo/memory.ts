// The last picture of each screen, kept in the browser so that a reload while the server is away still shows a shop.

const PREFIX = 'sonata-demo ';
const KEEP = 24;

export function remember(key: string, value: unknown): void {
  try {
    const all = Object.keys(localStorage).filter((k) => k.startsWith(PREFIX));
    if (all.length >= KEEP && !all.includes(PREFIX + key)) for (const k of all.slice(0, all.length - KEEP + 1)) localStorage.removeItem(k);
    localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // Storage may be full, or forbidden in a frame: remembering is a convenience.
  }
}

export function recall<T>(key: string): T | undefined {
  try {
    const kept = localStorage.getItem(PREFIX + key);
    return kept === null ? undefined : (JSON.parse(kept) as T);
  } catch {
    return undefined;
  }
}
