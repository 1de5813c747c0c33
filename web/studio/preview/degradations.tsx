import type { Snapshot } from '@sonata/sdk';
import type { ReactNode } from 'react';
import { useEditor } from '../editor/context';
import type { Catalogue } from '../editor/types';
import { plural } from '../lib/format';
import { draftKeyOf } from './snapshot';

/** `countdown 1.0` as people know it. */
function titled(label: string, catalogue: Catalogue): string {
  const [key = '', version = ''] = label.split(' ');
  return `${catalogue.get(key)?.title ?? key} ${version}`.trim();
}

function why(reason: string, build: string): string {
  switch (reason) {
    case 'UNKNOWN_COMPONENT': return `build ${build} does not know it`;
    case 'VERSION_TOO_OLD': return `build ${build} does not know this version of it`;
    case 'PROJECTED': return `without the props that build ${build} does not know`;
    case 'FALLBACK_USED': return 'stands in for it';
    case 'DROPPED': return 'left out: it does not fit, or what it is in was left out';
    default: return '';
  }
}

/** What an older build shows in another way, and why. */
export function Degradations({ snapshot, build }: { readonly snapshot: Snapshot | null | undefined; readonly build: string }): ReactNode {
  const { catalogue, select } = useEditor();
  const list = snapshot?.degradations ?? [];
  return (
    <section className="degradations" aria-label={`As build ${build}`}>
      <p role="status" className="faint">
        {snapshot === undefined ? 'Asking the server…' : snapshot === null ? <>Build <bdi>{build}</bdi> cannot show this screen at all: it does not know its outermost block, and nothing stands in for that.</>
          : list.length === 0 ? <>Build <bdi>{build}</bdi> shows this screen as it was made.</>
            : <>Build <bdi>{build}</bdi> shows {plural(list.length, 'block')} in another way</>}
      </p>
      {list.length > 0 && (
        <ul className="lines">
          {list.map((entry) => (
            <li key={entry.blockKey}>
              <button type="button" onClick={() => select(draftKeyOf(entry.blockKey))}>
                <b dir="auto">{titled(entry.wanted, catalogue)}</b>
                <span aria-hidden="true">→</span>
                <span className="visually-hidden">becomes</span>
                <b dir="auto">{entry.served === null ? 'nothing' : titled(entry.served, catalogue)}</b>
                <span className="muted truncate" dir="auto">{why(entry.reason, build)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
