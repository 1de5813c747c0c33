// Step 3: what is taken out of the answer, shown with a sample of it, and how it becomes what the component wants.
import { Button } from '@mantine/core';
import { RefreshCw } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, type ReactNode } from 'react';
import { typesWanted } from './wanted';
import { ago, plural, sentence } from '../lib/format';
import type { Json, JsonObject } from '../lib/json';
import { pathWords } from './envelope';
import { valueOf } from './fill';
import type { Slots } from './fit';
import type { Bindable } from './graph';
import { Mapping } from './mapping';
import { Outcome } from './outcome';
import { fieldsOf, suggest } from './suggest';
import { bestOf, isMapped, merged, nodesOf, problemOf, wantedWords, type TreeNode } from './tree';
import { DataTree } from './treeview';
import { entryOf, typeAt, typeOfResult } from './type';
import type { Sampling } from './usesample';

type Map_ = Readonly<Record<string, string>>;

interface DataStepProps {
  readonly root: JsonObject;
  readonly schema: Json;
  readonly slots: Slots | undefined;
  readonly document: Bindable;
  readonly sample: Sampling;
  readonly path: string | undefined;
  readonly setPath: (path: string) => void;
  readonly map: Map_ | undefined;
  readonly setMap: (map: Map_ | undefined) => void;
  readonly byPage: boolean;
  readonly setByPage: (on: boolean) => void;
  readonly report: (result: { readonly path: string; readonly map: Map_ | undefined; readonly problem: string | undefined } | undefined) => void;
}

export function DataStep({ root, schema, slots, document, sample: { sample, fetching, again }, path, setPath, map, setMap, byPage, setByPage, report }: DataStepProps): ReactNode {
  const id = useId();
  const data = sample?.data;
  const type = useMemo(() => merged(typeOfResult(document.result), data), [document, data]);
  const tree = useMemo(() => nodesOf(root, schema, slots, type, data), [root, schema, slots, type, data]);
  const kinds = useMemo(() => typesWanted(root, schema), [root, schema]);

  // Where objects are wanted, the first place that could be meant is chosen beforehand: there is mostly one.
  const best = path === undefined && slots ? bestOf(tree) : undefined;
  const at = path ?? best?.pointer;
  const here = at === undefined ? undefined : typeAt(type, at);
  const maps = here !== undefined && isMapped(slots, here);
  const entry = useMemo(() => (here ? entryOf(here) : undefined), [here]);
  const guesses = useMemo(() => (maps && slots && entry ? suggest(root, slots, entry) : new Map<string, { readonly pointer: string; readonly guess: boolean }>()), [maps, slots, entry, root]);
  // What somebody chose counts; before that, what is suggested.
  const mapping: Map_ | undefined = maps ? map ?? Object.fromEntries([...guesses].map(([name, { pointer }]) => [name, pointer])) : undefined;
  const used = mapping && Object.keys(mapping).length > 0 ? mapping : undefined;
  const why = here === undefined ? undefined : maps && !used ? 'map a field first' : problemOf(root, schema, here, used);
  const problem = at === undefined ? `Choose ${wantedWords(slots, kinds)} in the answer.` : here === undefined ? `The document does not ask for ${pathWords(at)} any more: choose another place.` : why === undefined ? undefined : `It does not fit yet: ${why}.`;

  const reported = useRef('');
  useEffect(() => {
    const result = { path: at ?? '', map: used, problem };
    const text = JSON.stringify(result);
    if (text === reported.current) return;
    reported.current = text;
    report(result);
  });

  const value = at === undefined || !data ? undefined : valueOf({ path: at, map: used }, data);
  const choose = (node: TreeNode): void => {
    setPath(node.pointer);
    setMap(undefined);
  };
  return (
    <div className="stack">
      <div className="binding-sample" role="status" data-bad={sample?.problem !== undefined || undefined}>
        <span className="grow" dir="auto">{!sample ? 'Asking for a sample…' : sample.problem !== undefined ? <><b>{data ? 'The sample is not whole.' : 'There is no sample.'}</b> {sample.problem}{!data && ' What the document asks for is shown without values.'}</> : <>A live sample, asked for {ago(sample.at)} in your name</>}</span>
        <Button variant="default" size="compact-sm" loading={fetching} leftSection={<RefreshCw size={13} aria-hidden="true" />} onClick={again}>Ask again</Button>
      </div>
      <div className="binding-columns" data-maps={maps || undefined}>
        <section className="binding-part" aria-labelledby={`${id}t`}>
          <h4 id={`${id}t`}>What to take</h4>
          <p className="faint">Wanted: {wantedWords(slots, kinds)}. What cannot fit says why when you point at it.</p>
          <DataTree tree={tree} chosen={at} choose={choose} label="What to take out of the answer" />
        </section>
        {maps && slots && entry && (
          <section className="binding-part" aria-labelledby={`${id}m`}>
            <h4 id={`${id}m`}>How {slots.list ? 'each entry is' : 'it is'} filled</h4>
            <Mapping root={root} slots={slots} fields={fieldsOf(entry)} mapping={mapping ?? {}} guessed={map ? undefined : guesses} change={setMap} sample={firstOf(data && at !== undefined ? valueOf({ path: at, map: undefined }, data) : undefined)} />
          </section>
        )}
      </div>
      {at !== undefined && here && <Outcome value={value} slots={maps ? slots : undefined} waiting={fetching && !sample} problem={why === undefined ? undefined : sentence(why)} />}
      <label className="binding-personal">
        <input type="checkbox" role="switch" className="form-switch" checked={byPage} onChange={(event) => setByPage(event.currentTarget.checked)} aria-describedby={`${id}p`} />
        <span><b>Personal: the page asks by itself</b><span id={`${id}p`} className="muted">For what belongs to whoever looks, such as a basket or recent orders: each page asks with the rights of its own reader, and shows it a moment later than the rest. Leave it off for all else.{document.publicMaxAge != null && ` Everybody is given the same answer of this document for ${plural(document.publicMaxAge, 'second')} otherwise.`}</span></span>
      </label>
    </div>
  );
}

const firstOf = (value: Json | undefined): Json | undefined => (Array.isArray(value) ? value[0] : value);

