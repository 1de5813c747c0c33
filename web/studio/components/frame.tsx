import { useEffect, useRef, useState, type ReactNode } from 'react';

interface RendererFrameProps {
  /** In the shape of a ScreenSnapshot. */
  readonly snapshot: object;
  readonly title: string;
}

/** How often the frame is greeted until it answers, in milliseconds. */
const EVERY = 200;

const random = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * The built-in renderer in a frame without an origin. It believes whoever knows the nonce in its address, and what it
 * shows is handed to it over a port: it can ask for nothing itself.
 */
export function RendererFrame({ snapshot, title }: RendererFrameProps): ReactNode {
  const frame = useRef<HTMLIFrameElement>(null);
  const [nonce] = useState(random);
  const port = useRef<MessagePort>(undefined);
  const latest = useRef(snapshot);

  useEffect(() => {
    latest.current = snapshot;
    port.current?.postMessage({ type: 'patch', snapshot });
  }, [snapshot]);

  useEffect(() => {
    const greet = (): void => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }: MessageEvent<{ type?: unknown } | null>) => {
        if (data?.type !== 'ready') return;
        clearInterval(timer);
        port.current = port1;
        port1.postMessage({ type: 'patch', snapshot: latest.current });
      };
      // The frame has no origin that could be named; the nonce stands for it.
      frame.current?.contentWindow?.postMessage({ sonata: 'preview', type: 'hello', protocol: 1, nonce }, '*', [port2]);
    };
    const timer = setInterval(greet, EVERY);
    return () => {
      clearInterval(timer);
      port.current?.close();
      port.current = undefined;
    };
  }, [nonce]);

  return <iframe ref={frame} className="example" title={title} src={`/demo/renderer#${nonce}`} sandbox="allow-scripts" referrerPolicy="no-referrer" />;
}
