// Where one can go. The order is that of the navigation.
import { Boxes, Code2, GitCompareArrows, House, KeyRound, PanelsTopLeft, Rocket, ScrollText, Settings2, UsersRound, type LucideIcon } from 'lucide-react';

export interface Place {
  /** Below `/studio/<frontend>`. */
  readonly path: string;
  readonly name: string;
  readonly icon: LucideIcon;
}

export const places: readonly Place[] = [
  { path: '', name: 'Home', icon: House },
  { path: '/screens', name: 'Screens', icon: PanelsTopLeft },
  { path: '/changes', name: 'Changes', icon: GitCompareArrows },
  { path: '/releases', name: 'Releases', icon: Rocket },
  { path: '/components', name: 'Components', icon: Boxes },
  { path: '/api', name: 'API', icon: Code2 },
  { path: '/keys', name: 'API keys', icon: KeyRound },
  { path: '/members', name: 'Members', icon: UsersRound },
  { path: '/audit', name: 'Audit log', icon: ScrollText },
  { path: '/settings', name: 'Settings', icon: Settings2 },
];

/** The address of a screen's editor, of one block in it when a key is given. */
export const editorOf = (frontend: string, screen: string, block?: string): string =>
  `/${frontend}/screens/${screen}${block === undefined ? '' : `?block=${encodeURIComponent(block)}`}`;

/** The address of a release in the list of releases. */
export const releaseOf = (frontend: string, number: number): string => `/${frontend}/releases#release-${number}`;
