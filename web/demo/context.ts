import { createContext, useContext } from 'react';
import type { Block, Props } from './types';

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
}

export const ShopContext = createContext<Shop | null>(null);

export function useShop(): Shop {
  const shop = useContext(ShopContext);
  if (!shop) throw new Error('a block was rendered outside the shop');
  return shop;
}

export interface BlockProps {
  readonly block: Block;
  /** To be spread on the outermost element of a block. */
  readonly mark: { readonly 'data-block': string };
  /** The blocks in a slot, ready to be placed. */
  slot(name: string): React.ReactNode;
}
