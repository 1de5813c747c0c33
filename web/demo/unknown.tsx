import type { Json } from '@sonata/sdk';
import type { ReactNode } from 'react';
import type { BlockProps } from './context';

const MOST = 6;

/** What can be said of a prop in a line; nothing of what is a structure. */
function words(value: Json): string | undefined {
  if (typeof value === 'string') return value || undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) ? `${value.length} ${value.length === 1 ? 'entry' : 'entries'}` : undefined;
}

/** A block of a component that is not known here: what it is called, what it says, and what is in it. */
export function Unknown({ block, mark, slot }: BlockProps): ReactNode {
  const said = Object.entries(block.props).map(([name, value]) => [name, words(value)] as const).filter(([, text]) => text !== undefined).slice(0, MOST);
  return (
    <section {...mark} className="unknown">
      <p className="name" dir="auto">{block.component} <span>{block.version}</span></p>
      {said.length > 0 && (
        <dl>
          {said.map(([name, text]) => (
            <div key={name}>
              <dt dir="auto">{name}</dt>
              <dd dir="auto">{text}</dd>
            </div>
          ))}
        </dl>
      )}
      {block.slots.map(({ name }) => (
        <div className="slot" key={name}>
          {block.slots.length > 1 && <p className="label" dir="auto">{name}</p>}
          {slot(name)}
        </div>
      ))}
    </section>
  );
}
