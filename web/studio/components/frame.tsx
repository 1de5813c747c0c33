import type { Snapshot } from '@sonata/sdk';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Bridge } from '../preview/bridge';

interface RendererFrameProps {
  readonly snapshot: Snapshot;
  readonly title: string;
}

const random = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

const nothing = (): void => undefined;
/** An example is looked at, not edited: what is pointed at in it does not matter. */
const DEAF = { state: nothing, rects: nothing, click: nothing, hover: nothing, renderError: nothing, scrolled: nothing };

/** The built-in renderer in a frame without an origin, which shows what it is handed. */
export function RendererFrame({ snapshot, title }: RendererFrameProps): ReactNode {
  const frame = useRef<HTMLIFrameElement>(null);
  const bridge = useRef<Bridge>(undefined);
  const [nonce] = useState(random);
  const latest = useRef(snapshot);

  useEffect(() => {
    latest.current = snapshot;
    bridge.current?.patch(snapshot);
  }, [snapshot]);

  useEffect(() => {
    if (!frame.current) return;
    const opened = new Bridge(frame.current, { nonce }, DEAF);
    bridge.current = opened;
    opened.patch(latest.current);
    return () => {
      bridge.current = undefined;
      opened.close();
    };
  }, [nonce]);

  return <iframe ref={frame} className="example" title={title} src={`/demo/renderer#${nonce}`} sandbox="allow-scripts" referrerPolicy="no-referrer" onLoad={() => bridge.current?.loaded()} />;
}
