/** What the upstream does next on the wire. */
export type UpstreamStep =
  /** Sends the status and headers; a body written before it sends 200. */
  | {
      readonly do: 'head';
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly do: 'write'; readonly data: string | Uint8Array }
  /** Writes the same piece again and again, with respect to back-pressure. */
  | { readonly do: 'flood'; readonly data: string; readonly times: number }
  /** Says nothing more and keeps the connection open until the client leaves. */
  | { readonly do: 'hang' }
  /** Waits for the promise that {@link FaultyUpstream.resume} settles. */
  | { readonly do: 'pause' }
  /** Ends the answer properly. */
  | { readonly do: 'end' }
  /** Breaks the connection off, as a killed process does. */
  | { readonly do: 'destroy' };

/** All that the upstream does for one request, in order. What has no end hangs up properly after the last step. */
export type UpstreamScript = readonly UpstreamStep[];
