import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { exactly } from '../lib/format';
import { Code } from '../ui/code';

export interface Handed {
  readonly link: string;
  readonly expiresAt: string;
  readonly name: string;
  readonly invited: boolean;
}

/** A one-time link, shown this once. */
export function Link({ handed, close }: { readonly handed: Handed; readonly close: () => void }): ReactNode {
  return (
    <div className="stack">
      <p>{handed.invited ? <>Hand this link to <b dir="auto">{handed.name}</b>. It leads to a page where they choose a password and are in.</> : <>Hand this link to <b dir="auto">{handed.name}</b>. It leads to a page where they set a new password; the old one holds until then.</>}</p>
      <Code label="The link" text={handed.link} />
      <p className="muted">It is shown only now, works once and ends {exactly(handed.expiresAt)}. Sonata sends no mail: use a way that only they can read.</p>
      <div className="row"><Button className="push" onClick={close}>Done</Button></div>
    </div>
  );
}
