// Which control a place gets.
import { lazy, memo, Suspense, type ReactNode } from 'react';
import { bindingOf, isBinding } from '../../binding/envelope';
import type { Json } from '../../lib/json';
import { BoundField } from './bound';
import { ChoiceField, ConstField, numberOptions, SeveralField, SwitchField } from './choicefields';
import { DateField } from './datefields';
import { isAsset, isEnvelope } from './envelope';
import { titleOf, type FieldProps } from './field';
import { GroupField } from './group';
import type { Hints } from './hints';
import { JsonField } from './jsonfield';
import { LinkField } from './link';
import { ListField } from './list';
import { kindWord } from './messages';
import { fitsType, typeOf, type Kind, type Schema } from './schema';
import { useForm } from './store';
import { ColorField, LinesField, NumberField, TextField } from './textfields';
import { VariantsField } from './variants';

interface NodeProps {
  readonly schema: Schema | undefined;
  readonly hints: Hints;
  readonly value: Json | undefined;
  readonly at: string;
  readonly name: string;
  readonly required: boolean;
  readonly prune: number;
  readonly bare?: string | undefined;
}

const CHOICES = new Set<Kind>(['choice', 'const']);

/** One place of the props. It is drawn again only when something about it changed. */
export const Node = memo(function Node({ schema, ...rest }: NodeProps): ReactNode {
  const { schemas } = useForm();
  const field = schemas.describe(schema, rest.hints.widget);
  const props: FieldProps = { field, ...rest };
  const { value } = rest;
  if (bindingOf(value)) return <BoundField {...props} />;
  if (isEnvelope(value) && !(field.kind === 'asset' && isAsset(value))) {
    return <JsonField {...props} hint={isBinding(value) ? 'This is meant to be bound to data, and cannot be read. Mend it here, or clear it and bind it again.' : 'Filled in when the screen is served.'} />;
  }
  // A choice may hold any value that was a choice once: the select shows it as not chosen, and what it is.
  const misfit = value !== undefined && field.kind !== 'json' && !fitsType(schemas, schema, value);
  if (misfit && field.kind !== 'variants') {
    const what = CHOICES.has(field.kind) ? 'is none of the choices' : `is ${kindWord(typeOf(value) ?? 'null')} where the field wants something else`;
    return <JsonField {...props} hint={`What stands here ${what}. It is shown as it is.`} onReset={titleOf(props)} />;
  }
  const options = field.kind === 'number' ? numberOptions(props) : undefined;
  if (options && (value === undefined || options.some((option) => option.value === value))) return <ChoiceField {...props} options={options} />;
  const Control = CONTROLS[field.kind];
  return <Control {...props} />;
});

// Most components have no picture: what uploads them is loaded for those that do.
const Picture = lazy(() => import('../../assets/field'));
const AssetField = (props: FieldProps): ReactNode => <Suspense fallback={<div className="asset-waiting" aria-busy="true" />}><Picture {...props} /></Suspense>;

const CONTROLS: Record<Kind, (props: FieldProps) => ReactNode> = {
  text: TextField, email: TextField, lines: LinesField, link: LinkField, color: ColorField, date: DateField, 'date-time': DateField, time: DateField,
  number: NumberField, switch: SwitchField, choice: ChoiceField, several: SeveralField, const: ConstField,
  object: GroupField, list: ListField, variants: VariantsField, asset: AssetField, json: JsonField,
};
