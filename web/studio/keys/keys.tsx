import { Button, SegmentedControl } from '@mantine/core';
import { KeyRound } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Allowed, Denied } from '../access/allowed';
import { useMay } from '../access/may';
import { plural } from '../lib/format';
import { useFresh } from '../lib/fresh';
import { useFrontend } from '../lib/frontend';
import { Away } from '../ui/away';
import { Empty } from '../ui/empty';
import { Page } from '../ui/page';
import { Waiting } from '../ui/waiting';
import { Create } from './create';
import { KEYS_EVERYWHERE, KEYS_HERE, type Key } from './documents';
import { handed, hold, type Handed } from './handed';
import './keys.css';
import { Revoke } from './revoke';
import { Rotate } from './rotate';
import { Row, type Deed } from './row';
import { SecretDialog } from './secret';
import { ended, stateOf } from './state';

type Dialog = { readonly deed: 'create' } | { readonly deed: Deed; readonly id: string };

const NOTHING: readonly never[] = [];
const LEAD = 'For programs that ask this server: an integration, a build in CI, a page in a browser. A key may do exactly what its scopes say.';

/** The credentials of programs: what each may do, since when, until when. */
export default function Keys(): ReactNode {
  const { frontend } = useFrontend();
  const mayReadAll = useMay('keys:read');
  const mayRead = useMay('keys:read', { frontend });
  const mayWrite = useMay('keys:write', { frontend });
  const [wide, widen] = useState(false);
  const [after, setAfter] = useState<string>();
  const here = useFresh({ query: KEYS_HERE, variables: { slug: frontend.slug, after: after ?? null }, on: NOTHING, pause: wide || !mayRead.allowed });
  const everywhere = useFresh({ query: KEYS_EVERYWHERE, variables: { after: after ?? null }, on: NOTHING, pause: !wide || !mayReadAll.allowed });
  const [dialog, open] = useState<Dialog>();
  // A secret that was not copied is there again for who went to another view with it.
  const [secret, show] = useState<Handed | undefined>(handed);
  const close = (): void => open(undefined);
  const [, readHere] = here;
  const [, readEverywhere] = everywhere;
  const read = (): void => (wide ? readEverywhere : readHere)({ requestPolicy: 'network-only' });
  const hand = (made: Handed): void => {
    hold(made);
    show(made);
    close();
    read();
  };

  const create = <Allowed may={mayWrite}><Button leftSection={<KeyRound size={16} aria-hidden="true" />} onClick={() => open({ deed: 'create' })}>New key</Button></Allowed>;
  const keys = wide ? everywhere[0].data?.apiKeys : here[0].data?.frontend?.apiKeys;
  const all = keys?.edges.map(({ node }) => node) ?? [];
  const of = dialog && 'id' in dialog ? all.find(({ id }) => id === dialog.id) : undefined;
  const dialogs = (
    <>
      {dialog?.deed === 'create' && <Create close={close} made={hand} />}
      {dialog?.deed === 'rotate' && of && <Rotate of={of} close={close} made={hand} />}
      {dialog?.deed === 'revoke' && of && <Revoke of={of} close={close} done={read} />}
      {secret && <SecretDialog handed={secret} close={() => { hold(undefined); show(undefined); }} />}
    </>
  );
  if (!mayRead.allowed) {
    return <Page title="API keys" lead={LEAD} actions={create}><Empty title="You cannot see the API keys">{mayRead.why}</Empty>{dialogs}</Page>;
  }

  const error = (wide ? everywhere : here)[0].error;
  const working = all.filter((key) => !ended(stateOf(key)));
  const over = all.filter((key) => ended(stateOf(key)));
  // Who asks before something ends wants to see it as it is now.
  const run = (key: Key) => (deed: Deed): void => {
    open({ deed, id: key.id });
    read();
  };
  const rows = (list: readonly Key[]): ReactNode => list.map((key) => <Row key={key.id} of={key} wide={wide} run={run(key)} />);
  const { endCursor, hasNextPage } = keys?.pageInfo ?? {};
  return (
    <Page title="API keys" lead={LEAD} actions={create}>
      <div className="row wrap keys-bar">
        <SegmentedControl
          size="xs" aria-label="Which keys" value={wide ? 'all' : 'here'} onChange={(value) => { widen(value === 'all'); setAfter(undefined); }}
          data={[{ value: 'here', label: <span dir="auto">{frontend.name}</span> }, { value: 'all', label: 'Whole installation', disabled: !mayReadAll.allowed }]}
        />
        {keys && <span className="muted" role="status">{plural(keys.totalCount, 'key')}{wide ? ' in all' : ` for ${frontend.slug} alone`}</span>}
      </div>
      <Denied may={mayReadAll}>Keys that hold everywhere are not shown.</Denied>
      {!keys ? (error ? <Away /> : <Waiting rows={4} height={84} />) : all.length === 0 && after === undefined ? (
        <Empty title={wide ? 'No API key yet' : `No API key for ${frontend.name} yet`} actions={create}>
          Give each program a key of its own, with no more than it needs: then you see which one is used, and can take one away without touching the others. The secret is shown once.
        </Empty>
      ) : (
        <>
          {working.length > 0 && <ul className="card lines" aria-label="Keys that work">{rows(working)}</ul>}
          {working.length === 0 && <p className="card keys-none muted">None of these works any more.</p>}
          {over.length > 0 && (
            <details className="keys-over">
              <summary>{plural(over.length, 'key')} that {over.length === 1 ? 'has' : 'have'} ended</summary>
              <ul className="card lines" aria-label="Keys that have ended">{rows(over)}</ul>
            </details>
          )}
        </>
      )}
      {(hasNextPage || after !== undefined) && (
        <div className="row keys-pages">
          {after !== undefined && <Button variant="default" onClick={() => setAfter(undefined)}>To the newest</Button>}
          {hasNextPage && endCursor && <Button variant="default" className="push" onClick={() => setAfter(endCursor)}>Older</Button>}
        </div>
      )}
      {dialogs}
    </Page>
  );
}
