import { Button, SegmentedControl } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { useState, type ReactNode } from 'react';
import { encode } from 'uqr';
import { useMutation } from 'urql';
import { Link } from 'wouter';
import { useEditor } from '../editor/context';
import { failed } from '../lib/failed';
import { exactly } from '../lib/format';
import { useFrontend } from '../lib/frontend';
import { addressAt } from './path';
import { LINK } from './token';

const SPANS = [
  { hours: 1, word: '1 hour' },
  { hours: 24, word: '1 day' },
  { hours: 72, word: '3 days' },
  { hours: 720, word: '30 days' },
] as const;

interface Made {
  /** Null: the frontend has no address to lead to. */
  readonly url: string | null;
  readonly expiresAt: string;
}

export default function ShareForm({ path }: { readonly path: string }): ReactNode {
  const { screen } = useEditor();
  const { frontend } = useFrontend();
  const [what, setWhat] = useState('screen');
  const [hours, setHours] = useState('72');
  const [made, set] = useState<Made>();
  const [{ fetching }, create] = useMutation(LINK);

  const make = async (): Promise<void> => {
    const { data, error } = await create({ input: { frontend: frontend.id, screen: what === 'screen' ? screen.id : null, expiresInHours: Number(hours) } });
    const link = data?.previewLinkCreate;
    if (failed(error, link?.userErrors) || !link?.expiresAt) return;
    // What the server takes as an address, a browser may not.
    set({ url: link.url && URL.canParse(link.url) ? addressAt(link.url, screen.path === null ? '' : path) : null, expiresAt: link.expiresAt });
  };
  const change = (then: (value: string) => void) => (value: string): void => {
    then(value);
    set(undefined);
  };

  return (
    <div className="share stack">
      <p className="muted">Whoever has the link sees the draft as it is then, without signing in.</p>
      <SegmentedControl size="xs" fullWidth aria-label="What the link shows" value={what} onChange={change(setWhat)} data={[{ value: 'screen', label: 'This screen' }, { value: 'all', label: 'Every screen' }]} />
      <SegmentedControl size="xs" fullWidth aria-label="How long the link works" value={hours} onChange={change(setHours)} data={SPANS.map(({ hours: value, word }) => ({ value: String(value), label: word }))} />
      {made ? <Result made={made} settings={`/${frontend.slug}/settings`} /> : <Button loading={fetching} onClick={() => void make()}>Make a link</Button>}
    </div>
  );
}

function Result({ made: { url, expiresAt }, settings }: { readonly made: Made; readonly settings: string }): ReactNode {
  const { copy, copied } = useClipboard();
  if (url === null) return <p>This frontend has no preview address that the link could lead to. Set one in its <Link href={settings}>settings</Link>.</p>;
  return (
    <>
      <label className="share-link">
        <span className="visually-hidden">Preview link</span>
        <input className="mono" readOnly value={url} onFocus={(event) => event.target.select()} />
        <Button size="compact-sm" variant="light" data-autofocus onClick={() => copy(url)}>{copied ? 'Copied' : 'Copy'}</Button>
      </label>
      <span className="visually-hidden" role="status">{copied ? 'The link is copied' : 'The link is ready'}</span>
      <QrCode text={url} />
      <p className="faint">Works until {exactly(expiresAt)}. <a href={url} target="_blank" rel="noreferrer">Open it</a></p>
    </>
  );
}

/** What the largest code holds, in bytes at the lowest correction; an address is ASCII. */
const MOST_IN_QR = 2_953;

/** Always dark on light, with a quiet edge: cameras expect it. */
function QrCode({ text }: { readonly text: string }): ReactNode {
  if (text.length > MOST_IN_QR) return <p className="faint">The link is too long for a QR code.</p>;
  const { size, data } = encode(text, { border: 3 });
  const dots = data.flatMap((line, y) => line.flatMap((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : []))).join('');
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label="QR code of the preview link" shapeRendering="crispEdges">
      <path d={`M0 0h${size}v${size}h-${size}z`} fill="#fff" />
      <path d={dots} fill="#15201c" />
    </svg>
  );
}
