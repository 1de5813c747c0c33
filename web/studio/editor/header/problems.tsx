import { Button, Menu } from '@mantine/core';
import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { sentence } from '../../lib/failed';
import { plural } from '../../lib/format';
import { useEditor } from '../context';
import { blockName } from '../label';

const MOST = 30;

/** How many problems there are, and the way to each. */
export function Problems(): ReactNode {
  const { screen, draft, catalogue, select } = useEditor();
  const shown = screen.problems.filter(({ severity }) => severity !== 'INFO');
  if (shown.length === 0) return null;
  const errors = shown.filter(({ severity }) => severity === 'ERROR').length;
  return (
    <Menu width={340}>
      <Menu.Target>
        <Button size="compact-md" variant="subtle" color={errors > 0 ? 'red' : 'gray'} leftSection={<TriangleAlert size={15} aria-hidden="true" />} className="head-problems" data-tone={errors > 0 ? 'danger' : 'warning'}>
          {plural(shown.length, 'problem')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className="problems">
        {shown.slice(0, MOST).map(({ blockKey, pointer, message, severity }, i) => {
          const block = blockKey === null ? undefined : draft.blocks.get(blockKey);
          return (
            <Menu.Item key={i} onClick={() => select(block ? block.key : null)} leftSection={<span className="layer-problem" data-tone={severity === 'ERROR' ? 'danger' : 'warning'} />}>
              <b dir="auto" className="truncate">{block ? blockName(catalogue, block) : 'The screen'}</b>
              <span className="muted" dir="auto">{sentence(message)}{pointer ? <code className="faint"> {pointer}</code> : null}</span>
            </Menu.Item>
          );
        })}
        {shown.length > MOST && <Menu.Label>And {shown.length - MOST} more</Menu.Label>}
      </Menu.Dropdown>
    </Menu>
  );
}
