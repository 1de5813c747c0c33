// How a service does, in words, a color and a sign: none of them alone.
import { CircleCheck, CircleHelp, CircleX, TriangleAlert, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { HealthState } from '../gql/graphql';

interface Look {
  readonly word: string;
  readonly tone: 'accent' | 'warning' | 'danger' | 'info';
  readonly icon: LucideIcon;
  readonly says: string;
}

export const looks: Record<HealthState, Look> = {
  HEALTHY: { word: 'Healthy', tone: 'accent', icon: CircleCheck, says: 'It answers.' },
  DEGRADED: { word: 'Degraded', tone: 'warning', icon: TriangleAlert, says: 'Some of what it is asked fails.' },
  DOWN: { word: 'Down', tone: 'danger', icon: CircleX, says: 'It is not asked any more, but for trying whether it is back.' },
  UNKNOWN: { word: 'Not asked yet', tone: 'info', icon: CircleHelp, says: 'It was not asked yet.' },
};

export function Health({ state }: { readonly state: HealthState }): ReactNode {
  const { word, tone, icon: Icon } = looks[state];
  return <span className="tag service-health" data-tone={tone}><Icon size={13} aria-hidden="true" />{word}</span>;
}
