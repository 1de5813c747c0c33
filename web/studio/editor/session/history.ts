// What can be undone and redone in this tab.
import { footprintOf, type Footprint } from '../model/merge';
import { compact } from '../model/queue';
import type { Draft, Op } from '../types';

export interface Step {
  readonly what: string;
  /** The ops that take it back. */
  readonly ops: readonly Op[];
  readonly merge: string | undefined;
  readonly at: number;
  /** Somebody else changed the same meanwhile: taking it back would take theirs. */
  readonly overtaken: boolean;
}

const MOST = 200;
/** Typing that pauses longer than this is two steps. */
const PAUSE = 2_000;

export class History {
  #undo: readonly Step[] = [];
  #redo: readonly Step[] = [];

  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  get canRedo(): boolean {
    return this.#redo.length > 0;
  }

  /** Notes what was done, by what takes it back. */
  did(what: string, inverse: readonly Op[], merge: string | undefined, at = Date.now()): void {
    const last = this.#undo.at(-1);
    this.#redo = [];
    if (last && merge !== undefined && last.merge === merge && at - last.at < PAUSE && !last.overtaken) {
      const ops = compact([...inverse, ...last.ops]);
      if (ops.length <= 10) {
        this.#undo = [...this.#undo.slice(0, -1), { ...last, ops, at }];
        return;
      }
    }
    this.#undo = [...this.#undo, { what, ops: inverse, merge, at, overtaken: false }].slice(-MOST);
  }

  /** Takes the newest step from one side; `returned` puts what takes *that* back on the other. */
  take(side: 'undo' | 'redo'): Step | undefined {
    const list = side === 'undo' ? this.#undo : this.#redo;
    if (side === 'undo') this.#undo = list.slice(0, -1);
    else this.#redo = list.slice(0, -1);
    return list.at(-1);
  }

  returned(side: 'undo' | 'redo', step: Step, ops: readonly Op[]): void {
    const back: Step = { what: step.what, ops, merge: undefined, at: 0, overtaken: false };
    if (side === 'undo') this.#redo = [...this.#redo, back];
    else this.#undo = [...this.#undo, back];
  }

  /** Marks the steps that would take back what somebody else did now. */
  overtakenBy(theirs: Footprint, shown: Draft): void {
    const mark = (step: Step): Step => (!step.overtaken && footprintOf(shown, step.ops).against(theirs).size > 0 ? { ...step, overtaken: true } : step);
    this.#undo = this.#undo.map(mark);
    this.#redo = this.#redo.map(mark);
  }
}
