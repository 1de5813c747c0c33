import { useMemo, type ReactNode } from 'react';
import { bindingsIn } from '../binding/envelope';
import { useDocumentNames } from '../binding/names';
import type { ChangeKind } from '../gql/graphql';
import { plural, words } from '../lib/format';
import type { Json } from '../lib/json';
import { differences, nameOf, tell, type Change } from './diff';
import { order, treeOf, type Tree, type TreeBlock } from './tree';
import { DocumentNames, jsonLines, Lines, Props, Words } from './values';
import './screenchange.css';

export interface ScreenDiff {
  readonly key: string;
  readonly change: ChangeKind;
  readonly before?: Json;
  readonly after?: Json;
}

interface ScreenChangeProps {
  readonly diff: ScreenDiff;
  readonly json: boolean;
  /** What can be done about one change. */
  readonly actions?: (change: Change, live: Tree) => ReactNode;
}

const SHOWN = 100;

/** The title that a screen has, or had. */
export const titleOfScreen = ({ key, before, after }: ScreenDiff): string => treeOf(after)?.title || treeOf(before)?.title || words(key);

/** How one screen differs, in words with before and after, or as JSON. */
export function ScreenChange({ diff, json, actions }: ScreenChangeProps): ReactNode {
  const [before, after] = useMemo(() => [treeOf(diff.before), treeOf(diff.after)] as const, [diff]);
  const changes = useMemo(() => (before && after ? differences(before, after) : []), [before, after]);
  const hashes = useMemo(() => [before, after].flatMap((tree) => [...(tree?.blocks.values() ?? [])].flatMap(({ props }) => bindingsIn(props).map(({ document }) => document))), [before, after]);
  const documents = useDocumentNames(hashes);
  if (json) return <div className="change-json"><Lines before={jsonLines(diff.before)} after={jsonLines(diff.after)} label={`JSON of ${diff.key}, before and after`} /></div>;
  const whole = after ?? before;
  if (!before || !after) return whole ? <Whole tree={whole} added={after !== undefined} /> : null;
  return (
    <DocumentNames value={documents}>
    <ul className="lines change-list">
      {changes.slice(0, SHOWN).map((change) => (
        <li key={`${change.kind} ${change.key} ${change.kind === 'head' ? change.name : ''}`} data-kind={change.kind}>
          <div className="change-head">
            <Mark kind={change.kind} />
            <span className="grow" dir="auto">{tell(change, documents)}</span>
            {actions && <span className="row change-actions">{actions(change, before)}</span>}
          </div>
          <Detail change={change} />
        </li>
      ))}
      {changes.length > SHOWN && <li className="faint">and {plural(changes.length - SHOWN, 'more change')}</li>}
      {changes.length === 0 && <li className="faint">The same but for its stamp.</li>}
    </ul>
    </DocumentNames>
  );
}

const marks: Partial<Record<Change['kind'], readonly [string, string]>> = { added: ['+', 'added'], removed: ['−', 'removed'], moved: ['↕', 'plain'] };

function Mark({ kind }: { readonly kind: Change['kind'] }): ReactNode {
  const [sign, tone] = marks[kind] ?? ['~', 'plain'];
  return <span className="change-mark" data-tone={tone} aria-hidden="true">{sign}</span>;
}

function Detail({ change }: { readonly change: Change }): ReactNode {
  switch (change.kind) {
    case 'props':
    case 'upgraded': return <Props props={change.props} />;
    case 'head': return <dl className="props"><div><dt>{words(change.name)}</dt><dd><Words before={change.before} after={change.after} /></dd></div></dl>;
    case 'added': return <Held block={change.block} added />;
    case 'removed': return <Held block={change.block} added={false} />;
    default: return null;
  }
}

const TEXTS = 4;

/** What a block that came or went holds. */
function Held({ block, added }: { readonly block: TreeBlock; readonly added: boolean }): ReactNode {
  const props = Object.entries(block.props).slice(0, TEXTS).map(([name, value]) => (added ? { name, before: undefined, after: value } : { name, before: value, after: undefined }));
  return props.length > 0 ? <Props props={props} /> : null;
}

const BLOCKS = 12;

function Whole({ tree, added }: { readonly tree: Tree; readonly added: boolean }): ReactNode {
  const keys = order(tree).filter((key) => key !== tree.root);
  return (
    <p className="change-whole">
      {added ? 'New' : 'Removed'}, with {plural(keys.length, 'block')}{keys.length > 0 && ': '}
      <bdi>{keys.slice(0, BLOCKS).map((key) => nameOf(key)).join(', ')}</bdi>{keys.length > BLOCKS && ` and ${keys.length - BLOCKS} more`}
    </p>
  );
}
