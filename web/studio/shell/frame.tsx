import { Button, Kbd, Tooltip } from '@mantine/core';
import { Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { Account } from '../account/account';
import { Allowed } from '../access/allowed';
import { useMay } from '../access/may';
import { useViewer } from '../access/viewer';
import { Banner } from '../alerts/banner';
import { useConnection } from '../lib/client';
import { useFrontend } from '../lib/frontend';
import { usePending } from '../lib/pending';
import { usePublish } from '../lib/publish';
import { EnvironmentMenu } from '../ui/environment';
import './frame.css';
import { FrontendMenu } from './frontendmenu';
import { MOD } from './keys';
import { placesFor } from './places';

/** What is around every view: where one is, where one can go, and the way to publish. */
export function Frame({ search, children }: { readonly search: () => void; readonly children: ReactNode }): ReactNode {
  const { frontend, environment } = useFrontend();
  const mayPublish = useMay('release:write', { frontend, environment: environment.key });
  const viewer = useViewer();
  const [location] = useLocation();
  const pending = usePending();
  const publish = usePublish();
  const inEditor = /^\/[^/]+\/screens\/[^/]+/.test(location);
  return (
    <div className="frame" data-compact={inEditor || undefined}>
      <a className="skip" href="#view" onClick={(event) => { event.preventDefault(); document.getElementById('view')?.focus(); }}>Skip to content</a>
      <header className="top">
        <Link href={`/${frontend.slug}`} className="mark" aria-label="Sonata, home"><img src="/favicon.svg" alt="" width="28" height="28" /></Link>
        <FrontendMenu />
        <button type="button" className="search" onClick={search}>
          <Search size={15} aria-hidden="true" />
          <span className="search-words">Search or do…</span>
          <Kbd size="xs">{MOD}K</Kbd>
        </button>
        <div className="row push">
          <ConnectionMark />
          <EnvironmentMenu />
          <Allowed may={mayPublish} label={`Publish (⇧${MOD}P)`}>
            <Button size="compact-md" onClick={() => publish()} disabled={pending === 0} data-testid="publish">
              Publish{pending ? <span className="pending">{pending}</span> : null}
            </Button>
          </Allowed>
          <Account />
        </div>
      </header>
      <Banner frontend={frontend.slug} />
      <nav className="rail" aria-label="Studio">
        <ul>
          {placesFor(viewer, frontend).map(({ path, name, icon: Icon }) => {
            const here = path === '' ? location === `/${frontend.slug}` : location.startsWith(`/${frontend.slug}${path}`);
            return (
              <li key={name}>
                <Link href={`/${frontend.slug}${path}`} aria-current={here ? 'page' : undefined}>
                  <Icon size={17} strokeWidth={1.75} aria-hidden="true" />
                  <span>{name}</span>
                  {path === '/changes' && pending ? <b aria-label={`${pending} to publish`}>{pending}</b> : null}
                </Link>
              </li>
            );
          })}
        </ul>
      </nav>
      <main id="view" className="view" tabIndex={-1}>{children}</main>
    </div>
  );
}

function ConnectionMark(): ReactNode {
  const connection = useConnection();
  if (connection !== 'away') return <span role="status" className="visually-hidden" data-testid="connection">{connection === 'open' ? 'connected' : 'connecting'}</span>;
  return (
    <Tooltip label="The server does not answer. What you type is kept and sent afterwards.">
      <span role="status" tabIndex={0} className="tag" data-tone="warning" data-testid="connection">reconnecting…</span>
    </Tooltip>
  );
}
