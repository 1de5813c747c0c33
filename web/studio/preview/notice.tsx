import { Button } from '@mantine/core';
import { useEffect, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { useFrontend } from '../lib/frontend';
import type { BridgeState } from './bridge';
import type { Choice } from './source';

/** Whether the browser refused to frame this origin: the studio was opened before the server named it. */
function useBlocked(origin: string | undefined): boolean {
  const [blocked, block] = useState<string>();
  useEffect(() => {
    const listener = ({ effectiveDirective, blockedURI }: SecurityPolicyViolationEvent): void => {
      if (effectiveDirective === 'frame-src' && URL.canParse(blockedURI)) block(new URL(blockedURI).origin);
    };
    document.addEventListener('securitypolicyviolation', listener);
    return () => document.removeEventListener('securitypolicyviolation', listener);
  }, []);
  return origin !== undefined && blocked === origin;
}

interface NoticeProps {
  readonly page: Choice;
  readonly state: BridgeState;
  readonly again: () => void;
}

/** Says what to do when the customer's page does not show the draft. */
export function Notice({ page, state, again }: NoticeProps): ReactNode {
  const { frontend } = useFrontend();
  const blocked = useBlocked(page.own);
  const settings = <Link href={`/${frontend.slug}/settings`}>Settings</Link>;
  if (page.refused !== undefined) return <div className="notice" role="status"><p>{page.refused} {settings}</p></div>;
  if (page.source?.kind !== 'own' || (state !== 'silent' && !blocked)) return null;
  return (
    <div className="notice" role="status">
      <p>
        {blocked ? 'This preview address is newer than this tab. Load the studio again to see it.' : (
          <>
            <b><bdi>{page.own}</bdi> does not answer.</b> Is it running? Does it use the Sonata SDK, with the preview token of its address?
            {!page.registered && <> Its origin is not registered, so it may not ask for drafts: add it in {settings}.</>}
          </>
        )}
      </p>
      <span className="row">
        <Button size="compact-sm" variant="default" onClick={blocked ? () => location.reload() : again}>{blocked ? 'Load again' : 'Try again'}</Button>
        <Button size="compact-sm" variant="subtle" onClick={() => page.choose('builtin')}>Use the built-in renderer</Button>
      </span>
    </div>
  );
}
