import { statSync } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { createSystemClock, EspalierError, type Clock } from '@espalier/core';
import { CODE_ENDINGS } from '../code/code-language.js';
import { SourceFileError } from '../errors.js';
import type { IngestSource } from '../knowledge/knowledge-base.js';

/** A file that was read. */
export interface SourceFile extends IngestSource {
  readonly bytes: Uint8Array;
}

/** A file that is read when it is needed. */
export interface ListedSourceFile extends IngestSource {
  readonly bytes: () => Promise<Uint8Array>;
}

/** What {@link readSourceFiles} and {@link listSourceFiles} take. */
export interface ReadSourceFilesOptions {
  /** Files and folders; folders are read to any depth. */
  readonly paths: readonly string[];
  /** The folder to which sources are relative. Default: the folder of each path. Paths outside of it are refused. */
  readonly root?: string;
  /** Endings of the files to take from folders, without the dot. Default: text, Markdown, HTML, CSV, JSON Lines and source code. Files named are always taken. */
  readonly endings?: readonly string[];
  readonly abortSignal?: AbortSignal;
}

const TEXT_ENDINGS = ['md', 'markdown', 'mdx', 'txt', 'text', 'rst', 'adoc'];
const DEFAULT_ENDINGS = [...TEXT_ENDINGS, 'html', 'htm', 'csv', 'tsv', 'jsonl', ...CODE_ENDINGS];
/** File systems keep times no finer than this on some platforms. Units: ms. */
const RACY_MS = 2000;
const SKIPPED_FOLDERS = new Set(['node_modules', '.git', '.hg', '.svn']);

/**
 * Yields the files under the paths as sources to ingest, one at a time, in order of their names.
 *
 * Hidden files and `node_modules` are left out. Links are followed only where they stay inside the root.
 *
 * @throws {SourceFileError} `ERR_RAG_SOURCE_FILE`: not there, not readable, or outside of the root.
 */
export async function* readSourceFiles(
  options: ReadSourceFilesOptions,
): AsyncGenerator<SourceFile> {
  const signal = options.abortSignal === undefined ? {} : { signal: options.abortSignal };
  for await (const { file, source } of findFiles(options)) {
    yield { source, bytes: await guard(file, () => readFile(file, signal)) };
  }
}

/**
 * Yields the files under the paths as {@link readSourceFiles} does, but reads none of them: each has a version, by which
 * an ingest tells whether it changed since, at the cost of a look at its folder entry.
 *
 * The version is made of size, inode and times of the last change of content and of entry, in nanoseconds. Programs can
 * set the first time, not the second. A file that changed within the last two seconds gets no version, because a change
 * right after it could leave the same one.
 *
 * @throws {SourceFileError} `ERR_RAG_SOURCE_FILE`: not there, not readable, or outside of the root.
 */
export async function* listSourceFiles(
  options: ReadSourceFilesOptions & { readonly clock?: Clock },
): AsyncGenerator<ListedSourceFile> {
  const clock = options.clock ?? createSystemClock();
  const signal = options.abortSignal === undefined ? {} : { signal: options.abortSignal };
  for await (const { file, source } of findFiles(options)) {
    const found = await guard(file, () => Promise.resolve(statSync(file, { bigint: true })));
    const isSettled = Number(found.ctimeMs) < clock.now() - RACY_MS;
    yield {
      source,
      ...(isSettled && {
        version: `${found.size}:${found.ino}:${found.mtimeNs}:${found.ctimeNs}`,
      }),
      bytes: () => guard(file, () => readFile(file, signal)),
    };
  }
}

async function* findFiles(
  options: ReadSourceFilesOptions,
): AsyncGenerator<{ file: string; source: string }> {
  const endings = new Set(
    (options.endings ?? DEFAULT_ENDINGS).map((ending) => ending.toLowerCase()),
  );
  for (const given of options.paths) {
    const path = await guard(given, () => realpath(resolve(given)));
    const isFolder = (await guard(given, () => stat(path))).isDirectory();
    const root =
      options.root === undefined
        ? isFolder
          ? path
          : dirname(path)
        : await guard(options.root, () => realpath(resolve(options.root ?? '')));
    const files = isFolder ? walk(path, root, endings, options.abortSignal) : [path];
    for await (const file of files) {
      options.abortSignal?.throwIfAborted();
      if (!isInside(root, file))
        throw new SourceFileError({ path: given, problem: `it is outside of ${root}` });
      const source = relative(root, file).split(sep).join('/');
      yield { file, source: source === '' ? basename(file) : source };
    }
  }
}

async function* walk(
  folder: string,
  root: string,
  endings: ReadonlySet<string>,
  abortSignal: AbortSignal | undefined,
): AsyncGenerator<string> {
  const entries = await guard(folder, () => readdir(folder, { withFileTypes: true }));
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    abortSignal?.throwIfAborted();
    if (entry.name.startsWith('.') || SKIPPED_FOLDERS.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path, root, endings, abortSignal);
    else if (endings.has(/\.([^.]+)$/u.exec(entry.name)?.[1]?.toLowerCase() ?? '')) {
      if (entry.isFile()) yield path;
      else if (entry.isSymbolicLink()) {
        const target = await realpath(path).catch(() => undefined);
        // A link keeps its own name; one that leads out or nowhere is left out.
        if (target !== undefined && isInside(root, target) && (await stat(target)).isFile())
          yield path;
      }
    }
  }
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && resolve(root, way) === path;
}

async function guard<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (EspalierError.isInstance(cause) || (cause as Error).name === 'AbortError') throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    throw new SourceFileError({
      path,
      problem: code === 'ENOENT' ? 'it is not there' : (code ?? String(cause)),
      cause,
    });
  }
}
