/** One entry of the navigation. */
export interface NavigationEntry {
  readonly label: string;
  readonly path: string;
}

/** Entries under one heading; the navigation shows groups in this order. */
export interface NavigationGroup {
  readonly label: string;
  readonly entries: readonly NavigationEntry[];
}

export const NAVIGATION: readonly NavigationGroup[] = [
  {
    label: 'Work',
    entries: [
      { label: 'Ask', path: '/' },
      { label: 'Knowledge bases', path: '/knowledge-bases' },
      { label: 'Search', path: '/search' },
    ],
  },
  {
    label: 'Teach',
    entries: [
      { label: 'Training', path: '/training' },
      { label: 'Models', path: '/registry' },
    ],
  },
];
