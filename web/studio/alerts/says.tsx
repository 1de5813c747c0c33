import { CircleX, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { sentence } from '../lib/format';
import { Ago } from '../ui/ago';
import type { Alert } from './alerts';

const looks = { ERROR: ['Error', 'danger', CircleX], WARNING: ['Warning', 'warning', TriangleAlert], INFO: ['Note', 'info', Info] } as const;

/** A clause as a sentence; a name with which it begins stays as it is. */
export function messageOf({ message, serviceName, instance }: Alert): string {
  const named = [serviceName, ...(instance ? [instance.name] : [])].some((name) => message.startsWith(name));
  return named ? message.charAt(0) + sentence(message).slice(1) : sentence(message);
}

export const toneOf = ({ severity }: Alert): string => looks[severity][1];

/** How bad it is, what is wrong, since when, and what to do. */
export function Says({ of: alert, children }: { readonly of: Alert; readonly children?: ReactNode }): ReactNode {
  const [word, , Icon] = looks[alert.severity];
  return (
    <div className="alert" data-tone={toneOf(alert)}>
      <Icon size={17} role="img" aria-label={word} />
      <p className="alert-says" dir="auto"><b>{messageOf(alert)}</b> <span className="alert-hint">{alert.hint}</span> <span className="alert-since">Since <Ago at={alert.since} />.</span></p>
      {children}
    </div>
  );
}
