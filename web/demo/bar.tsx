import type { Connection, Degradation, Snapshot } from '@sonata/sdk';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { Variant } from './variant';

const REASONS = new Map<string, string>([
  ['UNKNOWN_COMPONENT', 'this build does not know it'],
  ['VERSION_TOO_OLD', 'this build knows an older version'],
  ['PROJECTED', 'newer properties were left out'],
  ['FALLBACK_USED', 'its fallback is shown'],
  ['DROPPED', 'left out, there is nothing to show instead'],
  ['DATA_UNAVAILABLE', 'its data is not there right now'],
]);

const STATES: Record<Connection, string> = { open: 'live', connecting: 'connecting…', away: 'reconnecting…' };

/** Without a screen there is nothing that could be live. */
const stateOf = (connection: Connection, shown: boolean): readonly [state: string, word: string] =>
  connection === 'open' && !shown ? ['idle', 'connected'] : [connection, STATES[connection]];

const lackOnly = (all: readonly Degradation[]): boolean => all.every(({ reason }) => reason === 'DATA_UNAVAILABLE');

interface BarProps {
  readonly variant: Variant;
  readonly connection: Connection;
  readonly snapshot: Snapshot | undefined;
  readonly manifestKnown: boolean;
  /** This address as the other build. */
  readonly otherBuild: { readonly name: string; readonly href: string };
}

/** What a developer wants to know about the screen, in one quiet line. */
export function Bar({ variant, connection, snapshot, manifestKnown, otherBuild }: BarProps): ReactNode {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLElement>(null);
  const degradations = snapshot?.degradations ?? [];
  const release = snapshot?.release?.number;
  const [state, word] = stateOf(connection, snapshot !== undefined);

  useEffect(() => {
    if (!open) return;
    const close = (event: Event): void => {
      if (event instanceof KeyboardEvent ? event.key === 'Escape' : !box.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('keydown', close);
    document.addEventListener('pointerdown', close);
    return () => {
      document.removeEventListener('keydown', close);
      document.removeEventListener('pointerdown', close);
    };
  }, [open]);

  return (
    <aside className="bar" aria-label="About this screen" ref={box}>
      {open && snapshot && <Details degradations={degradations} manifestKnown={manifestKnown} variant={variant} otherBuild={otherBuild} />}
      <div className="line">
        <span className="state" data-state={state} role="status"><i aria-hidden="true" />{word}</span>
        <span><span className="word">build </span>{variant.build}</span>
        <span className="environment">{variant.previewToken !== undefined ? 'preview' : variant.environment}</span>
        {snapshot && (
          <>
            <span className="release" key={release ?? 'draft'} data-testid="release">{release === undefined ? 'draft' : <><span className="word">release </span><span className="short" aria-hidden="true">#</span>{release}</>}</span>
            <button type="button" aria-expanded={open} onClick={() => setOpen(!open)} data-testid="degradations">
              {degradations.length === 0 ? <>as designed</> : <>{degradations.length} {lackOnly(degradations) ? 'without data' : 'adapted'}</>}
              <svg viewBox="0 0 10 6" aria-hidden="true"><path d="M1 5l4-4 4 4" fill="none" stroke="currentColor" strokeWidth="1.5" /></svg>
            </button>
          </>
        )}
        <a href="/graphiql">GraphiQL</a>
      </div>
    </aside>
  );
}

function Details({ degradations, manifestKnown, variant, otherBuild }: { readonly degradations: readonly Degradation[] } & Pick<BarProps, 'manifestKnown' | 'variant' | 'otherBuild'>): ReactNode {
  return (
    <div className="sheet">
      {degradations.length === 0 ? (
        <p>Build {variant.build} shows every block of this screen exactly as it was designed.</p>
      ) : (
        <>
          <p>{lackOnly(degradations) ? 'Not all of the data of this screen is there right now. What is missing comes back by itself:' : `Build ${variant.build} cannot render all of this screen, so Sonata adapted ${degradations.length === 1 ? 'one block' : `${degradations.length} blocks`}:`}</p>
          <ul>
            {degradations.map((d, i) => (
              <li key={`${d.blockKey} ${i}`}>
                <strong dir="auto">{d.blockKey}</strong>
                <code>{d.wanted}{d.served && ` → ${d.served}`}</code>
                <span>{REASONS.get(d.reason) ?? d.reason}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      {!manifestKnown && <p>The manifest of this build is not known here, so the versions in the release are served.</p>}
      <p><a href={otherBuild.href}>See it as build {otherBuild.name}</a></p>
    </div>
  );
}
