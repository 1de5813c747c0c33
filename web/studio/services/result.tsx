import { CircleAlert, CircleCheck, CircleX, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { and, plural, sentence } from '../lib/format';
import type { Check } from './graph';

const signs = { ERROR: CircleX, WARNING: TriangleAlert, INFO: Info } as const;
const tones = { ERROR: 'danger', WARNING: 'warning', INFO: 'info' } as const;

/** Of each part so many are listed: who needs more has the command line. */
const MOST = 30;

/** What a change of a schema would do, or why it was refused, in sentences. */
export function Result({ of: { ok, composition, changes, brokenDocuments, brokenElsewhere }, refused }: { readonly of: Check; readonly refused?: ReactNode }): ReactNode {
  const errors = composition.filter(({ severity }) => severity === 'ERROR').length;
  const breaking = changes.filter((change) => change.breaking).length;
  const broken = brokenDocuments.length + brokenElsewhere;
  const reasons = [...(errors > 0 ? ['it does not compose with the other services'] : []), ...(breaking > 0 ? [`${plural(breaking, 'change')} ${breaking === 1 ? 'breaks' : 'break'} clients`] : []), ...(broken > 0 ? [`${plural(broken, 'trusted document')} could not run any more`] : [])];
  const ordered = [...changes].sort((a, b) => Number(b.breaking) - Number(a.breaking));
  return (
    <div className="check-result" data-tone={ok ? 'accent' : 'danger'}>
      <p className="check-verdict">{ok ? <CircleCheck size={18} aria-hidden="true" /> : <CircleAlert size={18} aria-hidden="true" />}<b>{refused ?? (ok ? 'It can be published.' : 'It would be refused.')}</b> <span>{ok ? (changes.length === 0 ? 'The graph stays as it is for clients.' : `${plural(changes.length, 'change')}, and nobody breaks.`) : sentence(and(reasons))}</span></p>
      {composition.length > 0 && (
        <Part title="Composition">
          {composition.slice(0, MOST).map(({ severity, code, message, hint, service, line, column }, i) => {
            const Sign = signs[severity];
            return (
              <li key={i} data-tone={tones[severity]}>
                <Sign size={15} aria-label={severity.toLowerCase()} role="img" />
                <div>
                  <p dir="auto">{sentence(message)}</p>
                  {hint && <p className="muted" dir="auto">{sentence(hint)}</p>}
                  <p className="faint"><code>{code}</code>{service && <> · {service}{line != null && `, line ${line}${column == null ? '' : `:${column}`}`}</>}</p>
                </div>
              </li>
            );
          })}
          <More of={composition.length} />
        </Part>
      )}
      {changes.length > 0 && (
        <Part title="What changes for clients">
          {ordered.slice(0, MOST).map(({ path, message, breaking: breaks }, i) => (
            <li key={i} data-tone={breaks ? 'danger' : undefined}>
              <span className="tag" data-tone={breaks ? 'danger' : 'accent'}>{breaks ? 'breaking' : 'safe'}</span>
              <div><p dir="auto">{sentence(message)}</p><p className="faint"><code>{path}</code></p></div>
            </li>
          ))}
          <More of={changes.length} />
        </Part>
      )}
      {broken > 0 && (
        <Part title="Documents that break">
          {brokenDocuments.slice(0, MOST).map(({ document, frontend, reason }) => (
            <li key={document.id} data-tone="danger">
              <CircleX size={15} aria-hidden="true" />
              <div><p><b><bdi>{document.name}</bdi></b> <span className="faint">of <bdi>{frontend.name}</bdi></span></p><p className="muted" dir="auto">{sentence(reason)}</p></div>
            </li>
          ))}
          {brokenElsewhere > 0 && <li className="muted">{plural(brokenElsewhere, 'document')} more of frontends that you may not see.</li>}
        </Part>
      )}
    </div>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return <section><h3>{title}</h3><ul>{children}</ul></section>;
}

function More({ of }: { readonly of: number }): ReactNode {
  return of > MOST ? <li className="muted">and {of - MOST} more</li> : null;
}
