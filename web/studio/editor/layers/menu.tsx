import { Menu } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { MOD } from '../../shell/keys';
import { useActions, useFrame } from '../actions';
import { useEditor } from '../context';
import { placeOf } from '../model/draft';
import { insideOf, placeToward, type Direction } from '../model/moves';

interface LayerMenuProps {
  readonly blockKey: string;
  readonly anchor: HTMLElement | null;
  /** `moved`: the block stays where the focus is. */
  readonly close: (moved: boolean) => void;
}

const MOVES: readonly (readonly [Direction, string, string])[] = [['up', 'Move up', 'Alt ↑'], ['down', 'Move down', 'Alt ↓'], ['into', 'Move into the block above', 'Alt →'], ['out', 'Move out', 'Alt ←']];

/** Everything that can be done with a block without dragging it. */
export function LayerMenu({ blockKey: key, anchor, close }: LayerMenuProps): ReactNode {
  const { draft, catalogue } = useEditor();
  const actions = useActions();
  const { insert } = useFrame();
  const [box] = useState(() => anchor?.getBoundingClientRect());
  const place = placeOf(draft, key);
  const inside = insideOf(draft, catalogue, key);
  const item = (label: string, keys: string | undefined, enabled: boolean, run: () => void): ReactNode => (
    <Menu.Item key={label} disabled={!enabled} onClick={run} rightSection={keys && <kbd className="faint">{keys}</kbd>}>{label}</Menu.Item>
  );
  return (
    <Menu opened onChange={(open) => { if (!open) close(true); }} position="bottom-end" returnFocus={false} trapFocus withinPortal>
      <Menu.Target>
        <span aria-hidden="true" style={{ position: 'fixed', top: box?.top ?? 0, left: (box?.right ?? 0) - 28, width: 24, height: box?.height ?? 0, pointerEvents: 'none' }} />
      </Menu.Target>
      <Menu.Dropdown aria-label={`Actions for ${actions.nameOf(key)}`}>
        {item('Insert before…', undefined, place !== undefined, () => place && insert(place))}
        {item('Insert after…', '/', place !== undefined, () => place && insert({ ...place, index: place.index + 1 }))}
        {item('Insert inside…', undefined, inside !== undefined, () => inside && insert(inside))}
        <Menu.Divider />
        {MOVES.map(([direction, label, keys]) => item(label, keys, placeToward(draft, catalogue, key, direction) !== undefined, () => actions.move(key, direction)))}
        <Menu.Divider />
        {item('Duplicate', `${MOD}D`, place !== undefined, () => actions.duplicate(key))}
        {item('Copy', `${MOD}C`, true, () => actions.copy(key))}
        {item('Delete', '⌫', place !== undefined, () => actions.remove(key))}
      </Menu.Dropdown>
    </Menu>
  );
}
