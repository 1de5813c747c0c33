// The keyboard, in one table: what the list under `?` shows is what is bound.

export const MAC = /Mac|iP(hone|ad|od)/.test(navigator.platform);
export const MOD = MAC ? '⌘' : 'Ctrl ';

export interface Shortcut {
  readonly keys: string;
  readonly does: string;
}

export const shortcuts: readonly { readonly where: string; readonly list: readonly Shortcut[] }[] = [
  {
    where: 'Everywhere',
    list: [
      { keys: `${MOD}K`, does: 'Search, go, do' },
      { keys: `⇧${MOD}P`, does: 'Publish' },
      { keys: '?', does: 'This list' },
    ],
  },
  {
    where: 'In a screen',
    list: [
      { keys: '/', does: 'Insert a block' },
      { keys: `${MOD}Z`, does: 'Undo' },
      { keys: `⇧${MOD}Z`, does: 'Redo' },
      { keys: `${MOD}D`, does: 'Duplicate the block' },
      { keys: `${MOD}C`, does: 'Copy the block' },
      { keys: `${MOD}V`, does: 'Paste after the block' },
      { keys: '⌫', does: 'Delete the block' },
      { keys: 'Alt ↑ ↓', does: 'Move the block among its neighbors' },
      { keys: 'Alt ← →', does: 'Move the block out or into the block above' },
      { keys: '1 2 3 4', does: 'Preview at phone, tablet, laptop or full width' },
    ],
  },
];
