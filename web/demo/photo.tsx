import type { Asset } from '@sonata/sdk';
import { imageProps } from '@sonata/sdk/react';
import type { ReactNode } from 'react';

interface PhotoProps {
  readonly image: Asset;
  /** How wide it is drawn, in the words of `sizes`. */
  readonly sizes: string;
  /** True for what is in view at once. */
  readonly eager?: boolean;
}

/** An uploaded image in the width that fits, over its placeholder until it is there. */
export function Photo({ image, sizes, eager = false }: PhotoProps): ReactNode {
  const behind = image.placeholder === undefined ? undefined : { backgroundImage: `url("${image.placeholder}")`, backgroundSize: 'cover' };
  return <img className="photo" {...imageProps(image)} sizes={sizes} loading={eager ? 'eager' : 'lazy'} decoding="async" style={behind} />;
}
