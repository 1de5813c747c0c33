import { Button } from '@mantine/core';
import { ChevronDown, FileX2, RotateCcw, SquareArrowOutUpRight } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { Allowed } from '../access/allowed';
import type { May } from '../access/may';
import { useLive } from '../lib/activity';
import { problemOf, sentence } from '../lib/failed';
import { count, duration, plural } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { inGraphiql } from '../lib/graphiql';
import { toast } from '../lib/toast';
import { Ago } from '../ui/ago';
import { Code, CopyButton } from '../ui/code';
import { Waiting } from '../ui/waiting';
import { ONE, REGISTER, type Trusted, type Whole } from './graph';
import { kindWords, short } from './kind';
import { Public } from './public';
import { Refusals, type Refusal } from './refusals';

interface RowProps {
  readonly of: Trusted;
  readonly may: May;
  readonly retire: () => void;
  readonly done: () => void;
}

/** One trusted document in a line; pressed, it opens. */
export function Row({ of, may, retire, done }: RowProps): ReactNode {
  const id = useId();
  const [open, turn] = useState(false);
  const { name, hash, kind, calls, errors, p50Ms, p95Ms, lastUsedAt, retiredAt, valid, invalidReason } = of;
  return (
    <li className="document" data-open={open || undefined} data-retired={retiredAt ? true : undefined}>
      <div className="document-line">
        <span className="document-name">
          <button type="button" aria-expanded={open} aria-controls={open ? id : undefined} onClick={() => turn(!open)}><bdi>{name}</bdi></button>
          <span className="row wrap">
            <span className="tag">{kindWords[kind]}</span>
            {retiredAt ? <span className="tag" data-tone="warning">retired</span> : !valid && <span className="tag" data-tone="danger">cannot run</span>}
          </span>
          {!retiredAt && !valid && invalidReason && <span className="document-wrong" dir="auto">{sentence(invalidReason)}</span>}
        </span>
        <span className="document-hash"><code className="faint">{short(hash)}</code><CopyButton label={`hash of ${name}`} text={hash} /></span>
        <span className="document-figure document-calls"><span>{plural(calls, 'call')}</span>{errors > 0 ? <span className="document-wrong">{plural(errors, 'error')}</span> : calls > 0 && <span className="faint">no errors</span>}</span>
        <span className="document-figure document-times faint">{p50Ms == null || p95Ms == null ? (calls > 0 ? 'not timed' : null) : <><span>{duration(p50Ms)} <abbr title="Half of the answers took at most so long">p50</abbr></span><span>{duration(p95Ms)} <abbr title="19 of 20 answers took at most so long">p95</abbr></span></>}</span>
        <span className="document-figure document-used faint">{lastUsedAt ? <span>used <Ago at={lastUsedAt} /></span> : 'never used'}</span>
        <ChevronDown className="document-turn" size={16} aria-hidden="true" />
      </div>
      {open && <div id={id} className="document-detail"><Detail of={of} may={may} retire={retire} done={done} /></div>}
    </li>
  );
}

const isWhole = (node: object): node is Whole => 'body' in node;

function Detail({ of, may, retire, done }: RowProps): ReactNode {
  const [{ data, error }] = useLive({ query: ONE, variables: { id: of.id }, on: ['DOCUMENTS'] });
  const whole = data?.node && isWhole(data.node) ? data.node : undefined;
  if (!whole) return error ? <p className="problem">This document cannot be read right now. Open it again in a moment.</p> : <Waiting rows={2} />;
  const { body, registeredAt, builds } = whole;
  return (
    <>
      <Code label={`Text of ${of.name}`} text={body} />
      <div className="document-columns">
        <dl className="document-facts">
          <div><dt>Hash</dt><dd><code>{of.hash}</code></dd></div>
          <div><dt>Registered</dt><dd><Ago at={registeredAt} /></dd></div>
          {of.retiredAt && <div><dt>Retired</dt><dd><Ago at={of.retiredAt} /></dd></div>}
        </dl>
        <Builds of={builds} />
      </div>
      {of.kind === 'QUERY' && !of.retiredAt && <Public of={whole} name={of.name} may={may} />}
      <Deeds of={of} body={body} may={may} retire={retire} done={done} />
    </>
  );
}

function Builds({ of }: { readonly of: Whole['builds'] }): ReactNode {
  if (of.length === 0) return <p className="faint">No build has sent it yet. Clients say which they are with the header <code>GraphQL-Client-Version</code>.</p>;
  return (
    <table className="document-builds">
      <caption className="visually-hidden">Who sent it</caption>
      <thead><tr><th scope="col">Build</th><th scope="col">Calls</th><th scope="col">Errors</th></tr></thead>
      <tbody>{of.map(({ build, calls, errors }) => <tr key={build}><th scope="row">{build === '' ? <span className="faint">not registered</span> : <bdi>{build}</bdi>}</th><td>{count(calls)}</td><td className={errors > 0 ? 'document-wrong' : 'faint'}>{count(errors)}</td></tr>)}</tbody>
    </table>
  );
}

function Deeds({ of: { name, hash, retiredAt }, body, may, retire, done }: RowProps & { readonly body: string }): ReactNode {
  const { frontend } = useFrontend();
  const [refused, refuse] = useState<readonly Refusal[]>([]);
  const [problem, setProblem] = useState<string>();
  const [{ fetching }, register] = useMutation(REGISTER);
  const again = async (): Promise<void> => {
    const { data, error } = await register({ input: { frontend: frontend.id, documents: [{ name, body, hash }] } });
    const payload = data?.documentsRegister;
    refuse(payload?.userErrors ?? []);
    setProblem(payload ? undefined : problemOf(error));
    if (!payload || payload.userErrors.length > 0) return;
    toast({ message: <><bdi>{name}</bdi> is registered again.</>, tone: 'good' });
    done();
  };
  return (
    <>
      <div className="row wrap">
        <Button component="a" href={inGraphiql(body)} target="_blank" rel="noopener" variant="default" size="compact-md" rightSection={<SquareArrowOutUpRight size={14} aria-hidden="true" />}>Open in GraphiQL</Button>
        {retiredAt
          ? <Allowed may={may}><Button variant="default" size="compact-md" loading={fetching} leftSection={<RotateCcw size={14} aria-hidden="true" />} onClick={() => void again()}>Register again</Button></Allowed>
          : <Allowed may={may}><Button variant="default" size="compact-md" leftSection={<FileX2 size={14} aria-hidden="true" />} onClick={retire}>Retire…</Button></Allowed>}
      </div>
      <div role="alert" className="document-said">
        {problem && <p className="problem">{problem}</p>}
        {refused.length > 0 && <div className="refused"><p><b>It was not registered.</b></p><Refusals of={refused} sourceOf={() => body} /></div>}
      </div>
    </>
  );
}
