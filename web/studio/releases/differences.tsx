import type { ReactNode } from 'react';
import { ScreenChange, titleOfScreen, type ScreenDiff } from '../changes/screenchange';
import { lines } from '../publish/words';

interface DifferencesProps {
  readonly changes: readonly (ScreenDiff & { readonly kind: string; readonly summary: readonly string[] })[];
  readonly json: boolean;
  /** The headings' place in the outline. */
  readonly heading: 'h3' | 'h4';
}

const tags = new Map([['ADDED', ['new', 'accent']], ['CHANGED', ['changed', 'warning']], ['REMOVED', ['removed', 'danger']]]);
const SHOWN = 50;

/** How two releases differ, screen by screen. */
export function Differences({ changes, json, heading: Heading }: DifferencesProps): ReactNode {
  const screens = changes.filter(({ kind }) => kind === 'SCREEN');
  const along = changes.filter(({ kind }) => kind !== 'SCREEN').flatMap((change) => lines(change).slice(0, 20));
  if (changes.length === 0) return <p className="card body muted">They hold the same.</p>;
  return (
    <div className="stack">
      {screens.slice(0, SHOWN).map((diff) => {
        const [word, tone] = tags.get(diff.change) ?? ['', 'plain'];
        return (
          <section key={diff.key} className="card" aria-labelledby={`diff-${diff.key}`}>
            <header><Heading id={`diff-${diff.key}`} className="truncate" dir="auto">{titleOfScreen(diff)}</Heading><span className="tag" data-tone={tone}>{word}</span></header>
            <ScreenChange diff={diff} json={json} />
          </section>
        );
      })}
      {screens.length > SHOWN && <p className="faint">and {screens.length - SHOWN} more screens</p>}
      {along.length > 0 && <section className="card" aria-label="Comes along"><ul className="body muted">{along.map((line, i) => <li key={i} dir="auto">{line}</li>)}</ul></section>}
    </div>
  );
}
