// The keyboard of a tree, by the APG pattern: https://www.w3.org/WAI/ARIA/apg/patterns/treeview/
import type { Row } from '../model/rows';

/** Which row a key leads to, or what it opens and closes; undefined when it means nothing to a tree. */
export type Step = { readonly to: string } | { readonly toggle: string } | undefined;

export function step(rows: readonly Row[], at: string, key: string): Step {
  const index = rows.findIndex(({ id }) => id === at);
  const row = rows[index];
  const go = (target: Row | undefined): Step => (target ? { to: target.id } : undefined);
  if (!row) return go(rows[0]);
  switch (key) {
    case 'ArrowDown': return go(rows[index + 1]);
    case 'ArrowUp': return go(rows[index - 1]);
    case 'Home': return go(rows[0]);
    case 'End': return go(rows.at(-1));
    case 'ArrowRight': return row.open === false ? { toggle: row.id } : row.open ? go(rows[index + 1]) : undefined;
    case 'ArrowLeft': return row.open ? { toggle: row.id } : row.parent === undefined ? undefined : { to: row.parent };
    default: return undefined;
  }
}

/** The next row whose words begin with what was typed; one letter again and again goes from one to the next. */
export function typeAhead(rows: readonly Row[], at: string, typed: string, wordsOf: (row: Row) => string): string | undefined {
  const index = rows.findIndex(({ id }) => id === at);
  const repeated = new Set(typed).size === 1;
  const wanted = (repeated ? typed.charAt(0) : typed).toLocaleLowerCase();
  const from = typed.length === 1 || repeated ? index + 1 : index;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[(from + i) % rows.length];
    if (row && wordsOf(row).toLocaleLowerCase().startsWith(wanted)) return row.id;
  }
  return undefined;
}
