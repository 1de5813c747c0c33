import { Button, TextInput } from '@mantine/core';
import { ChevronDown } from 'lucide-react';
import { useEffect, useId, useState, type FormEvent, type ReactNode, type RefObject } from 'react';
import { useClient, useMutation } from 'urql';
import { Allowed } from '../access/allowed';
import type { May } from '../access/may';
import type { SafelistMode } from '../gql/graphql';
import { problemOf } from '../lib/failed';
import { plural } from '../lib/format';
import { useFresh } from '../lib/fresh';
import { useFrontend } from '../lib/frontend';
import { toast } from '../lib/toast';
import { Ago } from '../ui/ago';
import { Away } from '../ui/away';
import { Code } from '../ui/code';
import { Waiting } from '../ui/waiting';
import { REGISTER, UNKNOWN, type Unknown } from './graph';
import { short } from './kind';
import { EVERY } from './often';
import { Refusals, type Refusal } from './refusals';

interface UnknownListProps {
  readonly mode: SafelistMode;
  readonly may: May;
  /** Grows with everything that was registered or retired. */
  readonly times: number;
  readonly done: () => void;
  readonly heading: RefObject<HTMLHeadingElement | null>;
}

const FIRST = 20;
/** As many as one page takes. */
const MOST = 100;

interface Refused {
  readonly of: readonly Refusal[];
  /** What was to be registered, in the order of the input. */
  readonly all: readonly Unknown[];
}

const titleless = (hash: string): string => `the one without a name, ${short(hash)}`;

/** What was sent while the safelist logged, and was not registered. */
export function UnknownList({ mode, may, times, done, heading }: UnknownListProps): ReactNode {
  const id = useId();
  const client = useClient();
  const { frontend } = useFrontend();
  const [first, setFirst] = useState(FIRST);
  const [{ data, error }, again] = useFresh({ query: UNKNOWN, variables: { slug: frontend.slug, first, after: null }, on: ['DOCUMENTS', 'FRONTEND'] }, EVERY);
  useEffect(() => {
    if (times > 0) again({ requestPolicy: 'network-only' });
  }, [times, again]);
  const [, register] = useMutation(REGISTER);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [refused, refuse] = useState<Refused>();
  const page = data?.frontend?.unknownDocuments;
  const list = page?.edges.map(({ node }) => node) ?? [];
  const named = list.filter(({ name }) => name != null).length;

  const send = async (all: readonly Unknown[]): Promise<void> => {
    const { data: answer, error: failure } = await register({ input: { frontend: frontend.id, fromUnknown: all.map(({ hash }) => hash) } });
    const payload = answer?.documentsRegister;
    refuse(payload && payload.userErrors.length > 0 ? { of: payload.userErrors, all } : undefined);
    setProblem(payload ? undefined : problemOf(failure));
    if (!payload || payload.userErrors.length > 0) return;
    toast({ message: `${plural(payload.added, 'document')} ${payload.added === 1 ? 'is' : 'are'} registered.`, tone: 'good' });
    done();
    heading.current?.focus();
  };
  const registerAll = async (): Promise<void> => {
    setBusy(true);
    const all: Unknown[] = [];
    const ask = (after: string | null) => client.query(UNKNOWN, { slug: frontend.slug, first: MOST, after }, { requestPolicy: 'network-only' }).toPromise();
    for (let after: string | null | undefined = null; after !== undefined;) {
      const { data: answer, error: failure }: Awaited<ReturnType<typeof ask>> = await ask(after);
      const found = answer?.frontend?.unknownDocuments;
      if (!found) {
        setProblem(problemOf(failure));
        setBusy(false);
        return;
      }
      all.push(...found.edges.map(({ node }) => node));
      after = found.pageInfo.hasNextPage ? (found.pageInfo.endCursor ?? undefined) : undefined;
    }
    // Those without a name are given one first, each by itself.
    await send(all.filter(({ name }) => name != null));
    setBusy(false);
  };
  const others = async ({ of, all }: Refused): Promise<void> => {
    setBusy(true);
    const wrong = new Set(of.map(({ path }) => Number(path?.[1])));
    await send(all.filter((_, i) => !wrong.has(i)));
    setBusy(false);
  };
  const of = (path: readonly string[]): Unknown | undefined => refused?.all[Number(path[1])];
  const left = refused ? refused.all.length - new Set(refused.of.map(({ path }) => path?.[1])).size : 0;

  if (!page) return mode === 'LOG' ? (error ? <Away /> : <Waiting rows={2} height={56} />) : null;
  if (mode !== 'LOG' && list.length === 0) return null;
  return (
    <section aria-labelledby={`${id}unknown`} className="card">
      <header>
        <h2 id={`${id}unknown`} ref={heading} tabIndex={-1}>Unknown documents</h2>
        {page.totalCount > 0 && <span className="tag" data-tone="warning">{plural(page.totalCount, 'document')}</span>}
        {named > 0 && <Allowed may={may}><Button className="push" size="compact-sm" loading={busy} onClick={() => void registerAll()}>Register all</Button></Allowed>}
      </header>
      <div role="alert" className="document-said">
        {problem && <p className="problem">{problem}</p>}
        {refused && (
          <div className="refused">
            <p><b>Nothing was registered.</b> {plural(refused.all.length - left, 'document')} of {refused.all.length} cannot be:</p>
            <Refusals of={refused.of} nameOf={(path) => { const found = of(path); return found && (found.name ?? titleless(found.hash)); }} sourceOf={(path) => of(path)?.body} />
            {left > 0 && <Button variant="default" size="compact-sm" loading={busy} onClick={() => void others(refused)}>Register the other {left}</Button>}
          </div>
        )}
      </div>
      {list.length === 0 ? (
        <p className="muted document-none">Nothing has come that is not registered. Let it log while people use what you built: what clients send beside the registered documents is listed here within seconds, and runs meanwhile.</p>
      ) : (
        <>
          {mode !== 'LOG' && <p className="muted document-none">Seen while the safelist logged{mode === 'ENFORCE' ? '; since it enforces, they are refused' : ''}.</p>}
          <ul className="lines" aria-label="Unknown documents">{list.map((entry) => <Row key={entry.hash} of={entry} may={may} done={() => { done(); heading.current?.focus(); }} />)}</ul>
          {page.pageInfo.hasNextPage && (
            <div className="document-none">
              {first < MOST ? <Button variant="default" size="compact-sm" onClick={() => setFirst(MOST)}>Show more</Button> : <p className="faint">The {MOST} that are called most, of {page.totalCount}.</p>}
            </div>
          )}
        </>
      )}
    </section>
  );
}

interface RowProps {
  readonly of: Unknown;
  readonly may: May;
  readonly done: () => void;
}

function Row({ of: { hash, name, body, calls, firstSeenAt, lastSeenAt }, may, done }: RowProps): ReactNode {
  const id = useId();
  const { frontend } = useFrontend();
  const [open, turn] = useState(false);
  const [naming, ask] = useState(false);
  const [given, give] = useState('');
  const [refused, refuse] = useState<readonly Refusal[]>([]);
  const [problem, setProblem] = useState<string>();
  const [{ fetching }, register] = useMutation(REGISTER);
  const send = async (what: { readonly fromUnknown: string[] } | { readonly documents: { readonly name: string; readonly body: string; readonly hash: string }[] }): Promise<void> => {
    const { data, error } = await register({ input: { frontend: frontend.id, ...what } });
    const payload = data?.documentsRegister;
    refuse(payload?.userErrors ?? []);
    setProblem(payload ? undefined : problemOf(error));
    if (!payload || payload.userErrors.length > 0) return;
    toast({ message: <><bdi>{payload.documents[0]?.name}</bdi> is registered.</>, tone: 'good' });
    done();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void send({ documents: [{ name: given.trim(), body, hash }] });
  };
  const title = name ?? 'without a name';
  return (
    <li className="document" data-open={open || undefined}>
      <div className="document-line unknown">
        <span className="document-name">
          <button type="button" aria-expanded={open} aria-controls={open ? id : undefined} onClick={() => turn(!open)}><bdi className={name == null ? 'document-nameless' : undefined}>{title}</bdi></button>
          <code className="faint">{short(hash)}</code>
        </span>
        <span className="document-figure">{plural(calls, 'call')}</span>
        <span className="document-figure faint"><span>last <Ago at={lastSeenAt} /></span>{firstSeenAt < lastSeenAt && <span>first <Ago at={firstSeenAt} /></span>}</span>
        <span className="document-deed">{!naming && <Allowed may={may}><Button variant="default" size="compact-sm" loading={fetching} aria-label={`Register ${name ?? titleless(hash)}`} onClick={() => (name == null ? ask(true) : void send({ fromUnknown: [hash] }))}>Register{name == null && '…'}</Button></Allowed>}</span>
        <ChevronDown className="document-turn" size={16} aria-hidden="true" />
      </div>
      {naming && (
        <form className="document-naming" onSubmit={submit}>
          <TextInput label="Name to show" description="The operation has none of its own" value={given} onChange={(event) => give(event.currentTarget.value)} required maxLength={200} autoComplete="off" data-autofocus autoFocus />
          <div className="row"><Button type="submit" size="compact-md" loading={fetching}>Register</Button><Button variant="default" size="compact-md" onClick={() => ask(false)}>Cancel</Button></div>
        </form>
      )}
      <div role="alert" className="document-said">
        {problem && <p className="problem">{problem}</p>}
        {refused.length > 0 && <div className="refused"><p><b>It was not registered.</b></p><Refusals of={refused} sourceOf={() => body} /></div>}
      </div>
      {open && <div id={id} className="document-detail"><Code label={`Text of ${title}`} text={body} /></div>}
    </li>
  );
}
