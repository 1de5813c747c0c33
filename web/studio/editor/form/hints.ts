// uiSchema: hints for the form beside the schema. See docs/guides/ui-schema.md.
import { isObject, own, type Json, type JsonObject } from '../../lib/json';

export interface Hints {
  readonly widget?: string;
  readonly help?: string;
  readonly placeholder?: string;
  readonly group?: string;
  readonly hidden: boolean;
  readonly labels: JsonObject | undefined;
  /** Hints of the level below: those of a property, or of every item of a list. */
  readonly inside: JsonObject | undefined;
}

const text = (hints: JsonObject | undefined, word: string): string | undefined => {
  const value = own(hints, word);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

const read = new WeakMap<JsonObject, Hints>();
const none: Hints = { hidden: false, labels: undefined, inside: undefined };

/** Words of the form are texts, lists and truths; whatever is an object belongs to the property of that name. */
export function hintsOf(ui: Json | undefined): Hints {
  if (!isObject(ui)) return none;
  let hints = read.get(ui);
  if (!hints) {
    const [widget, help, placeholder, group, labels] = [text(ui, 'widget'), text(ui, 'help'), text(ui, 'placeholder'), text(ui, 'group'), own(ui, 'labels')];
    hints = { ...(widget && { widget }), ...(help && { help }), ...(placeholder && { placeholder }), ...(group && { group }), hidden: own(ui, 'hidden') === true, labels: isObject(labels) ? labels : undefined, inside: ui };
    read.set(ui, hints);
  }
  return hints;
}

export const insideOf = (hints: Hints, name: string): Hints => hintsOf(own(hints.inside, name));

/**
 * The names in the order that is asked for. What is not named comes after: first what is required, in the order in which
 * the schema requires it, for the server keeps the properties themselves sorted by name.
 */
export function ordered(names: readonly string[], hints: Hints, required: readonly Json[] = []): string[] {
  const order = own(hints.inside, 'order');
  const first = [...(Array.isArray(order) ? order : []), ...required].filter((name): name is string => typeof name === 'string' && names.includes(name));
  return [...new Set([...first, ...names])];
}
