// What each build of this shop can render. It matches the manifest that the build registered, which holds the schemas; what
// is not here renders as nothing.
import { defineComponent, type Definition } from '@sonata/sdk/react';
import { Faq, Image, RichText } from './blocks/content';
import { Footer, Page, Section } from './blocks/layout';
import { Banner, Countdown, FeatureList, FirstHero, Hero, Newsletter, Testimonial } from './blocks/marketing';
import { ProductDetail, ProductGrid } from './blocks/shop';
import type { Draw } from './context';

const make = (entries: readonly (readonly [key: string, version: `${number}.${number}`, render: Draw])[]): readonly Definition[] =>
  entries.map(([key, version, render]) => defineComponent({ key, version, bare: true, render }));

const BUILDS = new Map<string, readonly Definition[]>([
  ['2.0', make([
    ['page', '1.0', Page],
    ['section', '1.0', Section],
    ['hero', '2.1', Hero],
    ['banner', '1.0', Banner],
    ['rich-text', '1.0', RichText],
    ['product-grid', '1.1', ProductGrid],
    ['product-detail', '1.0', ProductDetail],
    ['countdown', '1.0', Countdown],
    ['feature-list', '1.0', FeatureList],
    ['testimonial', '1.0', Testimonial],
    ['newsletter', '1.0', Newsletter],
    ['faq', '1.0', Faq],
    ['image', '1.0', Image],
    ['footer', '1.0', Footer],
  ])],
  ['1.0', make([
    ['page', '1.0', Page],
    ['section', '1.0', Section],
    ['hero', '2.0', FirstHero],
    ['banner', '1.0', Banner],
    ['product-grid', '1.0', ProductGrid],
    ['footer', '1.0', Footer],
  ])],
]);

/** The names of all builds, the oldest first. */
export const builds: readonly string[] = [...BUILDS.keys()].sort();

export const componentsOf = (build: string): readonly Definition[] => BUILDS.get(build) ?? [];
