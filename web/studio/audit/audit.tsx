import { Button } from '@mantine/core';
import { Download } from 'lucide-react';
import { lazy, Suspense, useCallback, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { Allowed } from '../access/allowed';
import { and } from '../lib/format';
import { Empty } from '../ui/empty';
import { Page } from '../ui/page';
import { Waiting } from '../ui/waiting';
import { searchOf, useAddress, type View } from './address';
import './audit.css';
import { Chain } from './chain';
import type { Entry } from './documents';
import { Filters, noSeen, type Seen } from './filters';
import { Log } from './log';
import { useReads } from './reads';
import { nameOf } from './subjects';

const Refusals = lazy(() => import('./refusals'));

const views: readonly { readonly value: View; readonly label: string }[] = [{ value: 'log', label: 'Changes' }, { value: 'refusals', label: 'Refusals' }];

/** Who changed what, and what was refused. */
export default function Audit(): ReactNode {
  const address = useAddress();
  const reads = useReads();
  const [seen, see] = useState<Seen>(noSeen);
  const note = useCallback((entries: readonly Entry[]) => see((before) => ({
    actors: new Map([...before.actors, ...entries.map(({ actor }) => [actor.id, actor] as const)]),
    // The newest name of a thing is the one it is looked for by.
    subjects: new Map([...before.subjects, ...[...entries].reverse().flatMap((entry) => (entry.subjectId ? [[entry.subjectId, nameOf(entry)] as const] : []))]),
  })), []);
  const { view, filter } = address;

  if (!reads.may.allowed) return <Page title="Audit log"><Empty title="You cannot see the audit log">{reads.may.why} It says who changed what, when, and how to undo it.</Empty></Page>;
  return (
    <Page
      title="Audit log"
      lead={view === 'log' ? <>Every change that was accepted: who, when and what.{!reads.whole && ` You see the entries of ${and(reads.frontends)}; those of no frontend, such as members, need audit:read for every frontend.`}</> : 'What was refused: to whom, how often, and why. Kept for 30 days.'}
      actions={
        <>
          <nav aria-label="Parts of the audit log">
            <ul className="views">
              {views.map(({ value, label }) => <li key={value}><Link href={address.at(value)} aria-current={value === view ? 'page' : undefined}>{label}</Link></li>)}
            </ul>
          </nav>
          {view === 'log' && (
            <Allowed may={reads.may} label="The entries of this view, with their details">
              <Button component="a" variant="default" href={`/audit.csv${searchOf(filter)}`} download="audit.csv" leftSection={<Download size={15} aria-hidden="true" />}>Download CSV</Button>
            </Allowed>
          )}
        </>
      }
    >
      {view === 'refusals' ? <Suspense fallback={<Waiting rows={6} height={52} />}><Refusals may={reads.mayWhole} /></Suspense> : (
        <div className="stack audit">
          <Filters filter={filter} narrow={address.narrow} seen={seen} />
          <Log key={searchOf(filter)} address={address} note={note} />
          <Chain whole={reads.whole} />
        </div>
      )}
    </Page>
  );
}
