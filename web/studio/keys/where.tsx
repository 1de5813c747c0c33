import { NativeSelect } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { holds, useMay } from '../access/may';
import { useViewer } from '../access/viewer';
import { and } from '../lib/format';
import { WHERE } from '../members/documents';
import { limitedTo } from './give';

interface Place {
  /** Id; empty for every one. */
  readonly frontend: string;
  /** Keys; empty for every one. */
  readonly environments: readonly string[];
}

interface WhereProps {
  readonly value: Place;
  readonly set: (place: Place) => void;
  readonly publishable: boolean;
  readonly said: { readonly frontend: string | undefined; readonly environments: string | undefined };
}

/** The frontend and the environments where the scopes hold. */
export function Where({ value, set, publishable, said }: WhereProps): ReactNode {
  const id = useId();
  const viewer = useViewer();
  const everywhere = useMay('keys:write');
  const [{ data }] = useQuery({ query: WHERE });
  const all = data?.frontends?.edges.map(({ node }) => node) ?? [];
  const frontends = all.filter((frontend) => !viewer || holds(viewer, 'keys:write', { frontend }));
  // A key for every frontend can be for one environment of all of them.
  const keys = [...new Set((value.frontend === '' ? frontends : frontends.filter(({ id: own }) => own === value.frontend)).flatMap(({ environments }) => environments.map(({ key }) => key)))];
  const limits = limitedTo(viewer, value.frontend);
  const every = value.environments.length === 0;
  const toggle = (key: string): void => {
    const before = every ? keys : value.environments;
    const next = before.includes(key) ? before.filter((other) => other !== key) : [...before, key];
    // None would mean every one.
    if (next.length > 0) set({ ...value, environments: limits === undefined && keys.every((other) => next.includes(other)) ? [] : next });
  };
  const why = publishable ? 'A publishable key names its frontend.' : everywhere.allowed ? undefined : `Not for every frontend: ${everywhere.why.charAt(0).toLowerCase()}${everywhere.why.slice(1)}`;
  return (
    <fieldset className="key-part">
      <legend>Where</legend>
      <div className="key-where">
        <NativeSelect
          aria-label="Frontend" value={value.frontend} error={said.frontend} {...(why ? { description: why, inputWrapperOrder: ['input', 'description', 'error'] as const } : {})}
          onChange={(event) => set({ frontend: event.currentTarget.value, environments: limitedTo(viewer, event.currentTarget.value) ?? [] })}
          data={[...frontends.map((frontend) => ({ value: frontend.id, label: frontend.name })), { value: '', label: 'Every frontend, and those to come', disabled: why !== undefined }]}
        />
        <div className="row wrap" role="group" aria-label="Environments" {...(said.environments ? { 'aria-describedby': `${id}said` } : {})}>
          {keys.map((key) => {
            const beyond = limits !== undefined && !limits.includes(key);
            return (
              <label key={key} className="key-environment" data-denied={beyond || undefined}>
                <input type="checkbox" checked={every || value.environments.includes(key)} onChange={() => beyond || toggle(key)} aria-disabled={beyond || undefined} aria-describedby={limits ? `${id}limits` : undefined} />{key}
              </label>
            );
          })}
          {every && <span className="faint">and environments to come</span>}
        </div>
        {limits && <p id={`${id}limits`} className="faint">What you may do is limited to {and(limits)}, and so is what you can give.</p>}
        {said.environments && <p id={`${id}said`} role="alert" className="key-wrong" data-wrong tabIndex={-1}>{said.environments}</p>}
      </div>
    </fieldset>
  );
}
