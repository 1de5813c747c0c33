// The built-in renderer: shows the draft of any frontend in the studio, without asking anybody for anything. It runs in a
// frame without an origin, so it has no storage and no cookies, and gets its states over the bridge from whoever opened it
// with a nonce.
import type { Snapshot } from '@sonata/sdk';
import { Tree } from '@sonata/sdk/react';
import { startTransition, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { openGuest, type Guest } from '../sdk/src/guest.js';
import { componentsOf } from './builds';
import { ShopContext, type BlockProps, type Shop } from './context';
import { Unknown } from './unknown';
import { LATEST } from './variant';

const components = componentsOf(LATEST);
const unknown = (input: BlockProps): ReactNode => <Unknown {...input} />;
const nonce = decodeURIComponent(location.hash.slice(1));

function Renderer(): ReactNode {
  const [snapshot, setSnapshot] = useState<Snapshot | null>(null);
  const guest = useRef<Guest>(undefined);
  useEffect(() => {
    guest.current = openGuest({
      origin: null,
      nonce,
      ready: () => ({ frontend: null, build: null, manifest: null }),
      patch: (next) => startTransition(() => setSnapshot(next)),
    });
    return () => guest.current?.close();
  }, []);
  const shop = useMemo<Shop>(() => ({
    path: snapshot?.path ?? '/',
    params: snapshot?.params ?? null,
    address: () => '#', // links lead nowhere here: a click chooses
    go: () => undefined,
    addToBasket: () => undefined,
    has: (key) => snapshot?.blocks.some((block) => block.key === key) ?? false,
    lacks: (key) => snapshot?.degradations.some(({ blockKey, reason }) => blockKey === key && reason === 'DATA_UNAVAILABLE') ?? false,
  }), [snapshot]);
  if (!snapshot) return nonce ? null : <p className="waiting">The studio shows drafts here.</p>;
  return (
    <ShopContext value={shop}>
      <Tree key={snapshot.key} snapshot={snapshot} registry={components} unknown={unknown} onError={(key, error) => guest.current?.failed(key, error instanceof Error ? error.message : String(error))} />
    </ShopContext>
  );
}

const element = document.getElementById('root');
if (element) createRoot(element).render(<Renderer />);
