import { ActionIcon, Popover, Skeleton, Tooltip } from '@mantine/core';
import { Share2 } from 'lucide-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';

const ShareForm = lazy(() => import('./shareform'));

/** Hands the draft to somebody who has no studio. */
export function Share({ path }: { readonly path: string }): ReactNode {
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} width={304} position="bottom-end" trapFocus returnFocus shadow="lg">
      <Popover.Target>
        <Tooltip label="Share a preview link" disabled={opened}>
          <ActionIcon aria-label="Share a preview link" onClick={() => setOpened((now) => !now)}><Share2 size={16} aria-hidden="true" /></ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label="Share a preview link">
        <Suspense fallback={<Skeleton height={176} />}><ShareForm path={path} /></Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
