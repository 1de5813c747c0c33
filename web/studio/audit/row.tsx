import { ChevronDown } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { exactly } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { doneWords } from './actions';
import type { Address } from './address';
import { Detail } from './detail';
import type { Entry } from './documents';
import { kindOf, placeOf } from './subjects';
import { Who } from './who';

const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

/** One entry in a line; pressed, it opens. */
export function Row({ entry, narrow }: { readonly entry: Entry; readonly narrow: Address['narrow'] }): ReactNode {
  const { frontend } = useFrontend();
  const [open, turn] = useState(false);
  const id = useId();
  const to = placeOf(entry, frontend.slug);
  const kind = kindOf(entry.subjectId);
  return (
    <li className="audit-entry" data-open={open || undefined}>
      <div className="audit-line">
        <time className="faint" dateTime={entry.at} title={exactly(entry.at)}>{clock.format(new Date(entry.at))}</time>
        <Who actor={entry.actor} />
        <span className="audit-what">
          <button type="button" aria-expanded={open} aria-controls={open ? id : undefined} onClick={() => turn(!open)}>{doneWords(entry)}</button>
          <code className="faint">{entry.action}</code>
        </span>
        <span className="audit-subject" dir="auto">
          {to === undefined ? entry.subjectLabel : <Link href={to}>{entry.subjectLabel}</Link>}
          {kind && <span className="faint">{kind}</span>}
        </span>
        <span className="audit-frontend">{entry.frontend ? <span className="tag">{entry.frontend}</span> : <span className="faint">no frontend</span>}</span>
        <ChevronDown className="audit-turn" size={16} aria-hidden="true" />
      </div>
      {open && <div id={id}><Detail entry={entry} narrow={narrow} /></div>}
    </li>
  );
}
