import type { Snapshot } from '@sonata/sdk';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useImperativeHandle, useMemo, useRef, useState, type ReactNode, type Ref } from 'react';
import { Bridge, type Address, type BridgeState } from './bridge';
import type { Rect, Who } from './messages';
import { Outlines, type Marks } from './outlines';
import type { Source } from './source';

/** What can be asked of a stage from outside. */
export interface StageHandle {
  reveal(key: string): void;
  scroll(ratio: number): void;
}

export interface StageEvents {
  state(state: BridgeState, who: Who | null): void;
  click(key: string, frame: HTMLIFrameElement): void;
  renderError(key: string, message: string): void;
  scrolled(ratio: number): void;
}

interface StageProps {
  readonly ref?: Ref<StageHandle>;
  /** What the frame is called for those who do not see it. */
  readonly label: string;
  readonly source: Source;
  /** Undefined: not known yet. */
  readonly snapshot: Snapshot | null | undefined;
  readonly manifest: string | null;
  /** CSS pixels; null fills the place. */
  readonly width: number | null;
  readonly marks: Omit<Marks, 'hovered'>;
  readonly events: Partial<StageEvents>;
  readonly onZoom?: (zoom: number) => void;
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');

/** One page in a frame of a device's width, with outlines over it. */
export function Stage({ ref, label, source, snapshot, manifest, width, marks, events, onZoom }: StageProps): ReactNode {
  const { ref: place, width: room, height } = useElementSize();
  const frame = useRef<HTMLIFrameElement>(null);
  const bridge = useRef<Bridge>(undefined);
  const [rects, setRects] = useState<readonly Rect[]>([]);
  const [hovered, hover] = useState<string | null>(null);

  const nonce = useMemo(() => Array.from(crypto.getRandomValues(new Uint8Array(16)), hex).join(''), []);
  const src = source.kind === 'own' ? source.src : `/demo/renderer#${nonce}`;
  const origin = source.kind === 'own' ? source.origin : '';

  const latest = useRef({ events, snapshot, manifest });
  useEffect(() => {
    latest.current = { events, snapshot, manifest };
  });

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const address: Address = origin === '' ? { nonce } : { origin };
    const opened = new Bridge(element, address, {
      state: (state, who) => {
        setRects([]);
        hover(null);
        latest.current.events.state?.(state, who);
      },
      rects: setRects,
      hover,
      click: (key) => latest.current.events.click?.(key, element),
      renderError: (key, message) => latest.current.events.renderError?.(key, message),
      scrolled: (ratio) => latest.current.events.scrolled?.(ratio),
    });
    bridge.current = opened;
    opened.context(latest.current.manifest);
    if (latest.current.snapshot !== undefined) opened.patch(latest.current.snapshot);
    return () => opened.close();
  }, [src, origin, nonce]);

  useEffect(() => bridge.current?.context(manifest), [manifest]);
  useEffect(() => {
    if (snapshot !== undefined) bridge.current?.patch(snapshot);
  }, [snapshot]);

  useImperativeHandle(ref, () => ({
    reveal: (key) => bridge.current?.select(key),
    scroll: (ratio) => bridge.current?.scroll(ratio),
  }), []);

  const scale = width === null || room === 0 ? 1 : Math.min(1, room / width);
  useEffect(() => onZoom?.(scale), [onZoom, scale]);
  const shown = width === null ? room : width * scale;
  return (
    <div className="stage" ref={place}>
      <div className="device" data-whole={shown >= room || undefined} style={{ width: shown, height }}>
        <iframe
          key={src}
          ref={frame}
          title={label}
          src={src}
          // Without top navigation, popups and dialogs. Its own origin is another one than the studio's: see `pageOf`. 
          sandbox={source.kind === 'own' ? 'allow-scripts allow-same-origin allow-forms' : 'allow-scripts'}
          style={{ width: shown / scale, height: height / scale, transform: scale === 1 ? undefined : `scale(${scale})` }}
          onLoad={() => bridge.current?.loaded()}
        />
        <Outlines rects={rects} scale={scale} width={shown} height={height} marks={{ ...marks, hovered }} />
      </div>
    </div>
  );
}
