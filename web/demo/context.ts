import type { Props } from '@sonata/sdk';
import type { BlockInput } from '@sonata/sdk/react';
import { createContext, useContext, type ReactNode } from 'react';

/** What a block may know about its surroundings. */
export interface Shop {
  readonly path: string;
  readonly params: Props | null;
  /** Where a path of the shop lives in this tab, variant included. */
  address(path: string, hash?: string): string;
  go(path: string, hash?: string): void;
  addToBasket(): void;
  /** Whether a block with this key is on the screen. */
  has(key: string): boolean;
  /** Whether data of a block with this key could not be had. */
  lacks(key: string): boolean;
}

export const ShopContext = createContext<Shop | null>(null);

export function useShop(): Shop {
  const shop = useContext(ShopContext);
  if (!shop) throw new Error('a block was rendered outside the shop');
  return shop;
}

/** What a block of this shop is given. Its props are read by hand: nothing is assumed about them. */
export type BlockProps = BlockInput<Props, string, ReactNode>;
export type Draw = (input: BlockProps) => ReactNode;
