// The editing of one screen: what the server has, and on top of it what was done here and not sent yet. Ops are shown at
// once, sent soon, one request at a time, and kept in this browser until the server has them. No React in here.
import { apply, applyLeniently, insertsOf, Refused } from '../model/apply';
import { placeOf } from '../model/draft';
import { footprintBetween, footprintOf, type Footprint } from '../model/merge';
import { batchOf, enqueue, split } from '../model/queue';
import type { Conflict, Draft, DraftBlock, Op, Problem, Saving } from '../types';
import { History } from './history';
import type { Outbox } from './outbox';
import type { Answer, Facts, Remote, RemoteEvent } from './remote';

/** What people see of a session. A new object with every change. */
export interface View {
  readonly draft: Draft;
  readonly facts: Facts;
  readonly problems: readonly Problem[];
  readonly saving: Saving;
  readonly conflicts: readonly Conflict[];
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** The screen was deleted by somebody. */
  readonly deleted: boolean;
}

/** What a session tells people in passing. */
export interface Voice {
  say(message: string, tone?: 'good' | 'bad' | 'plain'): void;
  /** What people call a block. */
  name(block: DraftBlock | undefined): string;
  /** Blocks that somebody else took away, with what was shown before. */
  removed(keys: ReadonlySet<string>, before: Draft, by: string): void;
}

interface Sent {
  readonly id: string;
  readonly version: number;
  readonly ops: readonly Op[];
  /** An answer did not come: whether the server has it is not known. */
  lost: boolean;
  /** The version that holds it, once accepted. */
  accepted?: number;
}

const SOON = 300;
const PATIENCE = 1_500;
const RETRY = [300, 600, 1_200, 2_500, 5_000];

export class Session {
  #base: Draft;
  #facts: Facts;
  #sent: Sent | undefined;
  #pending: readonly Op[] = [];
  #held = new Map<string, readonly Op[]>();
  #refused = new Map<string, { readonly ops: readonly Op[]; readonly problem: Problem }>();
  #events: RemoteEvent[] = [];
  #shown: Draft;
  #view: View;
  #history = new History();
  #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #gap: ReturnType<typeof setTimeout> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #reading = false;
  #flying = false;
  #deleted = false;
  #ended = false;
  #unfollow: () => void = () => undefined;

  constructor(base: Draft, facts: Facts, private readonly remote: Remote, private readonly outbox: Outbox, private readonly voice: Voice) {
    this.#base = base;
    this.#facts = facts;
    this.#shown = base;
    this.#view = this.#look();
  }

  readonly view = (): View => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Begins to follow the others, and takes up what an earlier visit could not send. Returns how to end it. */
  start(): () => void {
    this.#ended = false;
    this.outbox.enter();
    this.#follow();
    const looks = [0, 1_500, 8_000].map((delay) => setTimeout(() => void this.#takeUp(), delay));
    return () => {
      this.flush();
      this.#ended = true;
      this.#unfollow();
      looks.forEach(clearTimeout);
      for (const timer of [this.#timer, this.#gap, this.#again]) clearTimeout(timer);
      this.outbox.leave();
    };
  }

  // ---- what people do

  /** Carries out ops and returns whether that was possible; if not, it has been said why. */
  run(ops: readonly Op[], what: string, merge?: string): boolean {
    return this.#do(ops, merge === undefined ? 0 : SOON, (inverse) => this.#history.did(what, inverse, merge));
  }

  /** Takes back the newest step, or does again what was taken back. Returns the block that it was about. */
  turn(side: 'undo' | 'redo'): string | undefined {
    const step = this.#history.take(side);
    if (!step) return undefined;
    if (step.overtaken) {
      this.voice.say(`“${step.what}” stays: somebody else has changed the same since.`);
      this.#changed();
      return undefined;
    }
    this.#do(step.ops, 0, (inverse) => this.#history.returned(side, step, inverse));
    return step.ops.find(({ key }) => this.#shown.blocks.has(key))?.key;
  }

  /** Sends at once what waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#send();
  }

  /** Tries again now: the server may be back. */
  wake(): void {
    if (this.#sent?.lost && this.#failures > 0) this.#retry(0);
    else this.flush();
  }

  #do(ops: readonly Op[], delay: number, note: (inverse: readonly Op[]) => void): boolean {
    if (ops.length === 0) return true;
    try {
      const done = apply(this.#shown, ops);
      for (const op of done.ops) this.#enqueue(op);
      note(done.inverse);
      this.#shown = done.draft;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.voice.say(error.message, 'bad');
      return false;
    }
    this.#changed();
    this.#schedule(delay);
    return true;
  }

  #enqueue(op: Op): void {
    const group = [...this.#held].find(([key, ops]) => key === op.key || ops.some((held) => held.kind === 'INSERT' && held.key === op.key))?.[0];
    if (group !== undefined) {
      this.#held.set(group, enqueue(this.#held.get(group) ?? [], op));
      return;
    }
    const refused = this.#refused.get(op.key);
    if (refused) {
      this.#refused.delete(op.key);
      if (op.kind !== 'REMOVE') for (const before of refused.ops) this.#pending = enqueue(this.#pending, before);
    }
    this.#pending = enqueue(this.#pending, op);
  }

  #choose(key: string, side: 'mine' | 'theirs'): void {
    const ops = this.#held.get(key);
    if (!ops) return;
    this.#held.delete(key);
    if (side === 'mine') {
      const again = this.#base.blocks.has(key) ? ops : this.#backIn(key);
      this.#pending = split(this.#base, [...this.#pending, ...again], new Set()).free;
    } else {
      this.#history.overtakenBy(footprintOf(this.#base, ops), this.#base);
    }
    this.#rebuild();
    this.#schedule(0);
  }

  /** Inserts a block that is gone on the server again, as it was shown here, with all below it. */
  #backIn(key: string): readonly Op[] {
    const there = this.#onTop();
    return (this.#mine.get(key)?.inserts ?? []).filter((op) => !there.blocks.has(op.key)).map((op, i) => (i === 0 && op.kind === 'INSERT' && !there.blocks.has(op.parent) ? { ...op, parent: there.root } : op));
  }

  // ---- what is shown

  /** Blocks in conflict as they were shown here, and what brings them back should they be gone. */
  #mine = new Map<string, { readonly block: DraftBlock; readonly inserts: readonly Op[] }>();

  #remember(key: string, shown: Draft): void {
    const block = shown.blocks.get(key);
    const place = block && placeOf(shown, key);
    if (block) this.#mine.set(key, { block, inserts: place ? insertsOf(shown, key, place) : [] });
  }

  #onTop(): Draft {
    return applyLeniently(this.#base, [...(this.#sent?.ops ?? []), ...this.#pending]).draft;
  }

  #rebuild(): void {
    const waiting = [...[...this.#refused.values()].flatMap(({ ops }) => ops), ...[...this.#held.values()].flat()];
    this.#shown = applyLeniently(this.#onTop(), waiting).draft;
    for (const key of this.#held.keys()) this.#remember(key, this.#shown);
    this.#changed();
  }

  #changed(): void {
    this.#keep();
    this.#view = this.#look();
    for (const listener of this.#listeners) listener();
  }

  #look(): View {
    const conflicts = [...this.#held].map(([block, ops]): Conflict => ({
      block, theirs: this.#base.blocks.get(block), choose: (side) => this.#choose(block, side),
      mine: ops.some(({ kind, key }) => kind === 'REMOVE' && key === block) ? undefined : this.#mine.get(block)?.block,
    }));
    const refused = [...this.#refused.values()].map(({ problem }) => problem);
    const { canUndo, canRedo } = this.#history;
    return { draft: this.#shown, facts: this.#facts, problems: refused.length > 0 ? [...refused, ...this.#facts.problems] : this.#facts.problems, saving: this.#saving(), conflicts, canUndo, canRedo, deleted: this.#deleted };
  }

  #saving(): Saving {
    if (this.#held.size > 0 || this.#refused.size > 0) return 'conflict';
    if (!this.#sent && this.#pending.length === 0) return 'saved';
    return this.#failures > 0 || this.#deleted ? 'waiting' : 'saving';
  }

  #keep(): void {
    const pending = [...[...this.#refused.values()].flatMap(({ ops }) => ops), ...this.#pending];
    const sent = this.#sent && { id: this.#sent.id, version: this.#sent.version, ops: this.#sent.ops };
    const clean = !sent && pending.length === 0 && this.#held.size === 0;
    this.outbox.keep(clean ? undefined : { version: this.#facts.version, base: this.#base, sent, pending, held: this.#held });
  }

  // ---- sending

  #schedule(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), delay);
  }

  #send(): void {
    if (this.#ended || this.#sent || this.#pending.length === 0 || this.#deleted || this.#reading) return;
    const ops = batchOf(this.#pending);
    this.#pending = this.#pending.slice(ops.length);
    this.#sent = { id: this.outbox.newId(), version: this.#facts.version, ops, lost: false };
    this.#changed();
    void this.#transmit(this.#sent);
  }

  async #transmit(sent: Sent): Promise<void> {
    if (this.#flying) return;
    this.#flying = true;
    const answer = await this.remote.edit(sent.version, sent.ops, sent.id, sent.lost);
    this.#flying = false;
    if (this.#sent !== sent || sent.accepted !== undefined) return;
    if (answer.kind === 'away') {
      sent.lost = true;
      this.#failures++;
      this.#changed();
      this.#retry(RETRY[Math.min(this.#failures, RETRY.length) - 1] ?? 0);
      return;
    }
    this.#failures = 0;
    this.#take(sent, answer);
    this.#drain();
    this.#changed();
    if (this.#pending.length > 0) this.#schedule(0);
  }

  #retry(delay: number): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => {
      if (this.#sent?.lost && !this.#ended) void this.#transmit(this.#sent);
    }, delay);
  }

  #take(sent: Sent, answer: Exclude<Answer, { kind: 'away' }>): void {
    switch (answer.kind) {
      case 'saved':
        if (answer.draft) {
          this.#sent = undefined;
          this.#replace(answer.draft, answer.facts, applyLeniently(this.#base, sent.ops).draft);
        } else if (answer.facts.version === this.#facts.version + 1) {
          this.#base = applyLeniently(this.#base, sent.ops).draft;
          this.#facts = answer.facts;
          this.#sent = undefined;
          this.#rebuild();
        } else {
          // Others were faster, elsewhere on the screen: their edits are on their way to here.
          sent.accepted = answer.facts.version;
          this.#gap = setTimeout(() => void this.readAgain(), PATIENCE);
        }
        return;
      case 'conflict':
        this.#pending = [...sent.ops, ...this.#pending];
        this.#sent = undefined;
        this.#replace(answer.draft, answer.facts, this.#base, new Set(answer.blocks));
        return;
      case 'refused':
        this.#sent = undefined;
        this.#refuse(sent, answer);
        return;
      case 'deleted':
        this.#pending = [...sent.ops, ...this.#pending];
        this.#sent = undefined;
        this.#deleted = true;
        return;
    }
  }

  /** The server will not have one of the ops, or the whole batch: what can be mended in place waits there, the rest goes. */
  #refuse(sent: Sent, { index, message, pointer }: Extract<Answer, { kind: 'refused' }>): void {
    const bad = index === undefined ? sent.ops : sent.ops.slice(index, index + 1);
    const waiting = [...sent.ops.filter((op) => !bad.includes(op)), ...this.#pending];
    for (const op of bad) {
      if (op.kind !== 'SET_PROPS') continue;
      // What was typed since may have mended it.
      const later = waiting.findIndex((other) => other.kind === 'SET_PROPS' && other.key === op.key);
      const [joined, ...apart] = later < 0 ? [] : enqueue([op], waiting[later] as Op);
      if (joined && apart.length === 0) waiting[later] = joined;
      else this.#refused.set(op.key, { ops: [op], problem: { severity: 'ERROR', code: 'NOT_SAVED', message, blockKey: op.key, pointer } });
    }
    this.#pending = split(this.#base, waiting, new Set()).free;
    this.voice.say(`Not saved: ${message}`, 'bad');
    this.#rebuild();
  }

  // ---- what others do

  #follow(): void {
    this.#unfollow();
    if (this.#ended) return;
    const began = Date.now();
    this.#unfollow = this.remote.follow(this.#facts.version, (event) => {
      if (event === 'lost') {
        this.#unfollow();
        // A stream that is refused again at once must not be asked for without a pause.
        const pause = Date.now() - began < PATIENCE ? PATIENCE : 0;
        setTimeout(() => void this.readAgain().then(() => this.#follow()), pause);
        return;
      }
      this.#events.push(event);
      // While a request is on its way an event may be its own: the answer tells.
      if (!this.#sent || this.#sent.accepted !== undefined) {
        if (!this.#drain()) return;
        this.#changed();
        if (this.#pending.length > 0) this.#schedule(0);
      }
    });
  }

  /** Goes on through the events that are here, as far as they are without a gap. */
  #drain(): boolean {
    for (let went = false; ; went = true) {
      const { version } = this.#facts;
      this.#events = this.#events.filter(({ from }) => from >= version);
      const event = this.#events.find(({ from }) => from === version);
      if (!event) return went;
      if (event.ops.length === 0) {
        this.#facts = { ...event.facts, version };
        void this.readAgain();
        return true;
      }
      const before = this.#base;
      this.#base = applyLeniently(before, event.ops).draft;
      this.#facts = { ...event.facts, version: version + 1 };
      if (this.#sent?.accepted === version + 1) {
        this.#sent = undefined;
        clearTimeout(this.#gap);
        this.#rebuild();
      } else {
        this.#theirs(footprintOf(before, event.ops), before, event.by);
      }
    }
  }

  /** Reads the whole screen: after a revert, a gap, or a stream that could not be followed. */
  async readAgain(): Promise<void> {
    if (this.#reading || this.#ended) return;
    this.#reading = true;
    const screen = await this.remote.read();
    this.#reading = false;
    if (this.#ended) return;
    if (screen === 'away') {
      clearTimeout(this.#gap);
      this.#gap = setTimeout(() => void this.readAgain(), PATIENCE);
      return;
    }
    const sent = this.#sent;
    if (sent && sent.accepted === undefined) {
      // Its answer decides first.
      this.#gap = setTimeout(() => void this.readAgain(), PATIENCE);
      return;
    }
    if (sent?.accepted !== undefined && screen.facts.version >= sent.accepted) this.#sent = undefined;
    this.#deleted = screen.facts.status === 'DELETED';
    this.#replace(screen.draft, screen.facts, sent ? applyLeniently(this.#base, sent.ops).draft : this.#base);
    this.#drain();
    this.#changed();
    this.#schedule(0);
  }

  /** What was published or registered elsewhere changed how this version stands. */
  refresh(facts: Facts): void {
    if (facts.version !== this.#facts.version) return;
    this.#facts = facts;
    this.#changed();
  }

  /** Title or path changed by a request that was made here, as the only thing since the version that it named. */
  know(facts: Facts): void {
    if (facts.version > this.#facts.version + 1) void this.readAgain();
    if (facts.version >= this.#facts.version) this.#facts = facts.version === this.#facts.version + 1 ? facts : { ...facts, version: this.#facts.version };
    this.#deleted = facts.status === 'DELETED';
    this.#changed();
  }

  #replace(draft: Draft, facts: Facts, before: Draft, conflicting: ReadonlySet<string> = new Set()): void {
    this.#base = draft;
    this.#facts = facts;
    this.#theirs(footprintBetween(before, draft), before, '', conflicting);
  }

  /** Brings what was done here on top of what somebody else did. */
  #theirs(print: Footprint, before: Draft, by: string, known: ReadonlySet<string> = new Set()): void {
    const shownBefore = this.#shown;
    const mine = footprintOf(before, this.#pending);
    const conflicting = new Set([...known, ...mine.against(print)]);
    this.#history.overtakenBy(print, this.#shown);
    const { free, held } = split(this.#base, this.#pending, conflicting);
    this.#pending = free;
    for (const [key, ops] of held) {
      this.#remember(key, shownBefore);
      this.#held.set(key, [...(this.#held.get(key) ?? []), ...ops]);
    }
    this.#settleEqual();
    this.#rebuild();
    const gone = new Set([...print.removed].filter((key) => shownBefore.blocks.has(key) && !this.#shown.blocks.has(key)));
    if (gone.size > 0) this.voice.removed(gone, shownBefore, by);
  }

  /** Where both did the same there is nothing to choose. */
  #settleEqual(): void {
    for (const [key, ops] of this.#held) {
      const block = this.#base.blocks.get(key);
      const after = applyLeniently(this.#base, ops);
      const nothingLeft = block === undefined ? ops.every(({ kind }) => kind === 'REMOVE' || kind === 'MOVE') : after.failed.length === 0 && isSame(this.#base, after.draft);
      if (nothingLeft) this.#held.delete(key);
    }
  }

  // ---- what an earlier visit left behind

  #takeUp(): Promise<void> {
    return this.outbox.inherit((kept) => {
      if (this.#ended || this.#sent || this.#pending.length > 0 || this.#held.size > 0) return false;
      const fresh = { draft: this.#base, facts: this.#facts };
      if (kept.version <= fresh.facts.version) {
        this.#base = kept.base;
        this.#facts = { ...fresh.facts, version: kept.version };
      }
      this.#pending = kept.pending;
      for (const [key, ops] of kept.held) this.#held.set(key, ops);
      if (kept.sent) {
        this.#sent = { ...kept.sent, lost: true };
        this.#rebuild();
        void this.#transmit(this.#sent);
      } else {
        this.#replace(fresh.draft, fresh.facts, this.#base);
        this.#schedule(0);
      }
      return true;
    });
  }
}

const isSame = (a: Draft, b: Draft): boolean => footprintBetween(a, b).touched.size === 0;
