import { Button } from '@mantine/core';
import { FilePlus2 } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';
import { Allowed, Denied } from '../access/allowed';
import { useMay } from '../access/may';
import { useLive } from '../lib/activity';
import { useFrontend } from '../lib/frontend';
import { Away } from '../ui/away';
import { Empty } from '../ui/empty';
import { Page } from '../ui/page';
import { Waiting } from '../ui/waiting';
import './documents.css';
import { SAFELIST } from './graph';
import { Modes } from './modes';
import { Register } from './register';
import { TrustedList } from './trusted';
import { UnknownList } from './unknown';

/** The operations that clients of a frontend send: which are registered, which are not, and what becomes of those. */
export default function Documents(): ReactNode {
  const { frontend } = useFrontend();
  const mayRead = useMay('documents:read', { frontend });
  const mayWrite = useMay('documents:write', { frontend });
  const [{ data, error }, again] = useLive({ query: SAFELIST, variables: { slug: frontend.slug }, on: ['FRONTEND'], pause: !mayRead.allowed });
  const [registering, register] = useState(false);
  // What was registered or retired is read at once, not when the server says that something changed.
  const [times, count] = useState(0);
  const read = (): void => count((n) => n + 1);
  const unknown = useRef<HTMLHeadingElement>(null);
  const safelist = data?.frontend?.safelist;
  const lead = <>The operations that clients of <bdi>{frontend.name}</bdi> send. The safelist can refuse all others.</>;

  if (!mayRead.allowed) return <Page title="Documents"><Empty title="You cannot see the documents">{mayRead.why}</Empty></Page>;
  const start = <Allowed may={mayWrite}><Button leftSection={<FilePlus2 size={16} aria-hidden="true" />} onClick={() => register(true)}>Register documents</Button></Allowed>;
  return (
    <Page title="Documents" lead={lead} actions={start}>
      {!safelist ? (error ? <Away /> : <Waiting rows={4} height={96} />) : (
        <div className="documents">
          <Denied may={mayWrite}>You can look at this.</Denied>
          <Modes mode={safelist} may={mayWrite} changed={() => again({ requestPolicy: 'network-only' })} show={() => unknown.current?.focus()} />
          <UnknownList mode={safelist} may={mayWrite} times={times} done={read} heading={unknown} />
          <TrustedList mode={safelist} may={mayWrite} times={times} done={read} register={start} />
        </div>
      )}
      {registering && <Register close={() => register(false)} done={read} />}
    </Page>
  );
}
