// What can be inserted, in the order in which the palette shows it.
import { isObject } from '../../lib/json';
import { match, type Range } from '../../palette/match';
import { INCLUDE } from '../model/moves';
import type { Catalogue } from '../types';

export interface Insertable {
  readonly key: string;
  readonly title: string;
  readonly description: string;
  readonly category: string;
}

export interface Found extends Insertable {
  readonly ranges: readonly Range[];
}

export interface Group {
  readonly name: string;
  readonly items: readonly Found[];
}

export const RECENT = 'Used lately';
const OTHERS = 'Others';

export function insertables(catalogue: Catalogue): readonly Insertable[] {
  const list = [...catalogue.values()].filter(({ versions }) => versions.length > 0).map(({ key, title, category, versions }): Insertable => {
    const schema = versions[0]?.propsSchema;
    const description = isObject(schema) && typeof schema.description === 'string' ? schema.description : '';
    return { key, title, description, category: category ?? OTHERS };
  });
  return [...list, { key: INCLUDE, title: 'Shared part', description: 'Blocks that several screens show, such as a footer', category: OTHERS }];
}

/** While nothing is typed: what was used lately, then everything by category. Else what fits, the best first. */
export function find(list: readonly Insertable[], query: string, recent: readonly string[]): readonly Group[] {
  if (query.trim() !== '') {
    const found = list.flatMap((item) => {
      const fit = match(query, item.title, `${item.key} ${item.category} ${item.description}`);
      return fit ? [{ ...item, ranges: fit.ranges, score: fit.score + (recent.includes(item.key) ? 5 : 0) }] : [];
    });
    return found.length > 0 ? [{ name: 'Fits', items: found.sort((a, b) => b.score - a.score) }] : [];
  }
  const groups = new Map<string, Found[]>();
  const used = recent.flatMap((key) => list.filter((item) => item.key === key)).slice(0, 4);
  if (used.length > 0) groups.set(RECENT, used.map((item) => ({ ...item, ranges: [] })));
  for (const item of list) if (!used.includes(item)) groups.set(item.category, [...(groups.get(item.category) ?? []), { ...item, ranges: [] }]);
  const rank = (name: string): number => (name === RECENT ? 0 : name === OTHERS ? 2 : 1);
  return [...groups].map(([name, items]) => ({ name, items })).sort((a, b) => rank(a.name) - rank(b.name) || a.name.localeCompare(b.name));
}
