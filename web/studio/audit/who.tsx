import { CircleHelp, Cog, KeyRound, Server, UserRound, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ActorKind } from '../gql/graphql';
import type { Actor } from './documents';

const looks: Record<ActorKind, { readonly icon: LucideIcon; readonly word: string }> = {
  MEMBER: { icon: UserRound, word: 'member' },
  API_KEY: { icon: KeyRound, word: 'API key' },
  SERVICE: { icon: Server, word: 'service' },
  SYSTEM: { icon: Cog, word: 'by itself' },
  ANONYMOUS: { icon: CircleHelp, word: 'not signed in' },
};

export const kindWord = (kind: ActorKind): string => looks[kind].word;

/** Who, and what sort of actor that is. */
export function Who({ actor: { kind, name } }: { readonly actor: Actor }): ReactNode {
  const { icon: Icon, word } = looks[kind];
  return (
    <span className="audit-who">
      <Icon size={15} strokeWidth={1.75} aria-hidden="true" />
      <span className="grow"><bdi className="audit-name">{name}</bdi>{kind === 'MEMBER' ? <span className="visually-hidden"> (member)</span> : <span className="faint audit-kind">{word}</span>}</span>
    </span>
  );
}
