import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { plural } from '../lib/format';
import { useEditor } from './context';
import { blockName } from './label';

const MOST = 4;

/** Where somebody has to choose between two versions of a block: the way to each. The choice is beside its props. */
export function ConflictBar(): ReactNode {
  const { conflicts, catalogue, select, selected } = useEditor();
  if (conflicts.length === 0) return null;
  return (
    <div className="bar" role="alert" data-testid="conflicts">
      <span>{plural(conflicts.length, 'block was', 'blocks were')} changed by somebody else, too. Yours is kept until you choose.</span>
      {conflicts.slice(0, MOST).map(({ block, mine, theirs }) => (
        <Button key={block} size="compact-sm" variant="default" aria-current={selected === block ? 'true' : undefined} onClick={() => select(block)} dir="auto">{blockName(catalogue, mine ?? theirs)}</Button>
      ))}
    </div>
  );
}
