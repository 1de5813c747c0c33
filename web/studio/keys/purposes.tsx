import { Bot, Globe, Hammer, Plug, type LucideIcon } from 'lucide-react';
import { useId, type ReactNode } from 'react';
import { useViewer } from '../access/viewer';
import { and } from '../lib/format';
import { notHeld, type Hold } from './give';
import { purposeOf, purposes, type Purpose, type PurposeWords } from './scopes';

const icons: Record<Purpose, LucideIcon> = { integrator: Plug, ci: Hammer, browser: Globe, automation: Bot };

interface PurposesProps {
  readonly scopes: readonly string[];
  readonly publishable: boolean;
  readonly at: Hold;
  readonly take: (purpose: PurposeWords) => void;
}

/** What most keys are for: each choice fills in the scopes below. */
export function Purposes({ scopes, publishable, at, take }: PurposesProps): ReactNode {
  const id = useId();
  const viewer = useViewer();
  const chosen = purposeOf(scopes, publishable);
  return (
    <fieldset className="key-part">
      <legend>What for</legend>
      <div className="purposes">
        {purposes.map((entry) => {
          const { purpose, name, does } = entry;
          const Icon = icons[purpose];
          const missing = notHeld(viewer, entry.scopes, at);
          return (
            <label key={purpose} className="purpose" data-denied={missing.length > 0 || undefined}>
              <input type="radio" name={`${id}purpose`} checked={chosen === purpose} onChange={() => missing.length === 0 && take(entry)} aria-disabled={missing.length > 0 || undefined} aria-labelledby={`${id}${purpose}`} aria-describedby={`${id}${purpose}does`} />
              <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
              <b id={`${id}${purpose}`}>{name}</b>
              <span id={`${id}${purpose}does`} className="muted">{missing.length > 0 ? `You cannot give ${and(missing)} there` : does}</span>
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
