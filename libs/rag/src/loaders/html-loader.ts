import type { DocumentLoader } from '@espalier/core';
import { DocumentEmptyError } from '../errors.js';
import { loadHtmlParser, type ParseHtml } from '../html/parse-html.js';
import { decodeText } from './internal/decode-text.js';
import { baseMediaType, endingOf } from './internal/media-type.js';

const ENDINGS = new Set(['html', 'htm', 'xhtml']);
const MEDIA_TYPES = new Set(['text/html', 'application/xhtml+xml']);
/** What the HTML standard reads pages as that name no encoding. */
const HTML_FALLBACK = 'windows-1252';
const CHARSET = /<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})/iu;

/** What {@link createHtmlLoader} takes. */
export interface HtmlLoaderOptions {
  /** `visible`: the text that a reader sees. `source`: the page as it is, for the HTML chunker. Default `visible`. */
  readonly text?: 'visible' | 'source';
  /** Whether `nav`, `footer` and `aside` are read too. They are wherever a page has no other text. Default false. */
  readonly keepBoilerplate?: boolean;
}

/**
 * Creates the loader of HTML pages.
 *
 * The document's text is what a reader sees: a line for each block, `- ` before list items, ` | ` between cells; scripts,
 * styles and hidden elements are left out. Headings come with their places; tables and `pre` are atoms. Spans refer to
 * that text. With `text: 'source'` the text is the page itself, and so are the places of its chunks.
 */
export function createHtmlLoader(options: HtmlLoaderOptions = {}): DocumentLoader {
  const { text: kind = 'visible', keepBoilerplate = false } = options;
  let loading: Promise<ParseHtml> | undefined;
  return {
    specificationVersion: 'v1',
    name: 'html',
    accepts({ name, mediaType }) {
      const type = baseMediaType(mediaType);
      if (type !== undefined && type !== 'text/plain') return MEDIA_TYPES.has(type);
      return ENDINGS.has(endingOf(name));
    },
    async load({ bytes, name, mediaType, abortSignal }) {
      abortSignal?.throwIfAborted();
      const declared = charsetOf(mediaType) ?? declaredCharset(bytes);
      const { text: source, warnings } = decodeText({
        bytes,
        source: name,
        declared,
        fallbackEncoding: HTML_FALLBACK,
      });
      const parse = await (loading ??= loadHtmlParser());
      let page = parse(source, { keepBoilerplate });
      if (page.text.trim() === '') page = parse(source, { keepBoilerplate: true });
      if (page.text.trim() === '') throw new DocumentEmptyError({ source: name });
      const title =
        page.title ??
        page.headings.find(({ level }) => level === 1)?.text ??
        page.headings[0]?.text;
      return {
        id: name,
        source: name,
        ...(title === undefined ? {} : { title }),
        mediaType: kind === 'source' ? 'text/html' : 'text/plain',
        ...(kind === 'source'
          ? { text: source }
          : { text: page.text, headings: page.headings, atoms: page.atoms }),
        ...(warnings.length === 0 ? {} : { warnings }),
      };
    },
  };
}

function charsetOf(mediaType: string | undefined): string | undefined {
  return /;\s*charset\s*=\s*"?([\w.:-]+)/iu.exec(mediaType ?? '')?.[1];
}

/** The encoding that the page names itself, which it does in characters that all encodings share. */
function declaredCharset(bytes: Uint8Array): string | undefined {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 1024));
  return CHARSET.exec(head)?.[1];
}
