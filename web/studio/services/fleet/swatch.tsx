import { useState, type ReactNode } from 'react';

/** The attributes of a line, by its look: eight colors, each in three patterns. */
export const drawn = (look: number): { readonly 'data-series': number; readonly 'data-dash': number } => ({ 'data-series': look % 8, 'data-dash': Math.floor(look / 8) % 3 });

/** A piece of the line of an instance. */
export function Swatch({ of }: { readonly of: number }): ReactNode {
  return <svg className="fleet-swatch" viewBox="0 0 18 4" aria-hidden="true"><path className="fleet-line" {...drawn(of)} d="M0 2H18" /></svg>;
}

/** Gives each id a look, the first that is free, for as long as it is there. */
export function useLooks(ids: readonly string[]): (id: string) => number {
  const [looks, set] = useState<ReadonlyMap<string, number>>(new Map());
  if (ids.length !== looks.size || ids.some((id) => !looks.has(id))) {
    const next = new Map([...looks].filter(([id]) => ids.includes(id)));
    const taken = new Set(next.values());
    let free = 0;
    for (const id of ids) {
      if (next.has(id)) continue;
      while (taken.has(free)) free++;
      taken.add(free);
      next.set(id, free);
    }
    set(next);
  }
  return (id) => looks.get(id) ?? 0;
}
