import type { EspalierClient } from '@espalier/sdk-ts';

/** What a search found. */
export type Found = Awaited<ReturnType<EspalierClient['search']>>;

/** How it came to be. */
export type Explanation = NonNullable<Found['explanation']>;
