import { Button } from '@mantine/core';
import { Globe } from 'lucide-react';
import type { ReactNode } from 'react';
import type { May } from '../access/may';
import { count, exactly, plural } from '../lib/format';
import { Away } from '../ui/away';
import { Empty } from '../ui/empty';
import { Waiting } from '../ui/waiting';
import { askedWords, reasonWords } from './actions';
import { Days } from './days';
import { REFUSALS, type Refusal } from './documents';
import { usePages, type Edge } from './pages';
import { Who } from './who';

const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const OTHERS = 'others';

/** Requests that were not let through, counted by caller, action and minute. */
export default function Refusals({ may }: { readonly may: May }): ReactNode {
  const { edges, total, error, more, loading, loadMore } = usePages({ query: REFUSALS, variables: {}, of: (data) => data.auditRefusals, pause: !may.allowed });
  if (!may.allowed) return <Empty title="Refusals are for who reads the whole log">They belong to no frontend. {may.why}</Empty>;
  if (!edges) return error ? <Away /> : <Waiting rows={6} height={52} />;
  if (edges.length === 0) return <Empty title="Nothing was refused">Wrong passwords and keys, missing scopes, pages of foreign origins and callers who ask too often are counted here, by the minute.</Empty>;
  return (
    <div className="stack audit">
      <p className="muted audit-count" role="status">{plural(total, 'line')}, one for each caller, action and minute</p>
      <Days items={edges} at={({ node }: Edge<Refusal>) => node.at}>{({ cursor, node }) => <Line key={cursor} refusal={node} />}</Days>
      {more && <div className="row"><Button variant="default" onClick={loadMore} loading={loading}>Show older ones</Button></div>}
    </div>
  );
}

function Line({ refusal: { at, actor, source, action, code, count: times } }: { readonly refusal: Refusal }): ReactNode {
  return (
    <li className="audit-line audit-refusal">
      <time className="faint" dateTime={at} title={exactly(at)}>{clock.format(new Date(at))}</time>
      {actor ? <Who actor={actor} /> : (
        <span className="audit-who">
          <Globe size={15} strokeWidth={1.75} aria-hidden="true" />
          <span className="grow"><span className="audit-name">{source === OTHERS ? 'Others' : (source ?? 'Unknown')}</span><span className="faint audit-kind">{source === OTHERS ? 'too many to tell apart' : 'address, not signed in'}</span></span>
        </span>
      )}
      <span className="audit-what"><b>{askedWords(action)}</b><code className="faint">{action}</code></span>
      <span className="audit-subject"><span>{reasonWords(code)}</span><code className="faint">{code}</code></span>
      <span className="audit-times"><b>{count(times)}</b><span className="faint">{times === 1 ? 'time' : 'times'}</span></span>
    </li>
  );
}
