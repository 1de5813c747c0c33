// Text that somebody is typing belongs to them until they leave the field: what others do meanwhile waits.
import { useEffect, useState } from 'react';
import { useForm } from './store';

interface Typed {
  readonly shown: string;
  readonly change: (text: string) => void;
  readonly leave: () => void;
  /** Why the text was not taken. It stays in the field, to be corrected. */
  readonly problem: string | undefined;
}

const undoes = ({ ctrlKey, metaKey, key }: KeyboardEvent): boolean => (ctrlKey || metaKey) && /^[zy]$/i.test(key);

/** `commit` stores the text, or returns why not. */
export function useTyped(at: string, value: string, commit: (text: string) => string | undefined): Typed {
  const form = useForm();
  const [typed, type] = useState<{ readonly text: string; readonly problem: string | undefined }>();
  const typing = typed !== undefined;
  // Undo takes back what was typed: then the field shows what is stored.
  useEffect(() => {
    if (!typing) return;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!undoes(event)) return;
      form.forget(at);
      type(undefined);
    };
    window.addEventListener('keydown', onKeyDown, true);
    return () => window.removeEventListener('keydown', onKeyDown, true);
  }, [typing, form, at]);
  return {
    shown: typed?.text ?? value,
    problem: typed?.problem,
    change: (text) => type({ text, problem: commit(text) }),
    leave: () => {
      if (typed?.problem === undefined) type(undefined);
    },
  };
}
