// Which names the server takes, and fresh ones that people can read. The same rules as internal/screen/names.go.
export const isBlockKey = (key: string): boolean => /^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(key);
export const isSlotName = (name: string): boolean => /^[a-z][A-Za-z0-9]{0,31}$/.test(name);
export const isComponentKey = (key: string): boolean => /^[a-z][a-z0-9-]{0,63}$/.test(key);

/** A key that is not taken: `hero`, then `hero-2`. A number at the end of what it is made from is counted on. */
export function freshKey(like: string, taken: (key: string) => boolean): string {
  const stem = (isBlockKey(like) ? like : 'block').replace(/-\d+$/, '').slice(0, 58) || 'block';
  if (!taken(stem)) return stem;
  for (let n = 2; ; n++) {
    const key = `${stem}-${n}`;
    if (!taken(key)) return key;
  }
}
