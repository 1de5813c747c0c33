/**
 * Sonata in a browser, without a framework: screens, live changes, the last good state, usage, the preview bridge.
 *
 * @packageDocumentation
 */
export { createSonata, type Sonata, type SonataOptions } from './sonata.js';
export { srcset, WIDTHS } from './asset.js';
export { treeOf, type Branch } from './tree.js';
export { Unreachable } from './graphql.js';
export type { Phase, View } from './follow.js';
export type { Connection } from './live.js';
export type { Store } from './memory.js';
export type { Asset, At, Block, Degradation, Json, Props, Route, Snapshot } from './types.js';
