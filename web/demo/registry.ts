// What each build of this shop can render. It matches the manifest that the build registered; what is not here renders
// as nothing. A Map, so that a component called constructor is simply not known.
import type { ReactNode } from 'react';
import { Faq, Image, RichText } from './blocks/content';
import { Footer, Page, Section } from './blocks/layout';
import { Banner, Countdown, FeatureList, FirstHero, Hero, Newsletter, Testimonial } from './blocks/marketing';
import { ProductDetail, ProductGrid } from './blocks/shop';
import type { BlockProps } from './context';

export type Renderer = (props: BlockProps) => ReactNode;
export type Registry = ReadonlyMap<string, { readonly major: string; readonly render: Renderer }>;

const make = (entries: readonly (readonly [key: string, major: number, render: Renderer])[]): Registry =>
  new Map(entries.map(([key, major, render]) => [key, { major: String(major), render }]));

const BUILDS = new Map<string, Registry>([
  ['2.0', make([
    ['page', 1, Page],
    ['section', 1, Section],
    ['hero', 2, Hero],
    ['banner', 1, Banner],
    ['rich-text', 1, RichText],
    ['product-grid', 1, ProductGrid],
    ['product-detail', 1, ProductDetail],
    ['countdown', 1, Countdown],
    ['feature-list', 1, FeatureList],
    ['testimonial', 1, Testimonial],
    ['newsletter', 1, Newsletter],
    ['faq', 1, Faq],
    ['image', 1, Image],
    ['footer', 1, Footer],
  ])],
  ['1.0', make([
    ['page', 1, Page],
    ['section', 1, Section],
    ['hero', 2, FirstHero],
    ['banner', 1, Banner],
    ['product-grid', 1, ProductGrid],
    ['footer', 1, Footer],
  ])],
]);

/** The names of all builds, the oldest first. */
export const builds: readonly string[] = [...BUILDS.keys()].sort();

export const registryOf = (build: string): Registry => BUILDS.get(build) ?? new Map();
