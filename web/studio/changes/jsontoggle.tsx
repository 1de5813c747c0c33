import { Button } from '@mantine/core';
import { Braces } from 'lucide-react';
import type { ReactNode } from 'react';

/** Whether changes are shown as JSON instead of in words. */
export function JsonToggle({ on, turn }: { readonly on: boolean; readonly turn: (on: boolean) => void }): ReactNode {
  return (
    <Button size="compact-sm" variant={on ? 'light' : 'default'} leftSection={<Braces size={14} aria-hidden="true" />} aria-pressed={on} onClick={() => turn(!on)}>JSON</Button>
  );
}
