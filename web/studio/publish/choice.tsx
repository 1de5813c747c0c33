import { Checkbox } from '@mantine/core';
import type { ReactNode } from 'react';
import { plural, words } from '../lib/format';
import { lines } from './words';

export interface ScreenChange {
  readonly kind: string;
  readonly key: string;
  readonly change: 'ADDED' | 'CHANGED' | 'REMOVED' | 'UNCHANGED';
  readonly summary: readonly string[];
}

interface ChoiceProps {
  readonly changes: readonly ScreenChange[];
  readonly chosen: ReadonlySet<string>;
  readonly choose: (chosen: ReadonlySet<string>) => void;
}

const SHOWN = 4;

/** What changes, screen by screen, and which of the screens go along. */
export function Choice({ changes, chosen, choose }: ChoiceProps): ReactNode {
  const all = chosen.size === changes.length;
  const flip = (key: string, on: boolean): void => {
    const next = new Set(chosen);
    if (on) next.add(key);
    else next.delete(key);
    choose(next);
  };
  return (
    <fieldset className="publish-choice">
      <legend className="row">
        <span>{chosen.size === changes.length ? plural(changes.length, 'screen') : `${chosen.size} of ${plural(changes.length, 'screen')}`}</span>
        {changes.length > 1 && <button type="button" className="publish-all" onClick={() => choose(new Set(all ? [] : changes.map(({ key }) => key)))}>{all ? 'Choose none' : 'Choose all'}</button>}
      </legend>
      <ul className="lines">
        {changes.map((change) => {
          const told = lines(change);
          const said = told.slice(0, SHOWN);
          return (
            <li key={change.key}>
              {changes.length > 1
                ? <Checkbox label={words(change.key)} checked={chosen.has(change.key)} onChange={(event) => flip(change.key, event.currentTarget.checked)} aria-describedby={`change-${change.key}`} />
                : <b>{words(change.key)}</b>}
              <ul id={`change-${change.key}`} data-off={!chosen.has(change.key) || undefined}>
                {said.map((line, i) => <li key={i} dir="auto">{line}</li>)}
                {told.length > SHOWN && <li className="faint">and {told.length - SHOWN} more</li>}
              </ul>
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}
