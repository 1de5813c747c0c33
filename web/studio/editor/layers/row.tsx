import { ChevronRight, EllipsisVertical } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { words } from '../../lib/format';
import { titleOf, tellingText } from '../label';
import type { Row } from '../model/rows';
import type { Catalogue, DraftBlock, Person } from '../types';
import { People } from '../people';

export type Drop = 'before' | 'after' | 'inside';

interface LayerRowProps {
  readonly row: Row;
  readonly block: DraftBlock;
  readonly catalogue: Catalogue;
  readonly selected: boolean;
  readonly tabbable: boolean;
  readonly problem: 'ERROR' | 'WARNING' | undefined;
  readonly conflict: boolean;
  readonly people: readonly Person[] | undefined;
  readonly drop: Drop | undefined;
  readonly dragged: boolean;
}

/** One row of the layers. Events are handled by the tree, so that two hundred rows cost no more than their text. */
export const LayerRow = memo(function LayerRow({ row, block, catalogue, selected, tabbable, problem, conflict, people, drop, dragged }: LayerRowProps): ReactNode {
  const isSlot = row.slot !== undefined;
  const title = isSlot ? words(row.slot ?? '') : titleOf(catalogue, block.component);
  const text = isSlot ? '' : tellingText(block.props);
  return (
    <div
      role="treeitem" id={`layer-${row.id}`} className="layer" data-row={row.id} data-slot={isSlot || undefined} data-drop={drop} data-dragged={dragged || undefined} data-component={isSlot ? undefined : block.component}
      aria-level={row.level} aria-posinset={row.position} aria-setsize={row.siblings} aria-selected={selected}
      {...(row.open === undefined ? {} : { 'aria-expanded': row.open })}
      tabIndex={tabbable ? 0 : -1} draggable={!isSlot && row.parent !== undefined} style={{ paddingInlineStart: `${0.25 + (row.level - 1) * 0.875}rem` }}
    >
      <span className="layer-open" data-toggle={row.open === undefined ? undefined : ''} aria-hidden="true">{row.open !== undefined && <ChevronRight size={14} />}</span>
      <span className="layer-name">
        <b>{title}</b>
        {text !== '' && <span className="faint" dir="auto">{text}</span>}
      </span>
      {conflict && <span className="tag" data-tone="warning">choose</span>}
      {problem && <span className="layer-problem" data-tone={problem === 'ERROR' ? 'danger' : 'warning'}><span className="visually-hidden">{problem === 'ERROR' ? 'has errors' : 'has warnings'}</span></span>}
      {people && <People people={people} small />}
      {!isSlot && <button type="button" className="layer-menu" tabIndex={-1} data-menu aria-label={`Actions for ${title}`}><EllipsisVertical size={14} aria-hidden="true" /></button>}
    </div>
  );
});
