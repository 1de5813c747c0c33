import { Cloud, CloudAlert, CloudCheck, CloudOff } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEditor } from '../context';
import type { Saving } from '../types';

const WORDS: Record<Saving, { readonly icon: typeof Cloud; readonly words: (version: number) => string; readonly tone?: 'warning' }> = {
  saved: { icon: CloudCheck, words: (version) => `Saved · v${version}` },
  saving: { icon: Cloud, words: () => 'Saving…' },
  waiting: { icon: CloudOff, words: () => 'Kept here', tone: 'warning' },
  conflict: { icon: CloudAlert, words: () => 'Needs you', tone: 'warning' },
};

/** Whether what was done here is safe. */
export function Saved(): ReactNode {
  const { saving, screen } = useEditor();
  const { icon: Icon, words, tone } = WORDS[saving];
  return (
    <span className="saved" data-tone={tone} data-saving={saving} role="status" data-testid="saved">
      <Icon size={15} aria-hidden="true" />
      <span>{words(screen.version)}</span>
      {saving === 'waiting' && <span className="visually-hidden">The server does not answer. What you do is kept in this browser and sent once it does.</span>}
    </span>
  );
}
