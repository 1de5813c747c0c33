import { Fragment, type ReactNode } from 'react';

const long = new Intl.DateTimeFormat('en', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const DAY = 86_400_000;

/** "Today", "Yesterday", "Friday, November 27, 2026", where one is. */
export function dayWords(at: string, now = Date.now()): string {
  const day = long.format(new Date(at));
  return day === long.format(now) ? 'Today' : day === long.format(now - DAY) ? 'Yesterday' : day;
}

interface DaysProps<Item> {
  readonly items: readonly Item[];
  readonly at: (item: Item) => string;
  readonly children: (item: Item) => ReactNode;
}

/** Rows under the day of each. */
export function Days<Item>({ items, at, children }: DaysProps<Item>): ReactNode {
  const days: { readonly day: string; readonly items: Item[] }[] = [];
  for (const item of items) {
    const day = dayWords(at(item));
    const last = days.at(-1);
    if (last?.day === day) last.items.push(item);
    else days.push({ day, items: [item] });
  }
  return days.map(({ day, items: list }) => (
    <section key={day} className="audit-day" aria-label={day}>
      <h2>{day}</h2>
      <ol className="card lines">{list.map((item, i) => <Fragment key={i}>{children(item)}</Fragment>)}</ol>
    </section>
  ));
}
