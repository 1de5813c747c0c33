// An answer as a tree of choices: radio buttons, so that the arrow keys go from one that fits to the next.
import { ChevronRight } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import { within } from '../editor/form/pointer';
import { sentence } from '../lib/format';
import { glimpse, type TreeNode } from './tree';
import { kindWords } from './type';

interface DataTreeProps {
  readonly tree: TreeNode;
  readonly chosen: string | undefined;
  readonly choose: (node: TreeNode) => void;
  readonly label: string;
}

const OPEN_DEPTH = 2;

export function DataTree({ tree, chosen, choose, label }: DataTreeProps): ReactNode {
  const name = useId();
  const top = tree.why === undefined ? [{ ...tree, name: 'everything' }] : tree.children;
  return (
    <div className="binding-tree" role="radiogroup" aria-label={label} tabIndex={-1}>
      {top.length === 0 ? <p className="muted">The document asks for nothing.</p> : <ul>{top.map((node) => <Branch key={node.pointer} node={node} name={name} chosen={chosen} choose={choose} depth={0} />)}</ul>}
    </div>
  );
}

interface BranchProps extends Omit<DataTreeProps, 'tree' | 'label'> {
  readonly node: TreeNode;
  readonly name: string;
  readonly depth: number;
}

/** Whether something that can be chosen is in there. */
const fits = (node: TreeNode): boolean => node.children.some((child) => child.why === undefined || fits(child));

function Branch({ node, name, chosen, choose, depth }: BranchProps): ReactNode {
  const id = useId();
  const [open, setOpen] = useState(() => (depth < OPEN_DEPTH && node.type.kind !== 'LIST') || (chosen !== undefined && chosen !== node.pointer && within(node.pointer, chosen)) || (node.why !== undefined && depth < 5 && fits(node)));
  const words = glimpse(node.value, node.type);
  return (
    <li>
      <div className="binding-node" data-off={node.why !== undefined || undefined} data-chosen={node.pointer === chosen || undefined} title={node.why === undefined ? undefined : sentence(node.why)}>
        {node.children.length > 0
          ? <button type="button" className="binding-turn" aria-expanded={open} aria-controls={open ? id : undefined} onClick={() => setOpen(!open)}><ChevronRight size={14} aria-hidden="true" /><span className="visually-hidden">Inside {node.name}</span></button>
          : <span className="binding-turn" />}
        <label>
          <input type="radio" name={name} checked={node.pointer === chosen} disabled={node.why !== undefined} onChange={() => choose(node)} />
          <span className="binding-field" dir="auto">{node.name}</span>
          <span className="binding-kind">{kindWords(node.type)}</span>
          {words !== '' && <span className="binding-glimpse truncate" dir="auto">{words}</span>}
          {node.why !== undefined && <span className="visually-hidden">, cannot fit: {node.why}</span>}
        </label>
      </div>
      {open && node.children.length > 0 && <ul id={id}>{node.children.map((child) => <Branch key={child.pointer} node={child} name={name} chosen={chosen} choose={choose} depth={depth + 1} />)}</ul>}
    </li>
  );
}
