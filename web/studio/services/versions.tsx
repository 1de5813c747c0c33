import { Button, NativeSelect } from '@mantine/core';
import { RotateCcw } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { Allowed } from '../access/allowed';
import type { May } from '../access/may';
import { plural } from '../lib/format';
import { Ago } from '../ui/ago';
import { Code } from '../ui/code';
import { Waiting } from '../ui/waiting';
import { RollBack } from './change';
import { Diff } from './diff';
import { SCHEMAS, VERSIONS, type Version } from './graph';

interface VersionsProps {
  readonly service: string;
  /** Id of the live version: another one is read at once. */
  readonly live: string | undefined;
  readonly may: May;
}

/** The versions of a service's schema: what one changed, and the way back to it. */
export function Versions({ service, live, may }: VersionsProps): ReactNode {
  const [trail, go] = useState<readonly string[]>([]);
  const [{ data, error }, again] = useQuery({ query: VERSIONS, variables: { name: service, after: trail.at(-1) ?? null } });
  const [back, rollBack] = useState<number>();
  useEffect(() => {
    again({ requestPolicy: 'network-only' });
  }, [live, again]);
  const page = data?.service?.versions;
  const versions = page?.edges.map(({ node }) => node) ?? [];
  const number = data?.service?.live?.number;
  if (!page) return error ? <p className="problem">The versions cannot be read right now.</p> : <Waiting rows={2} height={40} />;
  const { endCursor, hasNextPage } = page.pageInfo;
  return (
    <>
      <ol className="service-versions" aria-label={`Versions of ${service}`}>
        {versions.map(({ id, number: n, publishedAt, publishedBy }) => (
          <li key={id} data-live={n === number || undefined}>
            <b>v{n}</b>
            {n === number && <span className="tag" data-tone="accent">live</span>}
            <span className="grow faint">published <Ago at={publishedAt} />{publishedBy && <> by <bdi>{publishedBy.name}</bdi></>}</span>
            {n !== number && <Allowed may={may}><Button variant="default" size="compact-sm" leftSection={<RotateCcw size={14} aria-hidden="true" />} onClick={() => rollBack(n)} aria-label={`Roll back to version ${n}…`}>Roll back…</Button></Allowed>}
          </li>
        ))}
      </ol>
      {(trail.length > 0 || hasNextPage) && (
        <div className="row"><span className="faint grow">{plural(page.totalCount, 'version')}</span>
          {trail.length > 0 && <Button variant="default" size="compact-sm" onClick={() => go(trail.slice(0, -1))}>Newer</Button>}
          {hasNextPage && endCursor && <Button variant="default" size="compact-sm" onClick={() => go([...trail, endCursor])}>Older</Button>}
        </div>
      )}
      {versions.length > 0 && <Compare key={versions.map(({ id }) => id).join()} service={service} versions={versions} live={number} />}
      {back !== undefined && <RollBack service={service} number={back} live={number} close={() => rollBack(undefined)} done={() => again({ requestPolicy: 'network-only' })} />}
    </>
  );
}

const NONE = '';

function Compare({ service, versions, live }: { readonly service: string; readonly versions: readonly Version[]; readonly live: number | undefined }): ReactNode {
  const newest = versions[0]?.number ?? 1;
  const [to, setTo] = useState(String(newest));
  // What is live against what is newer; else the newest against the one before.
  const [from, setFrom] = useState(() => String(versions.find(({ number }) => number === live && number < newest)?.number ?? versions[1]?.number ?? NONE));
  const idOf = (number: string): string | undefined => versions.find((version) => String(version.number) === number)?.id;
  const ids = [idOf(from), idOf(to)].filter((id) => id !== undefined);
  const [{ data, error, stale }] = useQuery({ query: SCHEMAS, variables: { ids } });
  const sdlOf = (id: string | undefined): string | undefined => data?.nodes.flatMap((node) => (node && 'sdl' in node && node.id === id ? [node.sdl] : []))[0];
  const before = from === NONE ? undefined : sdlOf(idOf(from));
  const after = sdlOf(idOf(to));
  const options = versions.map(({ number }) => ({ value: String(number), label: `version ${number}${number === live ? ' (live)' : ''}` }));
  const ready = after !== undefined && (from === NONE || before !== undefined) && !stale;
  return (
    <div className="service-compare">
      <div className="row wrap">
        <NativeSelect size="xs" label="From" value={from} onChange={(event) => setFrom(event.currentTarget.value)} data={[{ value: NONE, label: 'nothing: show all of it' }, ...options]} />
        <NativeSelect size="xs" label="To" value={to} onChange={(event) => setTo(event.currentTarget.value)} data={options} />
      </div>
      {!ready ? (error ? <p className="problem">The schemas cannot be read right now.</p> : <Waiting rows={1} height={160} />)
        : before === undefined ? <Code label={`Schema of ${service}, version ${to}`} text={after} />
          : <Diff label={`${service}, version ${from} to ${to}`} before={before} after={after} />}
    </div>
  );
}
