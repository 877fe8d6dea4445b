const UNKNOWN = 'application/octet-stream';

/** The media type without parameters, in lower case; undefined where it says nothing. */
export function baseMediaType(mediaType: string | undefined): string | undefined {
  const base = mediaType?.split(';', 1)[0]?.trim().toLowerCase();
  return base === '' || base === UNKNOWN ? undefined : base;
}

/** The ending of a file name or URI, in lower case and without the dot; empty where there is none. */
export function endingOf(name: string): string {
  const path = /^[a-z][a-z0-9+.-]*:/iu.test(name) ? name.replace(/[?#].*$/su, '') : name;
  return /\.([^./\\]+)$/u.exec(path)?.[1]?.toLowerCase() ?? '';
}
