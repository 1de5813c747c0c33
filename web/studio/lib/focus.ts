import { useEffect, useState } from 'react';

/** Gives the focus back to what had it when a dialog opened, unless something else has taken it by then. */
export function useReturnFocus(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(() => () => {
    setTimeout(() => {
      const now = document.activeElement;
      if (before instanceof HTMLElement && before.isConnected && (now === null || now === document.body)) before.focus({ preventScroll: true });
    }, 20);
  }, [before]);
}
