// Text that somebody is typing belongs to them until they leave the field: what others do meanwhile waits.
import { useState, type FocusEvent } from 'react';

interface Typed {
  readonly shown: string;
  readonly change: (text: string) => void;
  readonly leave: (event: FocusEvent) => void;
}

/** `commit` returns why the text was not taken; then it stays in the field, to be corrected. */
export function useTyped(value: string, commit: (text: string) => string | undefined): Typed {
  const [typed, type] = useState<{ readonly text: string; readonly refused: boolean }>();
  return {
    shown: typed?.text ?? value,
    change: (text) => type({ text, refused: commit(text) !== undefined }),
    leave: () => {
      if (typed && !typed.refused) type(undefined);
    },
  };
}
