import { useId, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { useAdmins } from '../access/admins';
import { useViewer } from '../access/viewer';
import { WHERE } from '../members/documents';
import { mayGive, notHeld, whyNot, type Hold } from './give';
import { bringing, groups } from './scopes';

interface ScopeFieldsProps {
  readonly scopes: readonly string[];
  readonly set: (scopes: readonly string[]) => void;
  readonly publishable: boolean;
  readonly publish: (on: boolean) => void;
  readonly at: Hold;
  /** What the server said about them. */
  readonly said: string | undefined;
}

const every = groups.flatMap(({ scopes }) => scopes.map(({ scope }) => scope));

/** What the key may do, one permission at a time. */
export function ScopeFields({ scopes, set, publishable, publish, at, said }: ScopeFieldsProps): ReactNode {
  const id = useId();
  const viewer = useViewer();
  const [{ data }] = useQuery({ query: WHERE, requestPolicy: 'cache-first' });
  const admins = useAdmins(notHeld(viewer, every, at).length > 0);
  const where = at.frontend === '' ? 'every frontend' : (data?.frontends?.edges.find(({ node }) => node.id === at.frontend)?.node.slug ?? 'this frontend');
  const toggle = (scope: string): void => set(scopes.includes(scope) ? scopes.filter((other) => other !== scope) : [...scopes, scope]);
  return (
    <fieldset className="key-part" aria-describedby={said ? `${id}said` : undefined}>
      <legend>What it may do</legend>
      <label className="scope">
        <input type="checkbox" checked={publishable} onChange={(event) => publish(event.currentTarget.checked)} aria-labelledby={`${id}publishable`} aria-describedby={`${id}publishabledoes`} />
        <b id={`${id}publishable`}>Publishable</b>
        <span id={`${id}publishabledoes`} className="muted">For browsers, where everybody can see it: it reads what is live and nothing else, from pages of the frontend’s own origins.</span>
      </label>
      {said && <p id={`${id}said`} role="alert" className="key-wrong" data-wrong tabIndex={-1}>{said}</p>}
      {!publishable && (
        <div className="scopes">
          {groups.map(({ name, scopes: list }) => (
            <div key={name} role="group" aria-label={name}>
              <p className="faint" aria-hidden="true">{name}</p>
              {list.map(({ scope, does }) => {
                const by = bringing(scope, scopes);
                const denied = !mayGive(viewer, scope, at);
                const fixed = by !== undefined || (denied && !scopes.includes(scope));
                return (
                  <label key={scope} className="scope" data-denied={fixed || undefined}>
                    <input type="checkbox" checked={by !== undefined || scopes.includes(scope)} onChange={() => fixed || toggle(scope)} aria-disabled={fixed || undefined} aria-labelledby={`${id}${scope}`} aria-describedby={`${id}${scope}does`} />
                    <code id={`${id}${scope}`}>{scope}</code>
                    <span id={`${id}${scope}does`} className="muted">
                      {does}
                      {by !== undefined && <em>Comes with {by}.</em>}
                      {denied && viewer && <em className="scope-denied">{whyNot(viewer, scope, at, where, admins)}</em>}
                    </span>
                  </label>
                );
              })}
            </div>
          ))}
        </div>
      )}
    </fieldset>
  );
}
