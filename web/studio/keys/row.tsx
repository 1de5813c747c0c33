import { ActionIcon, Menu } from '@mantine/core';
import { Ellipsis, RefreshCw, ShieldOff } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Allowed } from '../access/allowed';
import { useMay, type May } from '../access/may';
import { useViewer } from '../access/viewer';
import { and, count } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { Ago } from '../ui/ago';
import type { Key } from './documents';
import { notHeld } from './give';
import { ended, stateOf, stateWords } from './state';

export type Deed = 'rotate' | 'revoke';

interface RowProps {
  readonly of: Key;
  /** True among the keys of the whole installation. */
  readonly wide: boolean;
  readonly run: (deed: Deed) => void;
}

/** One key: what it is called, what it may do and where, whether somebody uses it, and what can be done about it. */
export function Row({ of: key, wide, run }: RowProps): ReactNode {
  const state = stateOf(key);
  const { word, tone } = stateWords[state];
  return (
    <li className="key" data-ended={ended(state) || undefined}>
      <div className="key-who">
        <span className="row wrap"><b dir="auto">{key.name}</b><span className="tag" data-tone={tone}>{word}</span>{key.publishable && <span className="tag">publishable</span>}</span>
        <code className="muted">{key.prefix}…</code>
      </div>
      <div className="key-may">
        <Scopes scopes={key.scopes} />
        <span className="faint">{placeWords(key, wide)}{key.requestsPerMinute != null && ` · ${count(key.requestsPerMinute)} requests a minute`}</span>
      </div>
      <div className="key-when faint">
        <span className={key.lastUsedAt ? 'key-used' : undefined}>{key.lastUsedAt ? <>used <Ago at={key.lastUsedAt} /></> : 'never used'}</span>
        <span><Ends of={key} /></span>
        <span>made {key.createdBy && <>by <bdi>{key.createdBy.name}</bdi> </>}<Ago at={key.createdAt} /></span>
      </div>
      {ended(state) ? <span /> : <Deeds of={key} run={run} />}
    </li>
  );
}

/** "every frontend · staging · services prices". */
export function placeWords({ frontend, environments, services }: Pick<Key, 'frontend' | 'environments' | 'services'>, wide: boolean): string {
  const parts = [environments.length > 0 ? and(environments) : 'every environment'];
  if (wide || !frontend) parts.unshift(frontend ? frontend.slug : 'every frontend');
  if (services.length > 0) parts.push(`${services.length === 1 ? 'service' : 'services'} ${and(services)}`);
  return parts.join(' · ');
}

const SHOWN = 5;

function Scopes({ scopes }: { readonly scopes: readonly string[] }): ReactNode {
  const [all, showAll] = useState(false);
  const shown = all || scopes.length <= SHOWN + 1 ? scopes : scopes.slice(0, SHOWN);
  const rest = scopes.length - shown.length;
  return (
    <span className="row wrap key-scopes">
      {shown.map((scope) => <code key={scope}>{scope}</code>)}
      {rest > 0 && <button type="button" onClick={() => showAll(true)} aria-label={`${rest} more scopes`}>+{rest}</button>}
    </span>
  );
}

function Ends({ of: key }: { readonly of: Key }): ReactNode {
  switch (stateOf(key)) {
    case 'revoked': return <>revoked <Ago at={key.revokedAt ?? ''} /></>;
    case 'expired': return <>{key.rotatedAt ? 'rotated, ended' : 'expired'} <Ago at={key.expiresAt ?? ''} /></>;
    case 'overlap': return <>rotated <Ago at={key.rotatedAt ?? ''} />, ends <Ago at={key.expiresAt ?? ''} /></>;
    default: return key.expiresAt ? <>expires <Ago at={key.expiresAt} /></> : 'never expires';
  }
}

function Deeds({ of: key, run }: { readonly of: Key; readonly run: (deed: Deed) => void }): ReactNode {
  const { frontend } = useFrontend();
  const viewer = useViewer();
  const mayWrite = useMay('keys:write', key.frontend ? { frontend: key.frontend } : {});
  const missing = notHeld(viewer, key.scopes, { frontend: key.frontend?.id ?? '', environments: key.environments, services: key.services });
  let mayRotate: May = mayWrite;
  if (mayWrite.allowed && stateOf(key) === 'overlap') mayRotate = { allowed: false, why: 'It was rotated already: rotate the key that took over, or revoke this one.' };
  else if (mayWrite.allowed && missing.length > 0) mayRotate = { allowed: false, why: `Nobody gives more than they hold, and this key holds ${and(missing)}${key.frontend ? ` for ${key.frontend.slug}` : ` beyond ${frontend.slug}`}.` };
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={`More about ${key.name}, ${key.prefix}`}><Ellipsis size={17} aria-hidden="true" /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Allowed may={mayRotate}><Menu.Item leftSection={<RefreshCw size={15} aria-hidden="true" />} onClick={() => run('rotate')}>Rotate…</Menu.Item></Allowed>
        <Menu.Divider />
        <Allowed may={mayWrite}><Menu.Item color="red" leftSection={<ShieldOff size={15} aria-hidden="true" />} onClick={() => run('revoke')}>Revoke…</Menu.Item></Allowed>
      </Menu.Dropdown>
    </Menu>
  );
}
