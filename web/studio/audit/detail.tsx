import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useQuery } from 'urql';
import { isObject, own, type Json } from '../lib/json';
import { Code, CopyButton } from '../ui/code';
import { Waiting } from '../ui/waiting';
import { doneWords } from './actions';
import type { Address } from './address';
import { ENTRY, type Entry } from './documents';
import { opsWords } from './ops';
import { nameOf } from './subjects';
import { kindWord } from './who';

const long = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'long' });

/** All that the log holds of an entry. */
export function Detail({ entry, narrow }: { readonly entry: Entry; readonly narrow: Address['narrow'] }): ReactNode {
  const { actor, subjectId } = entry;
  const [{ data, error }] = useQuery({ query: ENTRY, variables: { id: entry.id }, requestPolicy: 'cache-first' });
  const there = data?.node && 'hash' in data.node ? data.node : undefined;
  if (!there) return <div className="audit-detail">{error ? <p className="problem">This entry cannot be read right now. Open it again in a moment.</p> : <Waiting rows={2} />}</div>;
  const { sequence, detail, requestId, hash, previousHash } = there;
  return (
    <div className="audit-detail">
      <Told detail={detail} />
      <dl className="audit-facts">
        <Fact name="When">{long.format(new Date(entry.at))}<code className="faint">{entry.at}</code></Fact>
        <Fact name="Who"><span><bdi>{actor.name}</bdi>, {kindWord(actor.kind)}</span><code className="faint">{actor.id}</code></Fact>
        {subjectId && <Fact name="About"><span dir="auto">{nameOf(entry)}</span><code className="faint">{subjectId}</code></Fact>}
        <Fact name="Request">{requestId ? <code>{requestId}</code> : 'none: Sonata did it by itself'}</Fact>
        <Fact name="Entry"><code>{entry.id}</code><span className="faint">number {sequence}</span></Fact>
        <Fact name="Hash" copy={hash}><code>{hash}</code></Fact>
        <Fact name="Hash before" {...(previousHash ? { copy: previousHash } : {})}>{previousHash ? <code>{previousHash}</code> : 'none: this is the first entry'}</Fact>
      </dl>
      <div className="row wrap audit-more" role="group" aria-label="Show only">
        <span className="faint">Show only</span>
        <Button size="compact-sm" variant="default" onClick={() => narrow({ actor: actor.id })}><bdi className="truncate">{actor.name}</bdi></Button>
        <Button size="compact-sm" variant="default" onClick={() => narrow({ action: entry.action })}>{doneWords(entry)}</Button>
        {subjectId && <Button size="compact-sm" variant="default" onClick={() => narrow({ subject: subjectId })}><bdi className="truncate">{nameOf(entry)}</bdi></Button>}
      </div>
    </div>
  );
}

function Fact({ name, copy, children }: { readonly name: string; readonly copy?: string; readonly children: ReactNode }): ReactNode {
  return <div><dt>{name}</dt><dd><span className="grow">{children}</span>{copy !== undefined && <CopyButton label={name} text={copy} />}</dd></div>;
}

const json = (value: Json): string => JSON.stringify(value, null, 2);

/** What was decided: an edit with its ops and what undoes them, else the settings that were chosen. */
function Told({ detail }: { readonly detail: Json }): ReactNode {
  const ops = isObject(detail) ? own(detail, 'ops') : undefined;
  const inverse = isObject(detail) ? own(detail, 'inverse') : undefined;
  if (!isObject(detail) || !Array.isArray(ops) || !Array.isArray(inverse)) {
    return isObject(detail) && Object.keys(detail).length === 0 ? null : <section aria-label="Chosen" className="audit-json"><h3>What was chosen</h3><Code label="What was chosen" text={json(detail)} /></section>;
  }
  const version = own(detail, 'version');
  return (
    <>
      <p dir="auto">{opsWords(ops)}.{typeof version === 'number' && <span className="faint"> Draft version {version}.</span>}</p>
      <div className="audit-edit">
        <section className="audit-json"><h3>What was done</h3><Code label="Ops" text={json(ops)} /></section>
        <section className="audit-json"><h3>What undoes it</h3><Code label="Inverse ops" text={json(inverse)} /></section>
      </div>
    </>
  );
}
