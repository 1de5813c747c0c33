import { syntaxTree } from '@codemirror/language';
import type { EditorState } from '@codemirror/state';

type Node = ReturnType<typeof syntaxTree>['topNode'];

const tokensOf = (at: string): string[] => (at === '' ? [] : at.slice(1).split('/').map((token) => token.replace(/~1/g, '/').replace(/~0/g, '~')));

function nameOf(state: EditorState, property: Node): string | undefined {
  const name = property.getChild('PropertyName');
  try {
    return name ? (JSON.parse(state.sliceDoc(name.from, name.to)) as string) : undefined;
  } catch {
    return undefined;
  }
}

const VALUES = new Set(['Object', 'Array', 'String', 'Number', 'True', 'False', 'Null']);
const values = (node: Node): Node[] => {
  const found: Node[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) if (VALUES.has(child.name)) found.push(child);
  return found;
};

/** Where a JSON Pointer leads in a text; for a property that is not there, where its object begins. */
export function rangeOf(state: EditorState, at: string): { readonly from: number; readonly to: number } {
  let here = values(syntaxTree(state).topNode)[0];
  let shown = here;
  for (const token of tokensOf(at)) {
    if (!here) break;
    if (here.name === 'Array') here = values(here)[Number(token)];
    else {
      const property: Node | undefined = here.getChildren('Property').find((child) => nameOf(state, child) === token);
      here = property && values(property)[0];
    }
    if (here) shown = here;
    else return { from: shown?.from ?? 0, to: Math.min((shown?.from ?? 0) + 1, state.doc.length) };
  }
  return { from: shown?.from ?? 0, to: shown?.to ?? state.doc.length };
}
