// Text is shown as it is typed, even where what is kept of it is written otherwise or is not taken at all. Once the value
// becomes something else, because somebody else changed it after what was typed had been saved, that is what is shown:
// whoever typed on in the old text would overwrite the new one without a word.
import { useEffect, useState } from 'react';
import { useForm } from './store';

interface Typed {
  readonly shown: string;
  readonly change: (text: string) => void;
  readonly leave: () => void;
  /** Why the text was not taken. It stays in the field, to be corrected. */
  readonly problem: string | undefined;
}

interface Typing {
  readonly text: string;
  readonly problem: string | undefined;
  /** The value that was there before. */
  readonly from: string;
  /** The value that it led to, once that is known. */
  readonly to: string | undefined;
}

const undoes = ({ ctrlKey, metaKey, key }: KeyboardEvent): boolean => (ctrlKey || metaKey) && /^[zy]$/i.test(key);

/** `commit` stores the text, or returns why not. */
export function useTyped(at: string, value: string, commit: (text: string) => string | undefined): Typed {
  const form = useForm();
  const [typed, type] = useState<Typing>();
  if (typed && typed.to === undefined && value !== typed.from) type({ ...typed, to: value });
  else if (typed?.to !== undefined && value !== typed.to && typed.problem === undefined) type(undefined);
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
    change: (text) => type({ text, problem: commit(text), from: value, to: undefined }),
    leave: () => {
      if (typed?.problem === undefined) type(undefined);
    },
  };
}
