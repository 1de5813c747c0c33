import { Eye, ShieldCheck, ShieldOff, type LucideIcon } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import { useMutation } from 'urql';
import { Allowed } from '../access/allowed';
import type { May } from '../access/may';
import type { SafelistMode } from '../gql/graphql';
import { problemOf } from '../lib/failed';
import { useFrontend } from '../lib/frontend';
import { toast } from '../lib/toast';
import { Enforce } from './enforce';
import { SET_SAFELIST } from './graph';

interface ModeWords {
  readonly mode: SafelistMode;
  readonly name: string;
  readonly does: string;
  /** As one tells it afterwards. */
  readonly now: string;
  readonly icon: LucideIcon;
}

const modes: readonly ModeWords[] = [
  { mode: 'OFF', name: 'Off', does: 'Every document runs, registered or not.', now: 'The safelist is off: every document runs.', icon: ShieldOff },
  { mode: 'LOG', name: 'Log', does: 'Every document runs; those that are not registered are listed here.', now: 'Every document runs, and those that are not registered are listed here.', icon: Eye },
  { mode: 'ENFORCE', name: 'Enforce', does: 'Only registered documents run; every other is refused.', now: 'Only registered documents run now.', icon: ShieldCheck },
];

interface ModesProps {
  readonly mode: SafelistMode;
  readonly may: May;
  readonly changed: () => void;
  /** Shows what would be refused. */
  readonly show: () => void;
}

/** What becomes of documents that are not registered. */
export function Modes({ mode, may, changed, show }: ModesProps): ReactNode {
  const id = useId();
  const { frontend } = useFrontend();
  const [asking, ask] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [{ fetching }, set] = useMutation(SET_SAFELIST);
  const choose = async (next: SafelistMode): Promise<void> => {
    const { data, error } = await set({ input: { frontend: frontend.id, mode: next } });
    const payload = data?.safelistSet;
    const wrong = problemOf(error, payload?.userErrors);
    setProblem(wrong);
    if (wrong !== undefined) return;
    changed();
    const words = modes.find((entry) => entry.mode === next);
    toast({ message: words?.now, tone: 'good', ...(next === 'ENFORCE' ? { stays: 15_000, action: { label: `Back to ${mode === 'OFF' ? 'Off' : 'Log'}`, run: () => void choose(mode === 'OFF' ? 'OFF' : 'LOG') } } : {}) });
  };
  const press = (next: SafelistMode): void => {
    if (next === mode || fetching) return;
    if (next === 'ENFORCE') ask(true);
    else void choose(next);
  };
  return (
    <section aria-labelledby={`${id}safelist`} className="safelist">
      <h2 id={`${id}safelist`}>Safelist</h2>
      <div className="modes" role="group" aria-labelledby={`${id}safelist`}>
        {modes.map(({ mode: value, name, does, icon: Icon }) => {
          const choice = (
            <button type="button" className="mode" data-mode={value} aria-pressed={value === mode} onClick={() => press(value)}>
              <Icon size={18} strokeWidth={1.75} aria-hidden="true" />
              <b>{name}</b>
              <span className="muted">{does}</span>
            </button>
          );
          return <Allowed key={value} may={may}>{choice}</Allowed>;
        })}
      </div>
      <p className="faint">Clients belong to this frontend when they say so with the header <code>GraphQL-Client-Name: {frontend.slug}</code>, or use a key of it.</p>
      <div role="alert">{problem && <p className="problem">{problem}</p>}</div>
      {asking && <Enforce mode={mode} close={() => ask(false)} choose={(next) => void choose(next)} show={show} />}
    </section>
  );
}
