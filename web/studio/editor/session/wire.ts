// Between the ops of the editor and those of the graph.
import { isObject, type Json } from '../../lib/json';
import type { ScreenOp } from '../../gql/graphql';
import type { Op } from '../types';

export function inputOf(op: Op): ScreenOp {
  switch (op.kind) {
    case 'INSERT': return { insert: { key: op.key, parent: op.parent, slot: op.slot, index: op.index, component: op.component, major: op.major, props: op.props } };
    case 'MOVE': return { move: { key: op.key, parent: op.parent, slot: op.slot, index: op.index } };
    case 'REMOVE': return { remove: { key: op.key } };
    case 'SET_PROPS': return { setProps: { key: op.key, patch: op.patch } };
    case 'UPGRADE': return { upgrade: { key: op.key, major: op.major, props: op.props } };
  }
}

/** `DraftOp`, as the editor's documents ask for it. */
export interface WireOp {
  readonly kind: Op['kind'];
  readonly key: string;
  readonly component?: string | null;
  readonly major?: number | null;
  readonly parent?: string | null;
  readonly slot?: string | null;
  readonly index?: number | null;
  readonly props?: Json;
  readonly patch?: Json;
}

const object = (value: Json | null | undefined) => (isObject(value) ? value : {});

export function opOf({ kind, key, component, major, parent, slot, index, props, patch }: WireOp): Op {
  switch (kind) {
    case 'INSERT': return { kind, key, parent: parent ?? '', slot: slot ?? '', index: index ?? 0, component: component ?? '', major: major ?? 1, props: object(props) };
    case 'MOVE': return { kind, key, parent: parent ?? '', slot: slot ?? '', index: index ?? 0 };
    case 'REMOVE': return { kind, key };
    case 'SET_PROPS': return { kind, key, patch: object(patch) };
    case 'UPGRADE': return { kind, key, major: major ?? 1, props: object(props) };
  }
}
